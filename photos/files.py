"""Writing a report's files so that nobody ever sees half of one."""

from __future__ import annotations

import os
from pathlib import Path

from db.errors import StorageError


def save_whole(path: Path, text: str) -> None:
    """Put UTF-8 text at ``path``; what stood there is replaced only when the new file is whole.  Raises StorageError."""
    partial = path.with_name(f".{path.name[:80]}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("w", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise StorageError(f"{path} can't be written ({error.strerror}); name another place with --out") from error
    finally:
        partial.unlink(missing_ok=True)
