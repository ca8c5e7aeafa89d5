"""Pages of patents that were fetched, kept for ever: ``PATH.files/patents/ab/abcd….html.gz`` under the hash of the page."""

from __future__ import annotations

import gzip
import hashlib

from db.config import Config
from db.files import save_whole


def store_page(config: Config, body: bytes) -> str:
    """Keep a page; its hash.  The file lies there under its name only when it is whole."""
    sha256 = hashlib.sha256(body).hexdigest()
    path = config.files / "patents" / sha256[:2] / f"{sha256}.html.gz"
    if path.is_file():
        return sha256
    save_whole(path, gzip.compress(body, mtime=0))
    return sha256
