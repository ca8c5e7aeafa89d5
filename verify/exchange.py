"""Labels out and in: a reviewer's own labels as a file, and labels that were decided elsewhere from one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from db.config import Config
from db.connect import Database
from db.decisions import Verdict
from db.errors import UsageError
from db.identity import SCHEMES, canonical
from db.labels import LabelledWork, find_works, find_works_titled, has_labels_of, load_labels, load_screened_works
from db.verify import Circumstances, Seat, find_label, find_other, save_label, was_imported
from verify.codebook import Codebook, load_codebook
from verify.foreign import write_foreign
from verify.labelfile import check_path, read_rows, write_rows, write_text
from verify.opening import check_name, opened
from verify.text import clean

MOST_EVIDENCE = 20  # passages taken from a line of a file


@dataclass(slots=True)
class ImportReport:
    """What came of a file: lines taken, lines that were here already, and lines that could not be taken, with why."""

    n_saved: int = 0
    n_known: int = 0
    problems: list[str] = field(default_factory=list)


class LineError(ValueError):
    """A line that can't be taken; the text says why."""


def export_labels(config: Config, slug: str, *, reviewer: str, path: Path, round_: int | None = None, kind: str | None = None) -> int:
    """Write the standing labels of one reviewer to ``path`` (.jsonl or .csv; ``-`` is stdout as JSONL); returns how many.

    In the formats of other tools (``kind``, or .ris) all works are written, for screening there; returns how many works.
    """
    kind = kind or ("ris" if path.suffix.lower() == ".ris" else None)
    if kind:
        with opened(config, slug, reviewer) as (db, _, who):
            works = load_screened_works(db, slug, who.reviewer_id, round_ or 1)
            write_text(path, write_foreign(kind, works, who.pseudonym))
        return len(works)
    check_path(path)
    with opened(config, slug, reviewer, must_exist=True) as (db, _, who):
        labels = [label for label in load_labels(db, slug, who.reviewer_id) if round_ in (None, label.round)]
    write_rows(path, [_row(slug, who.pseudonym, label) for label in labels])
    return len(labels)


def _row(slug: str, pseudonym: str, label: LabelledWork) -> dict[str, Any]:
    ids: dict[str, str] = {}
    for scheme, value in label.ids:
        ids.setdefault(scheme, value)
    verdict = label.verdict
    return {
        "dataset": slug,
        "ids": ids,
        "title": label.title,
        "year": label.year,
        "label": verdict.label,
        "purposes": list(verdict.purposes),
        "note": verdict.note,
        "round": label.round,
        "codebook": verdict.codebook,
        "labelled_at": verdict.labelled_at,
        "reviewer": pseudonym,
        "evidence": [asdict(shown) for shown in label.evidence],
    }


def import_labels(
    config: Config,
    slug: str,
    *,
    reviewer: str,
    path: Path,
    round_: int | None = None,
    kind: str | None = None,
    adopt: bool = False,
) -> ImportReport:
    """Take labels that this reviewer gave elsewhere.  UsageError where they are another reviewer's, unless ``adopt``.

    Each line stands for itself: good ones are saved, each in one transaction, and wrong ones are named with their
    number.  A label that is here already is not saved again; of two that differ the later one counts.
    """
    rows = list(read_rows(path, reviewer, kind))
    _check_one_reviewer(path, rows)
    report, book = ImportReport(), load_codebook()

    def check(db: Database) -> None:
        if not adopt:
            _check_owner(db, slug, reviewer, path, rows)

    with opened(config, slug, reviewer, check=check) as (db, _, who):
        for number, row in rows:
            try:
                _check_dataset(row, slug)
                seat = Seat(slug, who.reviewer_id, _round(row, round_))
                verdict = _verdict(book, row)
                saved = _save(db, seat, _work(db, slug, row), verdict, _evidence(row.get("evidence")))
            except LineError as error:
                report.problems.append(f"{path} line {number}: {error}")
                continue
            report.n_saved += saved
            report.n_known += not saved
    return report


def read_verdicts(db: Database, slug: str, path: Path) -> list[tuple[int, Verdict]]:
    """The works that a label file names, with what it says of them; UsageError names the first lines that are wrong."""
    book, found, problems = load_codebook(), [], []
    for number, row in read_rows(path, ""):
        try:
            _check_dataset(row, slug)
            found.append((_work(db, slug, row), _verdict(book, row)))
        except LineError as error:
            problems.append(f"{path} line {number}: {error}")
    if problems:
        raise UsageError("; ".join(problems[:3]) + (f"; and {len(problems) - 3} more" if len(problems) > 3 else ""))
    return found


