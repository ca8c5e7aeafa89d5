"""Pages of patents that were fetched, kept for ever: ``PATH.files/patents/ab/abcd….html.gz`` under the hash of the page."""

from __future__ import annotations

import gzip
import hashlib
import os

from db.config import Config


def store_page(config: Config, body: bytes) -> str:
    """Keep a page; its hash.  The file lies there under its name only when it is whole."""
    sha256 = hashlib.sha256(body).hexdigest()
    path = config.files / "patents" / sha256[:2] / f"{sha256}.html.gz"
    if path.is_file():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        file.write(gzip.compress(body, mtime=0))
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    return sha256
