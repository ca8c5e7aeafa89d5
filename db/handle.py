"""The handle that stages pass on: sqlite_utils' Database, without the arrays that nobody hands it here.

sqlite_utils loads numpy and pandas where they are installed; that was a quarter of the start of every command.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Modules of these names can't be found meanwhile, unless they are loaded already; afterwards they can."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None: Python's sign for "can't be found"
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


with without("numpy", "pandas"):
    from sqlite_utils import Database as Database
