r"""The index of the look-up: a file for each dataset, sorted keyed hashes that are found by halving.

    whereused photos 1\n | photos | owners | slices | names | tags | footer (JSON) | length of the footer, 8 bytes

photos   hash of the photo id, licence, kind                       18 bytes each
owners   hash of the owner, first slice, number of slices          24
slices   photo id, hidden under a mask of owner and place, licence 9; those of an owner side by side
names    hash of the user name, owner hidden under a mask          48
tags     hash of the tag, photos that have it                      20

No id stands in it as it is.  The masks need the key and the owner's own id, which only who asks for it brings.
"""

from __future__ import annotations

import hmac
import json
import mmap
import os
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Self

from db.errors import StorageError, UsageError
from photos.engine import Engine
from photos.keys import LENGTH, keyed, pads

MAGIC = b"whereused photos 1\n"
WIDTHS = {"photos": 18, "owners": 24, "slices": 9, "names": 48, "tags": 20}
OWNER_LENGTH = 32  # bytes; NSIDs have 15 at most, aliases may be longer and are then not named

_HEX = f"left({{}}, {2 * LENGTH})"
_SECTIONS = {
    "photos": f"""SELECT {_HEX.format("mac('photo:' || photo)")} || printf('%02x', number) || printf('%02x', kind::INTEGER) AS record
                    FROM photo JOIN licence_number ON address = coalesce(licence, '') WHERE photo IS NOT NULL ORDER BY record""",
    "owners": f"""SELECT {_HEX.format("mac('owner:' || owner)")} || printf('%08x', first) || printf('%08x', n) AS record
                    FROM (SELECT owner, min(place) AS first, count(*) AS n FROM placed GROUP BY owner) ORDER BY record""",
    "slices": """SELECT printf('%016x', xor(photo, ('0x' || left(mac('link:' || owner || ':' || within), 15))::BIGINT))
                     || printf('%02x', number) AS record FROM placed ORDER BY place""",
    "names": f"""SELECT {_HEX.format("mac('name:' || lower(name))")} || hidden(owner, mac('name-owner:' || lower(name))) AS record
                   FROM (SELECT DISTINCT name, owner FROM photo WHERE name <> '' AND strlen(owner) <= {OWNER_LENGTH}) ORDER BY record""",
    "tags": f"""SELECT {_HEX.format("mac('tag:' || tag)")} || printf('%08x', n) AS record FROM tag ORDER BY record""",
}


def _prepare(engine: Engine, key: bytes) -> list[str]:
    """Macros and tables of the sections; returns the licence addresses by number."""
    inner, outer = pads(key)
    engine.run(f"CREATE OR REPLACE MACRO mac(t) AS sha256(from_hex('{outer}') || from_hex(sha256(from_hex('{inner}') || encode(t))))")
    blanks = 2 * OWNER_LENGTH
    halves = " || ".join(
        f"printf('%08x', xor(('0x' || substr(rpad(hex(encode(o)), {blanks}, '0'), {n}, 8))::BIGINT, ('0x' || substr(m, {n}, 8))::BIGINT))"
        for n in range(1, blanks, 8)
    )
    engine.run(f"CREATE OR REPLACE MACRO hidden(o, m) AS {halves}")
    engine.run(
        """CREATE OR REPLACE TEMP TABLE licence_number AS
             SELECT coalesce(licence, '') AS address, least(row_number() OVER (ORDER BY count(*) DESC, address) - 1, 255) AS number
             FROM photo GROUP BY address"""
    )
    engine.run(
        """CREATE OR REPLACE TEMP TABLE placed AS
             SELECT owner, photo, number, row_number() OVER (ORDER BY owner, photo) - 1 AS place,
                    row_number() OVER (PARTITION BY owner ORDER BY photo) - 1 AS within
               FROM photo JOIN licence_number ON address = coalesce(licence, '') WHERE owner IS NOT NULL AND photo IS NOT NULL"""
    )
    return [address for (address,) in engine.rows("SELECT address FROM licence_number ORDER BY number LIMIT 255")]


