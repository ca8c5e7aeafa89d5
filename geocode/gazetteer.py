"""The life of the gazetteer: fetching the registry's newest release, importing a dump, telling what is there and what changed."""

from __future__ import annotations

import csv
import gc
import io
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from db.config import Config
from db.errors import ProviderError, StorageError, UsageError
from db.gazetteer import NAME_ONLY, load_meta, open_gazetteer
from db.succession import Ended, load_succession
from geocode.build import build_index, display_name
from geocode.names import read_names
from geocode.registry import read_dump
from geocode.releases import ZENODO, fetch, find_release
from geocode.succession import KINDS, Change, Known, compare, find_ended

LOCK_S = 5.0
MOST_LOST = 0.02  # share of the old records that a release of the registry may lack: ROR withdraws records, it doesn't drop them

Report = Callable[[str], None]


def import_dump(
    config: Config, path: Path, report: Report = lambda _: None, *, names: Path | None = None, most_lost: float = 1.0
) -> dict[str, str]:
    """Build the index from a dump, and from a list of ``names`` that it lacks; returns what ``find_info`` tells.

    With it come the numbers of changes of each kind.

    The old index stays where anything goes wrong, or where the dump lacks more than ``most_lost`` of its records.
    The changes stand one by one in the file that ``changes`` names.
    """
    with _without_collector():
        return _import(config, path, report, names, most_lost)


@contextmanager
def _without_collector() -> Iterator[None]:
    """No search for garbage meanwhile: what a build holds lives to its end; to look through that took a third of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _import(config: Config, path: Path, report: Report, names: Path | None, most_lost: float) -> dict[str, str]:
    report("reading the dump")
    release, records = read_dump(path)
    name_of = {str(r["id"]): display_name(r) for r in records}
    ended = find_ended(records, name_of)
    listed = read_names(names, name_of.keys()) if names else []
    after = {ror_id: Known(name_of[ror_id], str(r.get("status") or "active")) for r in records if (ror_id := str(r["id"]))}
    config.gazetteer.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(config.gazetteer.with_name(config.gazetteer.name + ".lock"), timeout=LOCK_S):
            before, before_ended, old = _load_known(config)
            changes = compare(before, after, ended, before_ended)
            _check_lost(changes, len(before), most_lost)
            build_index(release, [*records, *listed], config.gazetteer, report, ended)
            if before:
                _write_changes(_changes_path(config), old, release, changes)
    except Timeout as error:
        raise UsageError("another command is building the gazetteer; wait for it to end") from error
    info = find_info(config)
    return info | ({"before": old} | count_changes(changes) if before else {})


def _load_known(config: Config) -> tuple[dict[str, Known], list[Ended], str]:
    """The records of the installed index, what it knows to have ended, and its release; empty without a usable one."""
    try:
        db = open_gazetteer(config.gazetteer)
    except UsageError:
        return {}, [], ""
    rows = db.conn.execute("SELECT ror_id, name, status FROM record WHERE status != ?", [NAME_ONLY]).fetchall()
    known = {ror_id: Known(name, status) for ror_id, name, status in rows}
    found = known, load_succession(db), load_meta(db).get("release", "")
    db.conn.close()
    return found


def _check_lost(changes: Iterable[Change], n_before: int, most_lost: float) -> None:
    n_lost = sum(change.kind == "lost" for change in changes)
    if n_before and n_lost > most_lost * n_before:
        raise UsageError(
            f"{n_lost} of the {n_before} records that are known are missing in it without a word; the old index stays "
            "(`whereused gazetteer import FILE` takes it all the same)"
        )


def count_changes(changes: Iterable[Change]) -> dict[str, str]:
    """How many changes there are of each kind."""
    counts = Counter(change.kind for change in changes)
    return {kind: str(counts[kind]) for kind in KINDS}


def _changes_path(config: Config) -> Path:
    return config.gazetteer.with_name(config.gazetteer.name + ".changes.csv")


def _write_changes(path: Path, before: str, after: str, changes: Sequence[Change]) -> None:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("change", "ror_id", "name", "now", "before", "after"))
    rows.writerows((c.kind, c.ror_id, c.name, c.now, before, after) for c in changes)
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("w", encoding="utf-8") as file:
            file.write(out.getvalue())
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise StorageError(f"{path} can't be written ({error.strerror}); the index itself is in place") from error


def find_info(config: Config) -> dict[str, str]:
    """Release, counts and date of the installed index; ``changes``: the file of what its release changed, where there is one."""
    db = open_gazetteer(config.gazetteer)
    meta = load_meta(db)
    ended = load_succession(db)
    db.conn.close()
    told = {"file": str(config.gazetteer), **meta, "ended": str(len(ended)), "with_successor": str(sum(len(e.heirs) == 1 for e in ended))}
    path = _changes_path(config)
    return told | ({"changes": str(path)} if path.is_file() else {})


def update(config: Config, report: Report = lambda _: None, *, names: Path | None = None) -> dict[str, str]:
    """Fetch the newest release and import it.  Raises ProviderError where it can't be had or is no whole release.

    ``up_to_date`` is set where that release is installed already; then nothing is fetched.
    """
    url = config.get("ROR_DUMP_URL") or ZENODO
    report(f"asking {url}")
    release = find_release(url)
    if names is None and _is_installed(config, release.name):
        return find_info(config) | {"up_to_date": "yes"}
    if names:
        read_names(names)  # a bad list is told before anything is fetched
    path = fetch(release, config.gazetteer.parent, report)
    try:
        info = import_dump(config, path, report, names=names, most_lost=MOST_LOST)
    except UsageError as error:
        raise ProviderError(f"what came from there is no usable release: {str(error).replace(str(path), url)}") from error
    finally:
        path.unlink(missing_ok=True)
    return info


def _is_installed(config: Config, name: str) -> bool:
    """Whether the installed index was made from the release whose file is called so."""
    try:
        release = find_info(config)["release"]
    except UsageError:
        return False
    return name.startswith(release) and release != ""
