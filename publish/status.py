"""How far each dataset came: the denominators, the last run, and what providers count but did not hand out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from db.connect import Database
from db.queries.counts import DENOMINATORS, ListCount, load_counts, load_fulltext_counts, load_last_retrieved, load_list_counts
from db.queries.datasets import load_dataset, load_last_run, load_state, slugs_with_works
from db.queries.searches import load_citation_counts, load_search_counts
from db.queries.shortfall import Shortfall, load_shortfall
from db.queries.waiting import Waiting, load_waiting
from publish.waiting import next_steps
from publish.words import count

Json = dict[str, Any]
WORKS_NOTE = "Works, versions of one work counted once. A verified use stays when its citation is withdrawn."
PROVIDERS_NOTE = "Citations as each provider counts them; the shortfall is what it counts but does not hand out."


def find_status(db: Database, slugs: Iterable[str], *, waiting: bool = True) -> Json:
    """The status of these datasets, or of all for which something was found.  Raises UsageError for an unknown one.

    ``waiting``: also what waits for people, which takes as long as all the rest.
    """
    state = load_state(db)
    datasets = [_of_dataset(db, slug, waiting=waiting) for slug in list(slugs) or slugs_with_works(db)]
    found: Json = {"as_of": state.as_of, "run_id": state.run_id, "last_run": load_last_run(db), "datasets": datasets}
    return found | ({"sample": True} if state.is_sample else {})


def _of_dataset(db: Database, slug: str, *, waiting: bool) -> Json:
    dataset = load_dataset(db, slug)
    lists = load_list_counts(db, slug)
    names = sorted({entry.provider for entry in lists})
    return {
        "dataset": slug,
        "name": dataset.name,
        "counts": load_counts(db, slug),
        **({"waiting": asdict(load_waiting(db, slug))} if waiting else {}),
        "last_retrieved_at": load_last_retrieved(db, slug),
        "full_texts": load_fulltext_counts(db, slug),
        "providers": [
            _of_provider(name, [entry for entry in lists if entry.provider == name]) | shortfall(load_shortfall(db, slug, name))
            for name in names
        ],
        "searches": [asdict(entry) for entry in load_search_counts(db, slug)],
        "citation_counts": [asdict(entry) for entry in load_citation_counts(db, slug)],
    }


def shortfall(entry: Shortfall) -> Json:
    """What the provider claims, what came, and why full texts are missing."""
    return {
        "claimed": entry.claimed,
        "received": entry.received,
        "without_id": entry.without_id,
        "duplicates": entry.duplicates,
        "with_full_text": entry.with_full_text,
        "without_full_text": entry.why_not,
    }


def _of_provider(name: str, lists: list[ListCount]) -> Json:
    """Sums over the lists that have the provider's own count, and each list."""
    counted = [entry for entry in lists if entry.reported is not None]
    return {
        "provider": name,
        "reported": sum(entry.reported or 0 for entry in counted) if counted else None,
        "harvested": sum(entry.harvested for entry in lists),
        "shortfall": sum(entry.shortfall or 0 for entry in counted) if counted else None,
        "lists": [asdict(entry) | {"shortfall": entry.shortfall} for entry in lists],
    }


def as_text(status: Json) -> str:
    """The status as a person reads it."""
    sample = "Sample database. " if status.get("sample") else ""
    head = f"{sample}State of {status['as_of'] or 'an empty database'}; {_run(status['last_run'])}\n"
    if not status["datasets"]:
        return f"{head}No dataset has any work yet; `whereused crawl SLUG` or `whereused import FILE --dataset SLUG` brings some.\n"
    rows = [["dataset", *(name.replace("_", " ") for name in DENOMINATORS)]]
    rows += [[entry["dataset"], *(f"{entry['counts'][name]:,}" for name in DENOMINATORS)] for entry in status["datasets"]]
    text = f"{head}\n{_table(rows)}\n{WORKS_NOTE}\n"
    rows = [["dataset", "provider", "reports", "harvested", "shortfall", "lists complete"]]
    rows += [[entry["dataset"], *_cells(provider)] for entry in status["datasets"] for provider in entry["providers"]]
    text += f"\n{_table(rows)}\n{PROVIDERS_NOTE}\n" if rows[1:] else ""
    unread = [line for entry in status["datasets"] if (line := _unread(entry))]
    text += "\n" + "".join(unread) if unread else ""
    steps = [step for entry in status["datasets"] if (step := next_steps(entry["dataset"], Waiting(**entry["waiting"])))]
    return text + ("\nNext:\n" + "".join(f"  {step}\n" for step in steps) if steps else "")


def _unread(entry: Json) -> str:
    """Of which full texts the names and houses could not be read, and why."""
    reasons = entry["full_texts"]["unread"]
    told = "; ".join(f"{reason} ({n:,})" for reason, n in reasons.items())
    works = count(sum(reasons.values()), "full text")
    return f"{entry['dataset']}: names and affiliations of {works} could not be read: {told}.\n" if reasons else ""


def _cells(provider: Json) -> list[str]:
    complete = sum(entry["state"] == "done" for entry in provider["lists"])
    numbers = ["–" if provider[name] is None else f"{provider[name]:,}" for name in ("reported", "harvested", "shortfall")]
    return [provider["provider"], *numbers, f"{complete} of {len(provider['lists'])}"]


def _run(run: Json | None) -> str:
    if run is None:
        return "no run yet."
    reason = f" ({run['reason']})" if run["reason"] else ""
    return f"last run {run['run_id']}: {run['command']}, {run['status']}{reason}, {run['ended_at'] or 'since ' + str(run['started_at'])}."


def _table(rows: list[list[str]]) -> str:
    """Rows as aligned columns: words to the left, numbers to the right."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    is_number = [all(cell[:1].isdigit() or cell == "–" for cell in column[1:]) for column in columns]
    lines = [[c.rjust(w) if right else c.ljust(w) for c, w, right in zip(row, widths, is_number, strict=True)] for row in rows]
    lines.insert(1, ["-" * width for width in widths])
    return "".join("  ".join(line).rstrip() + "\n" for line in lines)
