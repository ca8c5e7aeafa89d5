"""Rows of YFCC100M, 23 or 25 fields.

The engine reads a plain file by itself, fast and strict.  Where it stops, or the file holds bytes that the format doesn't
know (NUL, CR, other than ASCII), the careful reader takes the file line by line and says which line is wrong and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from photos.columns import WIDTHS, reader, select_yfcc, yfcc_places
from photos.engine import BadRowsError, Engine
from photos.rejects import Rejects
from photos.streams import lines, open_bytes, packing
from photos.tables import add_rows, last_added, take_back

LONGEST_LINE = 16 * 1024**2  # bytes; real rows have 500, a description may have megabytes
LONGEST_FIELD = 256 * 1024  # … of a field that is used
SCAN = 256 * 1024  # bytes of a file that are looked at together: they stay in the processor's cache
AHEAD = 1024**3  # bytes that this look may be before the engine
PIECE = 64 * 1024**2  # bytes of a packed file that are unpacked for the engine together
FAST_LINE = 2 * 1024**2
NSID = re.compile(r"[0-9]{1,14}@N[0-9]{2}")
_NSID = re.compile(NSID.pattern.encode())
_KEPT = ("photo", "owner", "name", "date", "licence", "tags", "longitude", "latitude", "kind")


class RefusedError(Exception):
    """A row that doesn't count; the text is the reason."""


def find_width(path: Path) -> int | None:
    """Fields of a row, from the first thousand lines; None where it is no YFCC100M file."""
    seen = dict.fromkeys(WIDTHS, 0)
    with open_bytes(path) as file:
        for number, line in lines(file, LONGEST_LINE):
            fields = (line or b"").rstrip(b"\r").split(b"\t")
            if len(fields) in seen:
                places = yfcc_places(len(fields))
                seen[len(fields)] += fields[places["photo"]].isdigit() + bool(_NSID.fullmatch(fields[places["owner"]]))
            if number >= 1000:
                break
    best = max(WIDTHS, key=lambda width: seen[width])
    return best if seen[best] else None


def load_fast(engine: Engine, path: Path, table: str, width: int, only: str = "", *, names: bool = True) -> int | None:
    """Let the engine read a plain file; returns its rows, or None, with nothing kept, where the careful reader has to."""
    if packing(path) is not None:
        return None
    photo = f"c{yfcc_places(width)['photo']}"
    checked = f"CASE WHEN {photo}::BIGINT::VARCHAR = {photo} AND {photo}::BIGINT > 0 THEN {photo}::BIGINT ELSE error('id') END"
    select = select_yfcc(width, names=names).replace(f"{photo}::BIGINT", checked, 1)
    read, stop = Event(), Event()
    with ThreadPoolExecutor(1) as pool:  # the bytes are looked at while the engine works
        n_lines = pool.submit(_count_lines, path, engine, read, stop)
        try:
            rows = add_rows(engine, f"SELECT {select} FROM {reader(engine.input(path), width, FAST_LINE)} {only}", table)
            read.set()
            found = rows if only and n_lines.result() is not None else n_lines.result()
            good = found == rows and not _count_odd(engine, last_added(engine, table))
        except BadRowsError:
            return None
        finally:
            read.set()
            stop.set()
    if good:
        return rows
    take_back(engine, table)
    return None


def _count_odd(engine: Engine, rows: str) -> int:
    """Rows whose owner or marker is none."""
    odd = engine.one(
        f"""SELECT (SELECT count(*) FROM (SELECT DISTINCT owner FROM {rows}) WHERE owner IS NULL OR NOT regexp_full_match(owner, ?))
                 + (SELECT count(*) FROM {rows} WHERE kind IS NULL OR kind NOT IN ('0', '1'))""",
        [NSID.pattern],
    )
    return int(odd[0])


def _count_lines(path: Path, engine: Engine, read: Event, stop: Event) -> int | None:
    """The lines of a file that holds what the format allows: ASCII without NUL and CR; None where it holds more, or on ``stop``.

    Until ``read`` is set it keeps near the engine, so that the disk gives a file that is larger than the memory once, not twice.
    """
    n, at, last, size = 0, 0, b"\n", path.stat().st_size
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(SCAN):
            if stop.is_set() or not chunk.isascii() or b"\0" in chunk or b"\r" in chunk:
                return None
            n, at, last = n + chunk.count(b"\n"), at + len(chunk), chunk[-1:]
            while not read.is_set() and at - AHEAD > engine.progress() * size:
                read.wait(0.1)
    return n + (last != b"\n")


def read_rows(path: Path, width: int, rejects: Rejects, *, of: Path | None = None, first: int = 1) -> Iterator[tuple[str, ...]]:
    """Each good row as (photo, owner, name, date, licence, tags, longitude, latitude, kind).

    ``of``: the file that ``path`` is a piece of, from its line ``first`` on.
    """
    places = yfcc_places(width)
    with open_bytes(path) as file:
        for number, line in lines(file, LONGEST_LINE):
            try:
                if line is None:
                    raise RefusedError(f"line of more than {LONGEST_LINE // 1024**2} MiB")
                yield _parse(line, width, places)
            except RefusedError as refused:
                rejects.add(of or path, number + first - 1, str(refused))


def _parse(line: bytes, width: int, places: dict[str, int]) -> tuple[str, ...]:
    line = line.removesuffix(b"\r")
    if not line.strip():
        raise RefusedError("blank line")
    if b"\0" in line:
        raise RefusedError("NUL byte")
    if b"\r" in line:
        raise RefusedError("carriage return inside the line")
    fields = line.split(b"\t")
    if len(fields) != width:
        raise RefusedError(f"{len(fields)} {'field' if len(fields) == 1 else 'fields'} in place of {width}")
    kept = [fields[places[name]] for name in _KEPT]
    photo, owner, kind = kept[0], kept[1], kept[-1]
    if not photo.isdigit() or not 0 < int(photo[:20]) < 2**63:
        raise RefusedError("photo id is no number")
    if not _NSID.fullmatch(owner):
        raise RefusedError("owner is no NSID")
    if kind not in (b"0", b"1"):
        raise RefusedError("marker is neither 0 nor 1")
    if max(map(len, kept)) > LONGEST_FIELD:
        raise RefusedError(f"field of more than {LONGEST_FIELD // 1024} KiB")
    try:
        return tuple(field.decode("utf-8") for field in kept)
    except UnicodeDecodeError:
        raise RefusedError("no UTF-8") from None
