"""Keyed hashes in place of ids.

The key lies beside the database, readable by its owner alone, and goes into no export and no backup of the database.
Who holds the key *and* an index can still find out ids by trying them all: owner and photo ids are short numbers.
"""

from __future__ import annotations

import hmac
import os
from hashlib import sha256
from pathlib import Path

from db.config import Config
from db.errors import StorageError, UsageError

BLOCK = 64  # bytes that SHA-256 takes at once (RFC 2104)
AGAIN = "run `whereused photos audit FILES… --dataset SLUG --out DIR` again"
LENGTH = 16  # bytes of a hash that are kept


def key_path(config: Config) -> Path:
    """Where the key lies."""
    return config.db.with_name(config.db.name + ".photos.key")


def load_key(config: Config) -> bytes:
    """The key.  UsageError where there is none."""
    path = key_path(config)
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"{path} is missing, without it no look-up is possible; {AGAIN}") from None
    except OSError as error:
        raise UsageError(f"{path} can't be read ({error.strerror})") from error
    if len(key) != 32:
        raise UsageError(f"{path} is no key; remove it, then {AGAIN}")
    return key


def make_key(config: Config) -> bytes:
    """The key; a new one where there is none."""
    path = key_path(config)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return load_key(config)
    except OSError as error:
        raise StorageError(f"{path} can't be written ({error.strerror})") from error
    with os.fdopen(handle, "wb") as file:
        file.write(os.urandom(32))
        file.flush()
        os.fsync(file.fileno())
    return load_key(config)


def keyed(key: bytes, kind: str, value: str) -> bytes:
    """The hash of an id of a kind (photo, owner, name, tag)."""
    return hmac.digest(key, f"{kind}:{value}".encode(), sha256)[:LENGTH]


def pads(key: bytes) -> tuple[str, str]:
    """Inner and outer pad of HMAC in hex, for an engine that knows SHA-256 alone."""
    padded = key.ljust(BLOCK, b"\0")
    return bytes(b ^ 0x36 for b in padded).hex(), bytes(b ^ 0x5C for b in padded).hex()
