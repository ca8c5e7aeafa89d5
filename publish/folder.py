"""The folder that a publication is written into: nobody else's, not the database's own, and one writer at a time."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from db.config import Config
from db.errors import StorageError, UsageError

WAIT_S = 60.0  # for another publication into the same folder
MARK = 'name="generator" content="whereused'  # in the head of every page


def check_folder(config: Config, out: Path) -> None:
    """Refuse a folder whose index page is somebody else's, and one with what is private in it.  Raises UsageError."""
    index, here, files = out / "index.html", out.resolve(), config.files.resolve()
    if index.is_file() and not _holds(index, MARK):
        raise UsageError(f"{index} is no page of whereused; name another folder, or move that file away")
    if here == files or files in here.parents:
        raise UsageError(f"{out} belongs to the database, and what lies there is private; name another folder")


def private_inside(config: Config, out: Path) -> str | None:
    """A warning where the database lies in the folder that is published; None where it doesn't."""
    if out.resolve() not in config.db.resolve().parents:
        return None
    return f"the database lies in {out} too, and is not for everybody: put only the pages on a server"


def check_owned(folder: Path, slug: str, names: Iterable[str]) -> None:
    """Refuse to replace files of these ``names`` in a dataset's folder that no publication has made.  Raises UsageError.

    A first publication that was killed has left its first file, whole or under its hidden name.
    """
    present = sorted(name for name in names if os.path.lexists(folder / name))
    mine = folder / "manifest.json", folder / "institutions.geojson"
    if (
        not present
        or _holds(folder / "index.html", MARK)
        or any(_holds(path, f'"dataset":"{slug}"', f'"dataset": "{slug}"') for path in mine)
    ):
        return
    raise UsageError(
        f"{folder / present[0]} was not written by `whereused publish`; name another folder with --out, or move that file away"
    )


def _holds(path: Path, *words: str) -> bool:
    """Whether one of these stands in the first kilobytes of a file; a pipe is not waited for."""
    try:
        if not path.is_file():
            return False
        with path.open(encoding="utf-8", errors="replace") as file:
            head = file.read(8192)
    except OSError:  # writing will say what is wrong
        return False
    return any(word in head for word in words)


@contextmanager
def writing_alone(out: Path) -> Iterator[None]:
    """Make the folder where it is missing, and keep other publications out of it; the lock leaves no file, and goes with the process.

    Raises UsageError where another one doesn't end within ``WAIT_S``, StorageError where the folder can't be made.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        handle = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise StorageError(f"{out} can't be written ({error.strerror}); name another place, or check permissions and free space") from error
    try:
        last = time.monotonic() + WAIT_S
        while not _is_locked(handle):
            if time.monotonic() > last:
                raise UsageError(f"another publication is being written into {out}; wait for it to end, then try again")
            time.sleep(0.1)
        yield
    finally:
        os.close(handle)


def _is_locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def read_json(path: Path) -> Any:
    """A JSON file that may be anybody's; None where it is none, or no plain file."""
    try:
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    except (OSError, ValueError, RecursionError):
        return None
