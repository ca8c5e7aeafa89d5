"""``forget --owner``: an owner goes from the look-up and from the sample of links, and no later audit brings them back.

A keyed hash of the owner stays, made with the key of the look-up.  The figures of an audit stay as they are: they name nobody.
Of user names the index holds hashes alone, which lead nowhere any more.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from db.config import Config
from db.connect import Database, open_existing, writing
from db.errors import StorageError, UsageError
from db.forgetting import load_hashes, save_hash
from db.photos import remove_links_of
from photos.engine import Engine
from photos.find import folder
from photos.index import WIDTHS, Index
from photos.keys import LENGTH, keyed, load_key, pads
from photos.tables import replace_rows
from photos.yfcc import NSID


def forget_owner(config: Config, nsid: str) -> int:
    """Remove an owner everywhere; how many photos went from the indexes.  UsageError where it is no NSID or nothing was audited."""
    if not NSID.fullmatch(nsid):
        raise UsageError(f"{nsid!r} is no NSID; it looks like 12345678@N00")
    key = load_key(config)
    db = open_existing(config.db)
    try:
        with writing(db):  # first of all, so that an audit that begins now knows it
            save_hash(db, "owner", keyed(key, "owner", nsid).hex())
            remove_links_of(db, nsid)
    finally:
        db.close()
    return sum(_remove(path, key, nsid) for path in sorted(folder(config).glob("*.index")))


def _remove(path: Path, key: bytes, nsid: str) -> int:
    """Write an index again without an owner's records; the places of the slices stay, empty ones where theirs were."""
    with Index(path, key) as index:
        photos = [photo for photo, _ in index.find_owner(nsid)]
    if not photos:
        return 0
    data = path.read_bytes()
    size = int.from_bytes(data[-8:], "big")
    facts = json.loads(data[-8 - size : -8])
    parts = {name: data[start : start + length] for name, (start, length) in facts["sections"].items()}
    owner = keyed(key, "owner", nsid)
    first, n = _slices_of(parts["owners"], owner)
    width = WIDTHS["slices"]
    parts["slices"] = parts["slices"][: first * width] + bytes(n * width) + parts["slices"][(first + n) * width :]
    parts["owners"] = _without(parts["owners"], WIDTHS["owners"], {owner})
    parts["photos"] = _without(parts["photos"], WIDTHS["photos"], {keyed(key, "photo", photo) for photo in photos})
    _save(path, data[: min(start for start, _ in facts["sections"].values())], parts, facts)
    return len(photos)


def _slices_of(owners: bytes, owner: bytes) -> tuple[int, int]:
    """(first slice, number of slices) of an owner."""
    at = next(at for at in range(0, len(owners), WIDTHS["owners"]) if owners[at : at + LENGTH] == owner) + LENGTH
    return int.from_bytes(owners[at : at + 4], "big"), int.from_bytes(owners[at + 4 : at + 8], "big")


def _without(records: bytes, width: int, gone: set[bytes]) -> bytes:
    rows = (records[at : at + width] for at in range(0, len(records), width))
    return b"".join(row for row in rows if row[:LENGTH] not in gone)


def _save(path: Path, head: bytes, parts: dict[str, bytes], facts: dict[str, object]) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    at, sections = len(head), {}
    for name, part in parts.items():
        sections[name] = (at, len(part))
        at += len(part)
    footer = json.dumps(facts | {"sections": sections}).encode()
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.writelines([head, *parts.values(), footer, len(footer).to_bytes(8, "big")])
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise StorageError(f"{path} can't be written ({error.strerror}); free some space and run the same command") from error
    finally:
        partial.unlink(missing_ok=True)


def leave_out_forgotten(engine: Engine, db: Database, key: bytes) -> None:
    """Take the photos of owners who asked to be forgotten out of the table ``photo``, before anything of it is kept."""
    hashes = sorted(load_hashes(db, "owner"))
    if not hashes:
        return
    inner, outer = pads(key)
    mac = f"sha256(from_hex('{outer}') || from_hex(sha256(from_hex('{inner}') || encode('owner:' || owner))))"
    gone = ", ".join(f"'{value}'" for value in hashes if set(value) <= set("0123456789abcdef"))
    replace_rows(engine, f"SELECT * FROM photo WHERE owner IS NULL OR left({mac}, {2 * LENGTH}) NOT IN ({gone})")
