"""Made-up rows in the true formats.  Owners and ids are invented."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

LICENCES = ("by", "by-nd", "by-sa", "by-nc", "by-nc-sa", "by-nc-nd")


def row(n: int, *, width: int = 25, **changes: str) -> list[str]:
    """The fields of a row of YFCC100M; ``changes`` by name."""
    owner, photo = changes.pop("owner", f"{10_000_000 + n % 7}@N0{n % 7}"), changes.pop("photo", str(4_000_000_000 + n))
    fields = {
        "line": str(n), "photo": photo, "hash": "abc", "owner": owner, "name": f"name_{n % 7}",
        "date": f"20{n % 10 + 4:02}-05-06 07:08:09.0", "uploaded": "1331840483", "device": "", "title": "A+title",
        "text": "", "tags": "caf%C3%A9,salt%2C+pepper", "machine": "",
        "longitude": "", "latitude": "", "accuracy": "", "page": f"http://www.flickr.com/photos/{owner}/{photo}/",
        "download": f"http://farm8.staticflickr.com/7205/{photo}_df7747990d.jpg", "licence name": "Some licence",
        "licence": f"http://creativecommons.org/licenses/{LICENCES[n % 6]}/2.0/", "server": "7205", "farm": "8", "secret": "df7747990d",
        "original": "692d7e0a7f", "extension": "jpg", "kind": "0",
    }  # fmt: skip
    assert changes.keys() <= fields.keys()
    fields |= changes
    return [value for name, value in fields.items() if width == 25 or name not in ("line", "hash")]


def table(rows: Iterable[list[str]]) -> bytes:
    """The bytes of a YFCC100M file."""
    return "".join("\t".join(fields) + "\n" for fields in rows).encode()


def write(path: Path, rows: Iterable[list[str]]) -> Path:
    path.write_bytes(table(rows))
    return path
