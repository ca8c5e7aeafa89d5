"""The audit as files: ``audit.json``, a CSV for each table, and ``audit.html``, one page that needs nothing else."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from db.errors import StorageError
from db.queries.photo_tables import DISTRIBUTIONS, LIMITS, NOTES, licence_rows, sentence, use_rows
from db.queries.photos import Audit, UseRow


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
        for name in ("uses", *DISTRIBUTIONS):  # of an earlier audit into the same folder
            if name not in tables:
                (out / f"{name}.csv").unlink(missing_ok=True)
        for name, rows in tables.items():
            (out / f"{name}.csv").write_text(as_csv(rows), encoding="utf-8", newline="")
        (out / "audit.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        (out / "audit.html").write_text(_page(audit, uses, reasons), encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{out} can't be written ({error.strerror}); name another place with --out") from error


def as_csv(rows: list[dict[str, Any]]) -> str:
    """Rows as CSV with a head line, safe to open in a spreadsheet."""
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
    return environment.get_template("audit.html")


def _page(audit: Audit, uses: list[UseRow], reasons: Mapping[str, int]) -> str:
    return _template().render(
        audit=audit, figures=audit.figures, rows=licence_rows(audit), uses=use_rows(uses, audit.duties),
        sentence=sentence(uses, audit.duties), reasons=reasons, limits=LIMITS, notes=NOTES, distributions=DISTRIBUTIONS, shown=20,
    )  # fmt: skip