def build_index(engine: Engine, key: bytes, slug: str, target: Path) -> int:
    """Write the index of the tables ``photo`` and ``tag``; nothing stands at ``target`` until it is whole.  Returns its bytes."""
    licences = _prepare(engine, key)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(MAGIC)
            sections = {name: _write_section(engine, file, sql) for name, sql in _SECTIONS.items()}
            check = keyed(key, "check", slug).hex()
            footer = json.dumps({"slug": slug, "check": check, "licences": licences, "sections": sections}).encode()
            file.write(footer + len(footer).to_bytes(8, "big"))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    except OSError as error:
        raise StorageError(f"{target} can't be written ({error.strerror}); free some space and run the same command") from error
    finally:
        partial.unlink(missing_ok=True)
    return target.stat().st_size


def _write_section(engine: Engine, file: BinaryIO, sql: str) -> tuple[int, int]:
    start = file.tell()
    for batch in engine.batches(sql):
        file.write(bytes.fromhex("".join(record for (record,) in batch)))
    return start, file.tell() - start


@dataclass(frozen=True, slots=True)
class _Section:
    """Sorted records of one width, as a sequence of their hashes."""

    data: mmap.mmap
    start: int
    length: int
    width: int

    def __len__(self) -> int:
        return self.length // self.width

    def __getitem__(self, number: int) -> bytes:
        at = self.start + number * self.width
        return self.data[at : at + LENGTH]

    def record(self, number: int) -> bytes:
        at = self.start + number * self.width
        return self.data[at : at + self.width]

    def find(self, wanted: bytes) -> Iterator[bytes]:
        """What stands after the hash, for each record that has it."""
        number = bisect_left(self, wanted)
        while number < len(self) and self[number] == wanted:
            yield self.record(number)[LENGTH:]
            number += 1


def _range(facts: dict[str, Any], name: str) -> tuple[int, int]:
    start, length = facts["sections"][name]
    return int(start), int(length)


class Index:
    """One dataset's index, open for questions."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._key = key
        try:
            with path.open("rb") as file:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            size = int.from_bytes(self._data[-8:], "big")
            facts: dict[str, Any] = json.loads(self._data[-8 - size : -8])
            if self._data[: len(MAGIC)] != MAGIC:
                raise ValueError("another version")
        except (OSError, ValueError) as error:
            raise UsageError(f"{path} is damaged ({error}); run `whereused photos audit … --dataset` again") from error
        self.slug: str = facts["slug"]
        self._licences: list[str] = facts["licences"]
        self._sections = {name: _Section(self._data, *_range(facts, name), width) for name, width in WIDTHS.items()}
        if facts["check"] != keyed(key, "check", self.slug).hex():
            raise UsageError(f"{path} was made with another key; run `whereused photos audit … --dataset {self.slug}` again")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._data.close()

    def find_photo(self, photo: str) -> str | None:
        """The licence address of a photo; None where it isn't in the dataset."""
        found = next(self._sections["photos"].find(keyed(self._key, "photo", photo)), None)
        return None if found is None else self._licence(found[0])

    def find_owner(self, owner: str) -> list[tuple[str, str]]:
        """(photo id, licence address) of an owner's photos."""
        answer = []
        for found in self._sections["owners"].find(keyed(self._key, "owner", owner)):
            first, n = int.from_bytes(found[:4], "big"), int.from_bytes(found[4:8], "big")
            for within in range(n):
                record = self._sections["slices"].record(first + within)
                mask = int(keyed(self._key, "link", f"{owner}:{within}").hex()[:15], 16)
                answer.append((str(int.from_bytes(record[:8], "big") ^ mask), self._licence(record[8])))
        return answer

    def find_owners_of_name(self, name: str) -> list[str]:
        """The owners that had a user name; ``name`` encoded as YFCC100M does it."""
        mask = keyed_long(self._key, "name-owner", name.lower())
        found = self._sections["names"].find(keyed(self._key, "name", name.lower()))
        return [bytes(a ^ b for a, b in zip(hidden, mask, strict=True)).rstrip(b"\0").decode("utf-8", "replace") for hidden in found]

    def count_tag(self, tag: str) -> int:
        """How many photos have a tag; ``tag`` encoded as YFCC100M does it."""
        found = next(self._sections["tags"].find(keyed(self._key, "tag", tag)), None)
        return 0 if found is None else int.from_bytes(found, "big")

    def _licence(self, number: int) -> str:
        return self._licences[number] if number < len(self._licences) else ""


def keyed_long(key: bytes, kind: str, value: str) -> bytes:
    """All 32 bytes of a keyed hash, as a mask."""
    return hmac.digest(key, f"{kind}:{value}".encode(), sha256)
