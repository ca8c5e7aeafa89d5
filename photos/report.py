"""The audit as files: ``audit.json``, a CSV for each table, and ``audit.html``, one page that needs nothing else."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from db.errors import StorageError
from db.queries.photos import Audit, Duties, LicenceRow, UseRow

LIMITS = (
    "The table counts what the licences ask for, as they stand in the audited files; an owner may have changed a licence since, for "
    "other users than those who had the photo before.",
    "An image with a duty of attribution counts as a broken duty where a dataset is used without naming its photographers. That nobody "
    "was named is told of the dataset as a whole; it was not checked for each work.",
    "Whether training, testing or publishing a model is a use that these licences govern, and when it is commercial, is a grey area: it "
    "depends on the use, on exceptions such as fair use or text and data mining, and on the place. A company's name on a paper is a sign "
    "of a commercial use, no proof.",
    "None of this is legal advice.",
)
AGE_NOTE = "Ages are estimates as the supplied file gives them, not facts about anyone."
DISTRIBUTIONS = {
    "year": "Images per year",
    "tag": "Most frequent tags",
    "country": "Countries, where public",
    "rights": "Rights status, where given",
    "age": "Age, estimated",
}


def percent(part: int, whole: int) -> str:
    """A share with one decimal, ``29 %`` in place of ``29.0 %``."""
    return f"{100 * part / whole:.1f}".removesuffix(".0") + " %" if whole else "–"


def yes_no(flag: int | None, *, yes: str = "yes", no: str = "no") -> str:
    """A flag in words; a licence alone doesn't always tell."""
    return "not told" if flag is None else yes if flag else no


def licence_rows(audit: Audit) -> list[dict[str, Any]]:
    """The licence table with its totals, as it goes into files."""
    n, duties = audit.duties.n, audit.duties
    rows = [
        {
            "licence": row.name, "count": row.n, "share": percent(row.n, n), "attribution": yes_no(row.attribution),
            "share_alike": yes_no(row.share_alike), "no_derivatives": yes_no(None if row.derivatives is None else 1 - row.derivatives),
            "commercial_use": yes_no(row.commercial),
        }
        for row in audit.licences
    ]  # fmt: skip
    totals = (
        ("total", duties.n), ("attribution required", duties.attribution), ("share-alike required", duties.share_alike),
        ("no derivatives", duties.no_derivatives), ("no commercial use", duties.no_commercial),
        ("commercial use allowed", duties.commercial),
        ("commercial use not told by the licence", duties.undecided),
    )  # fmt: skip
    blank = dict.fromkeys(("attribution", "share_alike", "no_derivatives", "commercial_use"), "")
    rows += [{"licence": name, "count": part, "share": percent(part, n)} | blank for name, part in totals if part or name == "total"]
    return rows


def use_rows(uses: Iterable[UseRow], duties: Duties) -> list[dict[str, Any]]:
    """What each group of verified uses took in: images by what their licence asks, and duties of attribution over all uses."""
    return [
        {
            "scope": row.scope, "name": row.name, "verified_uses": row.uses, "uses_by_companies": row.commercial,
            "images_closed_to_commercial_use": duties.no_commercial if row.commercial else 0,
            "images_asking_attribution": duties.attribution if row.uses else 0,
            "images_asking_share_alike": duties.share_alike if row.uses else 0,
            "images_closed_to_derivatives": duties.no_derivatives if row.uses else 0,
            "attribution_duties": row.uses * duties.attribution,
            "commercial_prohibitions": row.commercial * duties.no_commercial,
        }
        for row in uses
    ]  # fmt: skip


def sentence(uses: list[UseRow], duties: Duties) -> str | None:
    """The sentence to quote; None where no use is verified."""
    total = next((row for row in uses if row.scope == "total"), None)
    if total is None or not total.uses:
        return None
    text = (
        f"{total.uses:,} verified {'use' if total.uses == 1 else 'uses'}: each took in {duties.attribution:,} images whose licence "
        f"asks to name the author ({total.uses * duties.attribution:,} duties in all)"
    )
    if total.commercial:
        text += (
            f"; {total.commercial:,} came from companies, each with {duties.no_commercial:,} images whose licence excludes commercial use"
            f" ({total.commercial * duties.no_commercial:,} in all)"
        )
    return text + f"; {duties.share_alike:,} images ask that adaptations carry the same licence."


def text_table(audit: Audit) -> str:
    """The licence table for a terminal: licence, count, share."""
    rows = licence_rows(audit)
    width = max(len(str(row["licence"])) for row in rows)
    return "".join(f"{row['licence']:<{width}}  {row['count']:>13,}  {row['share']:>7}\n" for row in rows)


def save_report(out: Path, audit: Audit, uses: list[UseRow], reasons: Mapping[str, int]) -> None:
    """Write all files of an audit into ``out``."""
    tables = {"licences": licence_rows(audit)}
    tables |= {kind: [{kind: value, "count": n} for value, n in values] for kind, values in audit.counts.items()}
    if uses:
        tables["uses"] = use_rows(uses, audit.duties)
    facts = {
        "dataset": audit.slug or None, "figures": audit.figures, "sources": audit.sources, "duties": asdict(audit.duties),
        "rejected": dict(reasons),
        "licences": [row._asdict() for row in audit.licences], **audit.counts, "uses": tables.get("uses", []),
        "sentence": sentence(uses, audit.duties), "limits": LIMITS,
    }  # fmt: skip
    try:
        for name, rows in tables.items():
            (out / f"{name}.csv").write_text(_as_csv(rows), encoding="utf-8", newline="")
        (out / "audit.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        (out / "audit.html").write_text(_page(audit, uses, reasons), encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{out} can't be written ({error.strerror}); name another place with --out") from error


def _as_csv(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _harmless(value: object) -> object:
    """A spreadsheet takes a cell that begins like this for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t")) else value


@cache
def _template() -> Template:
    environment = Environment(loader=PackageLoader("photos", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters["percent"] = percent
    return environment.get_template("audit.html")


def _page(audit: Audit, uses: list[UseRow], reasons: Mapping[str, int]) -> str:
    return _template().render(
        audit=audit, figures=audit.figures, rows=licence_rows(audit), uses=use_rows(uses, audit.duties),
        sentence=sentence(uses, audit.duties), reasons=reasons, limits=LIMITS, age_note=AGE_NOTE, distributions=DISTRIBUTIONS, shown=20,
    )  # fmt: skip


__all__ = ["LicenceRow", "save_report", "text_table"]
