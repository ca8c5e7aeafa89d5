"""Where the bytes of full texts lie: the folder beside the database, or one place that several machines reach.

``WHEREUSED_FULLTEXTS`` names such a place in the words of fsspec (https://filesystem-spec.readthedocs.io/en/latest/api.html):
``file:///mnt/papers``, ``s3://bucket/papers``.  An S3-compatible server of one's own is named, with its keys, by the usual
``AWS_ENDPOINT_URL``, ``AWS_ACCESS_KEY_ID`` and ``AWS_SECRET_ACCESS_KEY``.  The only module that knows fsspec (extra ``cluster``).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from db.config import Config
from db.errors import UsageError

Where = Path | str  # a file of this machine, or an address for fsspec


def is_shared(config: Config) -> bool:
    """Whether full texts lie where other machines reach them."""
    return config.get("FULLTEXTS") is not None


def stored_at(config: Config, sha256: str) -> Where:
    """Where the bytes of a document lie."""
    name = f"{sha256[:2]}/{sha256}.pdf"
    shared = config.get("FULLTEXTS")
    return f"{shared.rstrip('/')}/{name}" if shared else config.files / "pdf" / name


def load_bytes(where: Where) -> bytes:
    """The bytes of a document; FileNotFoundError where there are none, another OSError where the place can't be reached."""
    if isinstance(where, Path):
        return where.read_bytes()
    data: bytes = _filesystem(where).cat_file(where)
    return data


def size_of(where: Where) -> int | None:
    """How many bytes lie there; None where nothing does."""
    try:
        return where.stat().st_size if isinstance(where, Path) else int(_filesystem(where).size(where))
    except FileNotFoundError:
        return None


def save_shared(where: str, data: bytes) -> None:
    """Write a document for good in a shared place.  A store of objects shows it whole or not at all; in a folder it is renamed."""
    filesystem = _filesystem(where)
    if "file" not in filesystem.protocol:
        filesystem.pipe_file(where, data)
        return
    save_whole(Path(filesystem._strip_protocol(where)), data)


def save_whole(path: Path, data: bytes) -> None:
    """Write a file for good, and its folder where there is none: under a temporary name, synced, renamed; nobody ever sees half of it.

    OSError as the disk gives it; what stood there then stands there still.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name[:80]}.{os.getpid()}.partial")  # another command may write the same file now
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _filesystem(where: str) -> Any:
    try:
        from fsspec.core import url_to_fs

        return url_to_fs(where, use_listings_cache=False)[0]  # what another machine has stored since must be seen
    except ImportError as error:
        raise UsageError(f"WHEREUSED_FULLTEXTS needs more packages: pip install 'whereused[cluster]' ({error})") from error
    except ValueError as error:
        raise UsageError(f"WHEREUSED_FULLTEXTS: {error}; give an address such as file:///mnt/papers or s3://bucket/papers") from error
