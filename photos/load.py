"""From files to the one table: which format a file has, how it is read, and the join of path lists with YFCC100M."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from db.errors import StorageError, UsageError
from photos.columns import GEO, TABLE
from photos.countries import CELL
from photos.engine import BadRowsError, Engine, quoted
from photos.entries import find_columns, read_csv, read_json, read_paths
from photos.flickr_xml import Change, read_changes, read_xml
from photos.licences import FLICKR_IDS
from photos.rejects import Rejects
from photos.shapes import Entry
from photos.streams import open_bytes, open_told, packing, pieces
from photos.tables import add_rows, create_table, drop_table, replace_rows
from photos.tracking import Track
from photos.yfcc import FAST_LINE, LONGEST_LINE, PIECE, find_width, load_fast, read_rows

IDS = 8_000_000  # ids of photos that are counted at once
BLOCK = 200_000  # rows of the careful readers that go to the engine together
READERS = {"paths": read_paths, "json": read_json, "csv": read_csv, "xml": read_xml}
_CONTROL = str.maketrans(dict.fromkeys(range(32), " ") | {127: " "})


@dataclass(slots=True)
class Source:
    """A file as it was read; ``rows`` are those that were kept."""

    path: Path
    format: str
    rows: int = 0
    rejected: int = 0


@dataclass(slots=True)
class Loaded:
    """What came in: the files, and how many faces stand for how many photos."""

    sources: list[Source] = field(default_factory=list)
    faces: int | None = None
    without_match: int = 0  # photos of a path list that the joined table doesn't have
    duplicates: int = 0
    without_id: int = 0  # photos whose id is no number: the look-up can't find them
    changes: Counter[Change] = field(default_factory=Counter)  # of licences, as recorded answers tell


def find_format(path: Path) -> str:
    """yfcc-23, yfcc-25, parquet, paths, json, xml or csv.  UsageError where it is none of them."""
    if packing(path) == "parquet":
        return "parquet"
    with open_bytes(path) as file:
        start = file.read(65536)
    if not start.strip():
        raise UsageError(f"{path} is empty")
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] in (b"{", b"["):
        return "paths" if re.match(rb'\{\s*"path"\s*:', head) else "json"
    if head[:1] == b"<":
        return "xml"
    if (width := find_width(path)) is not None:
        return f"yfcc-{width}"
    first = head.split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    if any(re.search(rb"[0-9]+@N[0-9]{2}(?:_identity_[0-9]+)?[/\\@][0-9]+_[0-9]+\.", line) for line in head.splitlines()[:1000]):
        return "paths"
    if find_columns(name.strip('"') for name in re.split(r"[,;\t]", first)):
        return "csv"
    raise UsageError(
        f"{path} is no format that is known; give a YFCC100M table (23 or 25 columns), a MegaFace path list, JSON of FFHQ or Flickr, "
        "Parquet, or CSV with a header line that names a photo id, a page address or a licence address"
    )


def load(engine: Engine, files: Iterable[Path], joined: Iterable[Path], rejects: Rejects, track: Track, *, names: bool = True) -> Loaded:
    """All files into the table ``photo``, each photo once.  ``track`` is told how far it is.

    ``names``: whether the names of users are wanted; the index needs them, the audit doesn't.
    """
    create_table(engine)
    loaded = Loaded()
    for path in _once(files):
        loaded.sources.append(_load_file(engine, path, "photo", rejects, track, names=names))
        if loaded.sources[-1].format == "xml":
            loaded.changes.update(read_changes(path))
    paths = [source.format == "paths" for source in loaded.sources]
    joined = _once(joined)
    if joined and not all(paths):
        raise UsageError("--join is for path lists of MegaFace, which hold no licence; leave it out")
    if any(paths):
        loaded.faces = sum(source.rows for source in loaded.sources if source.format == "paths")
    loaded.duplicates = _drop_duplicates(engine)
    loaded.without_id = engine.one("SELECT count(*) FROM photo WHERE photo IS NULL")[0]
    if joined:
        _join(engine, joined, loaded, rejects, track)
    return loaded


def _once(files: Iterable[Path]) -> list[Path]:
    return list({path.resolve(): path for path in files}.values())


def _load_file(engine: Engine, path: Path, table: str, rejects: Rejects, track: Track, only: str = "", *, names: bool = True) -> Source:
    track.start(path)
    before, source = rejects.total, Source(path, find_format(path))
    if source.format.startswith("yfcc"):
        width = int(source.format.removeprefix("yfcc-"))
        source.rows = _load_yfcc(engine, path, table, width, rejects, only, track, names=names)
    elif source.format == "parquet":
        source.rows = _load_parquet(engine, path, table, rejects, only)
    else:
        source.rows = _insert(engine, table, READERS[source.format](path, rejects), only)
    source.rejected = rejects.total - before
    return source


def _load_yfcc(engine: Engine, path: Path, table: str, width: int, rejects: Rejects, only: str, track: Track, *, names: bool) -> int:
    """A plain file as a whole; a packed one piece by piece, so that the disk never holds it unpacked."""
    where = only and f"WHERE c{0 if width == 23 else 1}::BIGINT {only}"
    if packing(path) is None:
        with track.watching(engine):
            rows = load_fast(engine, path, table, width, where, names=names)
        return _insert(engine, table, (Entry(*row) for row in read_rows(path, width, rejects)), only) if rows is None else rows
    part, n = engine.scratch / "part.tsv", 0
    with open_told(path) as (file, told):
        for first, data in pieces(file, PIECE, LONGEST_LINE):
            _write(part, data)
            rows = load_fast(engine, part, table, width, where, names=names)
            if rows is None:
                rows = _insert(engine, table, (Entry(*row) for row in read_rows(part, width, rejects, of=path, first=first)), only)
            n += rows
            track.at(told())
    part.unlink(missing_ok=True)
    return n


def _write(part: Path, data: bytes) -> None:
    try:
        part.write_bytes(data)
    except OSError as error:
        raise StorageError(f"{part.parent} can't be written ({error.strerror}); free some space and run the same command") from error


def _insert(engine: Engine, table: str, entries: Iterable[Entry], only: str) -> int:
    """Entries through pieces of text that the engine reads: memory stays flat, however many there are."""
    piece = engine.scratch / "piece.tsv"
    names = ", ".join(f"'{name}': 'VARCHAR'" for name in Entry._fields)
    read = f"read_csv({quoted(piece)}, delim='\t', quote='', escape='', header=false, auto_detect=false, "
    read += f"columns={{{names}}}, max_line_size={FAST_LINE})"
    select = f"""try_cast(nullif(photo, '') AS BIGINT), nullif(owner, ''), nullif(name, ''), try_cast(left(date, 4) AS SMALLINT),
      nullif(licence, ''),
      nullif(tags, ''), {GEO.format(lon="longitude", lat="latitude")}, kind, nullif(page, ''), nullif(country, ''), nullif(rights, ''),
      try_cast(try_cast(age AS DOUBLE) AS SMALLINT), {CELL.format(lon="longitude", lat="latitude")}"""
    where = f"WHERE try_cast(nullif(photo, '') AS BIGINT) {only}" if only else ""
    n = 0
    for block in _blocks(entries):
        piece.write_text("".join("\t".join(value.translate(_CONTROL) for value in entry) + "\n" for entry in block), encoding="utf-8")
        n += add_rows(engine, f"SELECT {select} FROM {read} {where}", table)
    piece.unlink(missing_ok=True)
    return n


def _blocks(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    block: list[Entry] = []
    size = 0
    for entry in entries:
        block.append(entry)
        size += len(entry.tags)
        if len(block) >= BLOCK or size > 64 * 1024**2:
            yield block
            block, size = [], 0
    if block:
        yield block


def _load_parquet(engine: Engine, path: Path, table: str, rejects: Rejects, only: str) -> int:
    """A Parquet file by the names of its columns, such as the tables of YFCC100M that are passed on in this form."""
    file = engine.input(path)
    try:
        columns = find_columns(name for name, *_ in engine.rows(f"DESCRIBE SELECT * FROM read_parquet({file})"))
    except BadRowsError as error:
        raise UsageError(f"{path} is no whole Parquet file; get it again") from error
    if not columns:
        raise UsageError(f"{path} has no column that names a photo id, a page address or a licence address")
    at = {name: f"nullif(trim(\"{column}\"::VARCHAR), '')".replace('""', '"') for name, column in columns.items()}
    text = {name: at.get(name, "NULL::VARCHAR") for name in Entry._fields}
    flags = f"CASE WHEN lower({text['kind']}) IN ('1', 'true', 'video') THEN '1' ELSE '0' END"
    flickr = "MAP {" + ", ".join(f"'{number}': '{url}'" for number, url in FLICKR_IDS.items()) + "}"
    # Numbers only: the engine would take "1e5" for a number too.  A column with gaps may hold them as 123.0.
    number = f"CASE WHEN regexp_full_match({text['photo']}, '[0-9]{{1,18}}([.]0)?') THEN {text['photo']}::BIGINT END"
    select = f"""{number} AS photo, {text["owner"]} AS owner, {text["name"]} AS name,
      try_cast(left({text["date"]}, 4) AS SMALLINT) AS taken, coalesce({flickr}[{text["licence"]}], {text["licence"]}) AS licence,
      {text["tags"]} AS tags, {GEO.format(lon=text["longitude"], lat=text["latitude"])} AS geo, {flags} AS kind,
      {text["page"]} AS page, {text["country"]} AS country, {text["rights"]} AS rights, try_cast({text["age"]} AS SMALLINT) AS age,
      {CELL.format(lon=text["longitude"], lat=text["latitude"])} AS cell"""
    bad = "photo IS NULL AND page IS NULL AND licence IS NULL"
    source = f"(SELECT file_row_number AS number, {select} FROM read_parquet({file}, file_row_number=true))"
    for (number,) in engine.rows(f"SELECT number + 1 FROM {source} WHERE {bad} ORDER BY number"):
        rejects.add(path, number, "neither photo id nor licence")
    return add_rows(engine, f"SELECT {', '.join(TABLE)} FROM {source} WHERE NOT ({bad}) {f'AND photo {only}' if only else ''}", table)


def _drop_duplicates(engine: Engine, table: str = "photo") -> int:
    """Keep one row of each photo, the least in order whatever order they came in; how many were left out.  Rows without an id all stay."""
    n = _find_repeated(engine, table)
    if n:
        rest = ", ".join(list(TABLE)[1:])
        packed = ", ".join(f"{name} := {name}" for name in list(TABLE)[1:])
        least = f"SELECT photo, min(struct_pack({packed})) AS kept FROM {table} SEMI JOIN repeated USING (photo) GROUP BY photo"
        once = f"SELECT photo, {rest} FROM {table} ANTI JOIN repeated USING (photo)"
        replace_rows(engine, f"{once} UNION ALL SELECT photo, unnest(kept) FROM ({least})", table)
    return n


def _find_repeated(engine: Engine, table: str) -> int:
    """The ids that stand in several rows, as the table ``repeated``; how many rows they are too many.

    The ids are counted in parts, each of which fits into memory, so that none has to be put aside.
    """
    engine.run("CREATE OR REPLACE TEMP TABLE repeated (photo BIGINT, n BIGINT)")
    parts = 1 + engine.one(f"SELECT count(photo) FROM {table}")[0] // IDS
    for part in range(parts):
        mine = f"photo IS NOT NULL AND hash(photo) % {parts} = {part}" if parts > 1 else "photo IS NOT NULL"
        engine.run(f"INSERT INTO repeated SELECT photo, count(*) AS n FROM {table} WHERE {mine} GROUP BY photo HAVING n > 1")
    return int(engine.one("SELECT coalesce(sum(n - 1), 0) FROM repeated")[0])


def _join(engine: Engine, joined: Iterable[Path], loaded: Loaded, rejects: Rejects, track: Track) -> None:
    """Licence, year, tags of the photos of path lists out of tables that have them; the rows of other photos are left alone."""
    create_table(engine, "known")
    for path in joined:
        source = _load_file(engine, path, "known", rejects, track, "IN (SELECT photo FROM photo)")
        if source.format == "paths":
            raise UsageError(f"{path} holds paths too; --join wants a table with licences")
    _drop_duplicates(engine, "known")
    loaded.without_match = engine.one("SELECT count(*) FROM photo ANTI JOIN known USING (photo)")[0]
    both = {"photo": "photo.photo", "owner": "coalesce(known.owner, photo.owner)", "kind": "coalesce(known.kind, photo.kind)"}
    select = ", ".join(both.get(name, f"known.{name}") for name in TABLE)
    replace_rows(engine, f"SELECT {select} FROM photo LEFT JOIN known ON known.photo = photo.photo")
    drop_table(engine, "known")
