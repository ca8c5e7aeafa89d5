"""What earlier publications showed: corrections are told against that, and nothing else.

The database remembers it (``remember``); the manifests in the folders say the same, for what older versions published and for what
came out of a database that can't be written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from db.config import Config
from db.connect import Database, one_line_errors, open_existing, open_for_reading
from db.errors import DatabaseError, StorageError
from db.publications import save_publications
from db.queries.corrections import Shown, count_decisions, load_publications
from db.queries.datasets import State
from publish.export import INCLUDES
from publish.manifest import MANIFEST

DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOST = 1 << 53  # a number that every reader of JSON has as it is written


def shown_now(db: Database, slug: str, state: State, include: str) -> list[Shown]:
    """The publication that is being made; none of an empty database."""
    return [Shown(state.as_of, include, count_decisions(db, slug))] if state.as_of else []


def load_shown(db: Database, slug: str, folders: Iterable[Path], *, is_sample: bool) -> list[Shown]:
    """The publications of a dataset that the database remembers or that were made in these folders, each once, the oldest first.

    A sample's folder tells nothing of a real database, nor the other way round.
    """
    read = {shown for folder in folders for shown in _read(folder / MANIFEST, slug, is_sample)}
    return sorted({*load_publications(db, slug), *read})


def remember(config: Config, shown: Mapping[str, Iterable[Shown]]) -> str | None:
    """Write what was shown (slug → publications) to the database; why that can't be, in one line, else None.

    Nothing is written where all is known: the same publication again leaves the database as it is.
    """
    try:
        with one_line_errors(config.db):
            if missing := _unknown(config, shown):
                with closing(open_existing(config.db)) as db:
                    save_publications(db, missing)
    except (DatabaseError, StorageError) as error:
        return (
            f"what was published stands in the folder's {MANIFEST} alone, and the database could not be told ({error}); "
            "publish into the same folder next time"
        )
    return None


def _unknown(config: Config, shown: Mapping[str, Iterable[Shown]]) -> dict[str, list[Shown]]:
    with closing(open_for_reading(config.db)) as db:
        found = {slug: sorted(set(told) - set(load_publications(db, slug))) for slug, told in shown.items()}
    return {slug: told for slug, told in found.items() if told}


def _read(path: Path, slug: str, is_sample: bool) -> list[Shown]:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return []
    if not isinstance(manifest, dict) or manifest.get("dataset") != slug or bool(manifest.get("sample")) != is_sample:
        return []
    told = manifest.get("publications")
    return [shown for entry in (told if isinstance(told, list) else [manifest]) if (shown := _shown(entry))]


def _shown(entry: Any) -> Shown | None:
    """A publication out of an entry, or out of a whole manifest as earlier versions wrote it; None where it is none."""
    as_of, include, n = (entry.get(name) if isinstance(entry, dict) else None for name in Shown._fields)
    if not isinstance(as_of, str) or not DAY.match(as_of) or include not in INCLUDES:
        return None
    return Shown(as_of, include, n if isinstance(n, int) and 0 <= n < MOST else -1)
