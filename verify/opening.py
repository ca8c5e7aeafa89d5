"""The database as a session of a reviewer opens it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from db.catalogue import Dataset, find_dataset
from db.config import Config
from db.connect import Database, one_line_errors, open_for_reading, open_for_writing
from db.errors import UsageError
from db.verify import Reviewer, find_reviewer, save_reviewer

MAX_NAME = 100


@contextmanager
def opened(
    config: Config, slug: str, reviewer: str, *, must_exist: bool = False, check: Callable[[Database], None] | None = None
) -> Iterator[tuple[Database, Dataset, Reviewer]]:
    """The database for writing, with the dataset and the reviewer; never makes a new database.

    A reviewer is added at first use; with ``must_exist`` an unknown name is a UsageError.  ``check`` may refuse before that.
    """
    name = check_name(reviewer)
    if not config.db.is_file():
        open_for_reading(config.db)  # says that it isn't there
    db = open_for_writing(config.db)
    with one_line_errors(config.db):
        try:
            dataset, who = find_dataset(db, slug), find_reviewer(db, name)
            if who is None and must_exist:
                raise UsageError(f"no reviewer of the name {name!r} has worked in this database")
            if check:
                check(db)
            yield db, dataset, who or save_reviewer(db, name)
        finally:
            db.close()


def check_name(text: str) -> str:
    """A reviewer's name as it is kept; raises UsageError where it is empty, too long or holds control characters."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise UsageError(f"--reviewer wants a name of 1 to {MAX_NAME} printable characters")
    return name
