"""Writing files so that nobody ever sees half of one."""

from __future__ import annotations

import glob
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from db.errors import StorageError


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written: its size in bytes and its SHA-256."""

    path: Path
    bytes: int
    sha256: str


def save_text(path: Path, pieces: Iterable[str], *, follow: bool = True) -> Written:
    """Write UTF-8 text; a file at ``path`` is replaced only when the new one is whole.  Raises StorageError.

    A device or pipe such as ``/dev/stdout`` is written to as it is, and of a link the target is replaced; without ``follow`` whatever
    stands there gives way to the file.
    """
    digest, size = hashlib.sha256(), 0
    try:
        with _whole(path, follow) as file:
            for piece in pieces:
                data = piece.encode("utf-8", "replace")
                digest.update(data)
                size += file.write(data)
    except OSError as error:
        raise StorageError(
            f"{path} can't be written ({error.strerror}); name another place, or check permissions and free space"
        ) from error
    return Written(path, size, digest.hexdigest())


@contextmanager
def _whole(path: Path, follow: bool) -> Iterator[BinaryIO]:
    """A file beside ``path`` that takes its place in the end; nothing is left behind where the end isn't reached.

    What a process that was killed has left beside it goes as well: a folder that is published shows everything in it.
    """
    if follow and path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    path = path.resolve() if follow else path  # a link stays a link; its target is replaced
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path)
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:80]}.{os.getpid()}.", suffix=".partial", dir=path.parent)
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(0o666 & ~_umask())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


# In a folder that the web server, or somebody else, may write to: a link planted there leads nowhere.
save_page = partial(save_text, follow=False)


def _sweep(path: Path) -> None:
    """Remove what writers of this file that are no more have begun; their process stands in the name."""
    for left in path.parent.glob(f".{glob.escape(path.name[:80])}.*.partial"):
        pid = left.name.split(".")[-3]
        if pid.isdecimal() and not Path(f"/proc/{pid}").exists() and Path("/proc/self").exists():
            left.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
