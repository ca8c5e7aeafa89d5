"""The one table that every format ends in, and the columns of YFCC100M rows.

``tags`` stay as YFCC100M writes them, commas between, each tag encoded: they are split first and decoded after.
"""

from __future__ import annotations

from photos.countries import CELL

# name → type of the engine.  kind: 0 photo, 1 video.  geo: 0 none, 1 coordinates, 2 the pair -1/-1 that stands for none.
# cell: where, to a tenth of a degree (photos.countries).
TABLE = {
    "photo": "BIGINT",
    "owner": "VARCHAR",
    "name": "VARCHAR",
    "taken": "SMALLINT",
    "licence": "VARCHAR",
    "tags": "VARCHAR",
    "geo": "UTINYINT",
    "kind": "VARCHAR",
    "page": "VARCHAR",
    "country": "VARCHAR",
    "rights": "VARCHAR",
    "age": "SMALLINT",
    "cell": "INTEGER",
}

# Places of the fields in a row of 23; in a row of 25 a line number comes before the id, and a hash after it.
_YFCC = {
    "photo": 0, "owner": 1, "name": 2, "date": 3, "tags": 8, "longitude": 10, "latitude": 11, "page": 13, "licence": 16, "kind": 22,
}  # fmt: skip
WIDTHS = (23, 25)


def yfcc_places(width: int) -> dict[str, int]:
    """Where each field stands in a row of so many fields."""
    return {name: place if width == 23 else place + (1 if place == 0 else 2) for name, place in _YFCC.items()}


GEO = """CASE WHEN coalesce({lon}, '') = '' OR coalesce({lat}, '') = '' THEN 0
              WHEN try_cast({lon} AS DOUBLE) = -1 AND try_cast({lat} AS DOUBLE) = -1 THEN 2 ELSE 1 END"""


def select_yfcc(width: int, *, names: bool = True) -> str:
    """The fields of a YFCC100M row, read as c0, c1, …, as columns of the table; ``names`` of users only where the index wants them."""
    at = {name: f"c{place}" for name, place in yfcc_places(width).items()}
    geo, name = GEO.format(lon=at["longitude"], lat=at["latitude"]), at["name"] if names else "NULL"
    return (
        f"{at['photo']}::BIGINT, {at['owner']}, {name}, try_cast(left({at['date']}, 4) AS SMALLINT), {at['licence']}, {at['tags']}, "
        f"{geo}, {at['kind']}, NULL, NULL, NULL, NULL, {CELL.format(lon=at['longitude'], lat=at['latitude'])}"
    )


def reader(path: str, width: int, line_size: int) -> str:
    """The engine's reader of a YFCC100M file: tabs, no header, nothing quoted."""
    names = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(width))
    return (
        f"read_csv({path}, delim='\t', quote='', escape='', header=false, auto_detect=false, columns={{{names}}}, "
        f"max_line_size={line_size}, new_line='\\n', compression='none')"
    )
