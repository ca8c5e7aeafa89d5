"""Figures for a monitor: the state of the database in Prometheus' text format
(https://prometheus.io/docs/instrumenting/exposition_formats/), for node_exporter's textfile collector.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from db.config import Config
from db.connect import Database, open_for_reading
from db.errors import StorageError
from db.queries import snapshot
from db.queries.counts import DENOMINATORS
from db.queries.waiting import load_backlog, load_last_runs, load_problem_counts, load_suspect_counts
from publish.status import find_status


def save_metrics(config: Config, path: Path, *, exit_code: int) -> None:
    """Write the figures of the whole database to ``path``; what stood there is replaced at once, never half.

    ``exit_code`` is that of the run that asks.  StorageError where ``path`` can't be written.
    """
    registry = CollectorRegistry()
    _gauge(registry, "exit_code", "Exit code of the last `whereused run`.").set(exit_code)
    db = open_for_reading(config.db)
    try:
        with snapshot(db):
            _add_datasets(registry, db)
            _add_providers(registry, db)
            _add_runs(registry, db)
    finally:
        db.close()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_to_textfile(str(path), registry)
    except OSError as error:
        raise StorageError(f"{path} can't be written ({error.strerror}); name another place with --metrics") from error


def _gauge(registry: CollectorRegistry, name: str, text: str, *labels: str) -> Gauge:
    return Gauge(f"whereused_{name}", text, labels, registry=registry)


def _add_datasets(registry: CollectorRegistry, db: Database) -> None:
    words = "; ".join(f"{name}: {meaning}" for name, meaning in DENOMINATORS.items())
    works = _gauge(registry, "works", f"Works of a dataset by what is known of them ({words}).", "dataset", "state")
    shortfall = _gauge(registry, "shortfall", "Citations that a provider counts but does not hand out.", "dataset", "provider")
    waiting = _gauge(registry, "queue_works", "Works that wait for a reviewer.", "dataset")
    since = _gauge(registry, "queue_oldest_timestamp_seconds", "When the work that waits longest was found (Unix time).", "dataset")
    for entry in find_status(db, (), waiting=False)["datasets"]:
        slug = entry["dataset"]
        for state, count in entry["counts"].items():
            works.labels(slug, state).set(count)
        for provider in entry["providers"]:
            if provider["shortfall"] is not None:
                shortfall.labels(slug, provider["provider"]).set(provider["shortfall"])
        backlog = load_backlog(db, slug)
        waiting.labels(slug).set(backlog.n_works)
        if backlog.since:
            since.labels(slug).set(_seconds(backlog.since))


def _add_providers(registry: CollectorRegistry, db: Database) -> None:
    problems = _gauge(registry, "provider_problems", "Lists and works that a provider refuses or fails to give.", "provider")
    suspect = _gauge(registry, "suspect_lists", "Lists that showed nothing, or far less than before.", "provider")
    for gauge, counts in ((problems, load_problem_counts(db)), (suspect, load_suspect_counts(db))):
        for provider, count in counts.items():
            gauge.labels(provider).set(count)


def _add_runs(registry: CollectorRegistry, db: Database) -> None:
    ended = _gauge(registry, "last_run_timestamp_seconds", "When a command last ended, by how (Unix time).", "command", "status")
    for command, status, at in load_last_runs(db):
        ended.labels(command, status).set(_seconds(at))


def _seconds(at: str) -> float:
    """A time of the database as Unix time."""
    return datetime.fromisoformat(at).timestamp()
