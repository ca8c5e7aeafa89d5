"""What is new, withdrawn and corrected for a dataset since a day or a run."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from db.connect import Database
from db.errors import UsageError
from db.queries import changes
from db.queries.changes import Change, FirstSeen, Since
from db.queries.datasets import load_dataset, load_state
from publish.rules import tidy

Json = dict[str, Any]


def since_of(db: Database, since: str) -> Since:
    """What the user means: a day, a time (UTC without an offset), or the end of a run.  Raises UsageError."""
    if re.fullmatch(r"\d{1,9}", since):
        return changes.after_run(db, int(since))
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        raise UsageError(f"--since {since!r} is neither a date such as 2026-03-01 nor the number of a run (`whereused status`)") from None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return Since(moment.strftime("%Y-%m-%dT%H:%M:%SZ"))


def find_news(db: Database, slug: str, since: str) -> Json:
    """Everything that changed.  Raises UsageError for an unknown dataset or run, or a date that is none."""
    load_dataset(db, slug)
    moment = since_of(db, since)
    corrected = changes.load_corrected(db, slug, moment)
    told = {(change.id, change.what) for change in corrected}
    decided = changes.load_decisions_since(db, slug, moment)
    new = [change for change in decided if change.what not in ("open", change.before) and (change.id, change.what) not in told]
    return {
        "dataset": slug,
        "since": moment.at,
        "since_run": moment.run,
        "as_of": load_state(db).as_of,
        "new_works": [_work(change, "providers") for change in changes.load_new_works(db, slug, moment)],
        "new_full_texts": [_work(change, "providers") for change in changes.load_new_full_texts(db, slug, moment)],
        "new_institutions": [_seen(first) for first in changes.load_new_institutions(db, slug, moment)],
        "new_countries": [_seen(first) for first in changes.load_new_countries(db, slug, moment)],
        "new_decisions": [_work(change, "decision") for change in new],
        "corrected": [_work(change, "decision") | {"before": change.before} for change in corrected],
        "corrected_places": [
            place._asdict() | {"affiliation": tidy(place.affiliation)} for place in changes.load_places_since(db, slug, moment)
        ],
        "withdrawn": [
            _work(change, "providers") | ({"decision": change.before} if change.before else {})  # a verified use stays
            for change in changes.load_withdrawn(db, slug, moment)
        ],
        "returned": [_work(change, "providers") for change in changes.load_returned(db, slug, moment)],
    }


def _work(change: Change, what: str) -> Json:
    return {"id": change.id, "title": tidy(change.title), "year": change.year, "kind": change.kind, "at": change.at, what: change.what}


def _seen(first: FirstSeen) -> Json:
    return {name: value for name, value in first._asdict().items() if value is not None}


_HEADINGS = {
    "new_works": ("new work", "new works"),
    "new_full_texts": ("new full text", "new full texts"),
    "new_institutions": ("new institution", "new institutions"),
    "new_countries": ("new country", "new countries"),
    "new_decisions": ("new decision", "new decisions"),
    "corrected": ("corrected decision", "corrected decisions"),
    "corrected_places": ("reviewed affiliation", "reviewed affiliations"),
    "withdrawn": ("withdrawn citation", "withdrawn citations"),
    "returned": ("citation shown again", "citations shown again"),
}


def as_text(news: Json) -> str:
    """The news as a person reads them."""
    run = f" (after run {news['since_run']})" if news["since_run"] is not None else ""
    lines = [f"{news['dataset']} since {news['since']}{run}"]
    for name, (one, many) in _HEADINGS.items():
        entries = news[name]
        if entries:
            lines += ["", f"{len(entries)} {one if len(entries) == 1 else many}", *(f"  {line}" for line in map(_line, entries))]
    return "\n".join([*lines, *(["", "Nothing new."] if len(lines) == 1 else []), ""])


def as_email(news: Json, link: str | None = None) -> str:
    """The news as a message with its header lines, as ``sendmail -t`` takes it once a To: stands before it."""
    told = [f"{len(news[name])} {one if len(news[name]) == 1 else many}" for name, (one, many) in _HEADINGS.items() if news[name]]
    message = EmailMessage(policy=SMTP)
    message["Subject"] = f"{news['dataset']}: {', '.join(told) or 'nothing new'}"
    message["Date"] = format_datetime(datetime.fromisoformat(news["as_of"] or "1970-01-01T00:00:00Z"))
    message.set_content(as_text(news) + (f"\n{link}\n" if link else ""), cte="quoted-printable")
    return str(message).replace("\r\n", "\n")


def _line(entry: Json) -> str:
    if "affiliation" in entry:
        return f"{entry['affiliation']}: {entry['institution'] or entry['ror_id'] or 'no institution is right'}"
    if "name" in entry:
        return f"{entry['name']}, {entry.get('country_code')} [{entry['ror_id']}]" if "ror_id" in entry else str(entry["name"])
    kind = "patent: " if entry["kind"] == "patent" else ""
    title = f"{kind}{entry['title'] or 'untitled'} ({entry['year'] or 'no year'})"
    if "before" in entry:
        return f"{title}: {entry['before']} → {entry['decision']} [{entry['id']}]"
    return f"{title}{': ' + entry['decision'] if 'decision' in entry else ''} [{entry['id']}]"
