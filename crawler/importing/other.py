"""Other uses: press, vendors' pages, product announcements.  A CSV with the columns URL, date, organisation, quote (and title)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from crawler.importing.entry import Problem, clean, find_year
from crawler.importing.report import ImportReport
from db.connect import writing
from db.identity import canonical
from db.importing import is_new_for, save_quote
from db.provider_affiliations import GivenAffiliation, save_affiliations
from db.records import WorkRecord
from db.works import save_finding, save_work

COLUMNS = {
    "url": "url link address webpage page",
    "date": "date published publicationdate day year datum",
    "organisation": "organisation organization company institution vendor publisher org",
    "quote": "quote quotation passage sentence text evidence",
    "title": "title headline",
}
_NAMES = {name: field for field, names in COLUMNS.items() for name in names.split()}
LONGEST_QUOTE = 300  # characters
VERSION = "import"


@dataclass(frozen=True, slots=True)
class OtherUse:
    """One passage of a page that tells of a use.  ``url`` is canonical; ``day`` only where the file gives a whole date."""

    url: str
    title: str | None
    organisation: str | None
    quote: str | None
    year: int | None
    day: str | None


def is_other_table(text: str) -> bool:
    """Whether the first line names the columns of other uses: URL, quote and organisation."""
    return {"url", "quote", "organisation"} <= set(_columns(text)[1])


def _columns(text: str) -> tuple[str, list[str | None]]:
    """(delimiter, field of each column) of the first line."""
    line = next((line for line in text.lstrip("\ufeff").splitlines() if line.strip()), "")
    delimiter = max(",;\t|", key=line.count)
    cells = next(csv.reader([line], delimiter=delimiter), [])
    return delimiter, [_NAMES.get(re.sub(r"[\W_]", "", cell).casefold()) for cell in cells]


def parse_other(text: str, *, name: str) -> Iterator[OtherUse | Problem]:
    """The rows of such a table; a row without a web address, or with nothing to show for it, is a problem."""
    delimiter, columns = _columns(text)
    if "url" not in columns:
        yield Problem(name, "its first line names no column URL; other uses need URL, date, organisation, quote")
        return
    rows = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter)
    try:
        for number, row in enumerate(rows):
            if number and any(cell.strip() for cell in row):
                yield _row(f"{name} line {rows.line_num}", dict(zip(columns, row, strict=False)))
    except csv.Error as error:
        yield Problem(f"{name} line {rows.line_num}", f"no readable CSV from here on ({error}); is a quotation mark missing?")


def _row(place: str, cells: dict[str | None, str]) -> OtherUse | Problem:
    url = canonical("url", (cells.get("url") or "").strip())
    quote, organisation, title = (clean(cells.get(field)) for field in ("quote", "organisation", "title"))
    if url is None:
        return Problem(place, f"{(cells.get('url') or '').strip()[:60]!r} is no web address; left out")
    if not (quote or organisation):
        return Problem(place, "neither a quote nor an organisation; left out")
    if quote and len(quote) > LONGEST_QUOTE:
        return Problem(place, f"a quote of {len(quote)} characters; one sentence of at most {LONGEST_QUOTE} is what is kept, left out")
    told = (cells.get("date") or "").strip()
    try:
        day: str | None = date.fromisoformat(told).isoformat()
    except ValueError:
        day = None
    return OtherUse(url, title, organisation, quote, find_year(told), day)


def save_other(db: Database, uses: Iterable[OtherUse], report: ImportReport, *, provider: str, run_id: int, origin: str) -> None:
    """One transaction for each page: a work of kind ``other``, known by its address, with its organisation and quotes."""
    pages: dict[str, list[OtherUse]] = {}
    for use in uses:
        pages.setdefault(use.url, []).append(use)
    for url, rows in pages.items():
        with writing(db):
            work_id = save_work(db, _record(url, rows), provider=provider, run_id=run_id)
            names = list(dict.fromkeys(row.organisation for row in rows if row.organisation))
            save_affiliations(db, work_id, [GivenAffiliation(name) for name in names], tier=provider, version=VERSION)
            for row in rows:
                if row.quote:
                    save_quote(db, work_id, report.slug, row.quote, provider=provider, version=VERSION)
            save_finding(db, work_id, report.slug, provider=provider, how="import", url=origin, run_id=run_id)
        report.n_works += 1
        report.n_new += is_new_for(db, work_id, report.slug, run_id=run_id)
        report.n_usable += 1


def _record(url: str, rows: list[OtherUse]) -> WorkRecord:
    title = next((row.title for row in rows if row.title), None) or url
    organisation = next((row.organisation for row in rows if row.organisation), None)
    year, day = next((row.year for row in rows if row.year), None), next((row.day for row in rows if row.day), None)
    return WorkRecord(title, kind="other", year=year, venue=organisation, publication_date=day, ids=(("url", url),))