def _save(db: Database, seat: Seat, work_id: int, verdict: Verdict, evidence: str) -> bool:
    standing = find_label(db, seat, work_id)
    if verdict.labelled_at and was_imported(db, seat, work_id, verdict):
        return False
    if standing:
        same = (standing.label, sorted(standing.purposes)) == (verdict.label, sorted(verdict.purposes))
        if same and (verdict.note or None) in (None, standing.note):
            return False
        if not verdict.labelled_at or verdict.labelled_at <= (standing.labelled_at or ""):
            raise LineError(f"says {verdict.label}, but a later label here says {standing.label}; the one here was kept")
    return save_label(db, seat, work_id, verdict, replace=True, seen=Circumstances(evidence, drawn="import"))


def _check_one_reviewer(path: Path, rows: list[tuple[int, dict[str, Any]]]) -> None:
    names = sorted({str(row["reviewer"]) for _, row in rows if row.get("reviewer")})
    if len(names) > 1:
        raise UsageError(f"{path} holds labels of {len(names)} reviewers ({', '.join(map(clean, names[:5]))}); make one file for each")


def _check_owner(db: Database, slug: str, reviewer: str, path: Path, rows: list[tuple[int, dict[str, Any]]]) -> None:
    """UsageError where the file holds labels that another reviewer of this database gave.

    The pseudonym alone can't tell: files from another database count their reviewers anew.  So labels of the file have to be here
    already as the other's, with the same time; or the file names that person and tells no times.
    """
    name = next((str(row["reviewer"]) for _, row in rows if row.get("reviewer")), "")
    other = find_other(db, name, check_name(reviewer)) if name else None
    if other is None:
        return
    given = [(str(row["labelled_at"]), str(row.get("label"))) for _, row in rows if row.get("labelled_at")]
    if given and not has_labels_of(db, slug, other.reviewer_id, given):
        return
    raise UsageError(
        f"{path} holds labels of {other.pseudonym}, who is not {clean(reviewer)!r} here: nothing was saved; "
        "--adopt takes them as yours all the same"
    )


def _check_dataset(row: dict[str, Any], slug: str) -> None:
    if "error" in row:
        raise LineError(row["error"])
    if row.get("dataset", slug) != slug:
        raise LineError(f"is about {clean(str(row['dataset']))}, not about {slug}")


def _round(row: dict[str, Any], default: int | None) -> int:
    value = row.get("round") or default or 1
    if not str(value).isdecimal() or not 0 < int(value) < 1000:
        raise LineError(f"round {clean(str(value))!r} is no round; they count from 1")
    return int(value)


def _ids(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    ids = row.get("ids")
    for scheme, value in ids.items() if isinstance(ids, dict) else ():
        form = canonical(scheme, value) if scheme in SCHEMES else None
        if form is None:
            raise LineError(f"{clean(str(scheme))} {clean(str(value))!r} is no id")
        yield scheme, form


def _work(db: Database, slug: str, row: dict[str, Any]) -> int:
    found = find_works(db, slug, _ids(row))
    if not found and row.get("by_title"):
        found = find_works_titled(db, slug, str(row.get("title") or ""), row.get("year"))
    if not found:
        raise LineError(f"names no work of {slug} by an id that is known here")
    if len(found) > 1:
        raise LineError(f"has ids of {len(found)} different works")
    return found[0]


def _verdict(book: Codebook, row: dict[str, Any]) -> Verdict:
    label = book.label(str(row.get("label") or ""))
    if label is None:
        raise LineError(f"label {clean(str(row.get('label')))!r} is none; they are {', '.join(one.name for one in book.labels)}")
    purposes = _purposes(book, label.name, row.get("purposes") or [])
    note, codebook = row.get("note"), row.get("codebook")
    time = _time(row.get("labelled_at"))
    return Verdict(label.name, purposes, clean(str(note)) if note else None, clean(str(codebook)) if codebook else None, time)


def _purposes(book: Codebook, label: str, given: Any) -> tuple[str, ...]:
    words = given.replace(",", " ").split() if isinstance(given, str) else given
    known = {purpose.name for purpose in book.purposes}
    if not isinstance(words, list) or not all(isinstance(word, str) and word in known for word in words) or (words and label != "used"):
        raise LineError(f"purposes {clean(str(given))!r} don't go with {label}")
    return tuple(words)


def _evidence(given: Any) -> str:
    """The passages that lay before the reviewer, as the label keeps them; what is no passage is left out."""
    rows = []
    for row in given if isinstance(given, list) else ():
        if isinstance(row, dict) and isinstance(row.get("quote"), str):
            page = row.get("page")
            texts = {name: clean(str(row[name])) if row.get(name) else None for name in ("section", "provider")}
            rows.append({"quote": clean(row["quote"]), "page": page if isinstance(page, int) else None, **texts})
    return json.dumps(rows[:MOST_EVIDENCE], ensure_ascii=False)


def _time(value: Any) -> str | None:
    if value in (None, ""):
        return None
    try:
        time = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise LineError(f"labelled_at {clean(str(value))!r} is no time in ISO 8601") from error
    return time.replace(tzinfo=time.tzinfo or UTC).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
