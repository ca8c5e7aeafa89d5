"""What earlier publications showed: corrections are told against that, and nothing else.

The database remembers it (``remember``); the manifests in the folders say the same, for what older versions published and for what
came out of a database that can't be written.
"""

from __future__ import annotations

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
from publish.export import INCLUDES, Export
from publish.folder import read_json
from publish.manifest import MANIFEST

DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOST = 1 << 53  # a number that every reader of JSON has as it is written


def shown_now(db: Database, slug: str, state: State, include: str) -> list[Shown]:
    """The publication that is being made; none of an empty database."""
    return [Shown(state.as_of, include, count_decisions(db, slug))] if state.as_of else []


def load_all_shown(db: Database, export: Export, out: Path, diff: Path | None) -> list[Shown]:
    """All publications of a dataset that the database remembers or that were made in these folders, and the one that is being made.

    A sample's folder tells nothing of a real database, nor the other way round.  What a folder tells of a later state is another
    database's, or of one that a backup has replaced: it speaks for nothing here.
    """
    slug, state = export.dataset.slug, export.state
    now = shown_now(db, slug, state, export.include)
    folders = [out / slug, *([diff / slug, diff] if diff else [])]
    before = {*load_publications(db, slug)}.union(*(_read(folder / MANIFEST, slug, state.is_sample) for folder in folders))
    return sorted({one for one in before if one.is_before(*now)} | {*now}) if now else []


def find_later(db: Database, exports: Iterable[Export], out: Path) -> dict[str, str]:
    """Dataset → why its pages are not replaced: they show a later state than this database has."""
    found = {}
    for export in exports:
        slug, state = export.dataset.slug, export.state
        now = shown_now(db, slug, state, export.include)
        later = [one for one in _read(out / slug / MANIFEST, slug, state.is_sample) if not (now and one.is_before(*now))]
        if later:
            told = max(later)
            found[slug] = (
                f"{out / slug} shows {told.as_of[:10]} with {max(told.decisions, 0)} decisions, a later state than this database has: "
                "is it another one, or an old backup?"
            )
    return found


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
    manifest = read_json(path)
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
