"""Writing a report's files so that nobody ever sees half of one."""

from __future__ import annotations

from pathlib import Path

from db import files
from db.errors import StorageError


def save_whole(path: Path, text: str) -> None:
    """Put UTF-8 text at ``path``; what stood there is replaced only when the new file is whole.  Raises StorageError."""
    try:
        files.save_whole(path, text.encode("utf-8", "replace"))
    except OSError as error:
        raise StorageError(f"{path} can't be written ({error.strerror}); name another place with --out") from error
