"""Tables of patents: result lists of Google Patents, Lens and Espacenet, of a BigQuery query, and plain lists of numbers.

What columns are called differs, what stands in them hardly does: one reader takes them all.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.importing.entry import Problem, clean
from crawler.importing.patent_formats import split_numbers
from crawler.patents.records import Patent, Segment, iso_date, normal_number, parties_of
from db.errors import UsageError
from db.identity import canonical
from db.outside import parse_json
from db.patents import PatentFacts

HEADER_WITHIN = 15  # lines; Google and Espacenet print the query before the header
PROVIDERS = {
    "google-patents-csv": "google_patents", "lens-csv": "lens", "espacenet-csv": "espacenet", "espacenet-xlsx": "espacenet",
    "bigquery-csv": "google_patents_bigquery", "patent-numbers": "import",
}  # fmt: skip
# What a column is called, without case, spaces and punctuation → what it is.
_COLUMNS = {
    "number": "id displaykey publicationnumber patentnumber patent", "title": "title", "abstract": "abstract", "lens": "lensid",
    "assignee": "assignee assignees", "applicant": "applicants applicant", "current assignee": "owners",
    "inventor": "inventorauthor inventors inventor", "priority": "prioritydate earliestprioritydate earliestpriority",
    "filing": "filingcreationdate filingdate applicationdate", "published": "publicationdate", "grant": "grantdate",
    "family": "familyid familynumber", "members": "simplefamilymembers", "npl": "nplcitations npl", "npl ids": "nplresolvedexternalids",
    "passages": "passages", "language": "language",
}  # fmt: skip
_NAMES = {name: field for field, names in _COLUMNS.items() for name in names.split()}
_LEGAL = r"(?:Ltd|Inc|LLC|L\.?L\.?C|Corp|Co|Limited|Incorporated|LP|L\.?P|S\.?A|S\.?L|S\.?r\.?l|GmbH|AG|B\.?V|N\.?V|Plc|Llp|Jr|Sr|K\.?K)\b"


@dataclass(frozen=True, slots=True)
class Row:
    """A patent of a file, where it stands, and the ids of papers that it is said to cite."""

    place: str
    patent: Patent
    cited: tuple[tuple[str, str], ...] = ()


def parse_table(rows: Iterable[tuple[int, list[str]]], *, name: str, format: str) -> Iterator[Row | Problem]:
    """The patents of (line, cells) rows; UsageError where no header names a column of publication numbers."""
    columns: list[str | None] | None = None
    for line, cells in rows:
        if columns is None:
            if (columns := _header(cells)) is None and line > HEADER_WITHIN:
                break
        elif any(cell.strip() for cell in cells):
            yield _row(f"{name} line {line}", _by_field(columns, cells), format)
    if columns is None:
        raise UsageError(f"{name} has no header with a column of publication numbers, as files of the format {format} have")


def csv_rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of a CSV text, whose delimiter is the one that parts the header best."""
    csv.field_size_limit(50_000_000)
    head = "\n".join(text.splitlines()[:HEADER_WITHIN])
    delimiter = max(",;\t", key=lambda sign: max((len({_field(c) for c in row} - {None}) for row in _lenient(head, sign)), default=0))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise UsageError(f"{name} line {line} is no readable CSV ({error}); is a quotation mark missing?") from error


def _lenient(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error:
        return []


def xlsx_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of the first sheet of a workbook (https://openpyxl.readthedocs.io/)."""
    import warnings

    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Espacenet's files name no default style
        try:
            book = load_workbook(path, read_only=True, data_only=True)
            for line, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
                yield line, ["" if cell is None else str(cell) for cell in cells]
        except UsageError:
            raise
        except Exception as error:  # a broken archive or sheet shows in many errors
            raise UsageError(f"{path.name} is no readable workbook ({type(error).__name__}); export it again, or as CSV") from error


def parse_numbers(text: str, *, name: str) -> Iterator[Row | Problem]:
    """The patents of a plain list of numbers."""
    found = False
    for line, content in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        for item in split_numbers(content):
            number = normal_number(item)
            if number:
                found = True
                yield Row(f"{name} line {line}", Patent(number, "import"))
            else:
                yield Problem(f"{name} line {line}", f"{item[:40]!r} is no publication number; left out")
    if not found:
        raise UsageError(f"{name} holds no publication number, such as US7654321B2")


# ---------------------------------------------------------------- one row


def _field(cell: str) -> str | None:
    return _NAMES.get(re.sub(r"[\W_]", "", cell).casefold())


def _header(cells: list[str]) -> list[str | None] | None:
    """The field of each column; a lone name in the text before the header is none."""
    columns = [_field(cell) for cell in cells]
    known = {column for column in columns if column}
    return columns if "number" in known and (len(known) > 1 or len(cells) == 1) else None


def _by_field(columns: list[str | None], cells: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        if column and cell.strip():
            found.setdefault(column, cell.strip())
    return found


def _row(place: str, cells: dict[str, str], format: str) -> Row | Problem:
    numbers = [normal_number(item) for item in re.split(r"[\n;]+", cells.get("number", "")) if item.strip()]
    good = [number for number in numbers if number]
    if not good:
        return Problem(place, f"{cells.get('number', '')[:40]!r} is no publication number; left out")
    npl = tuple(dict.fromkeys(entry for part in _parts(cells.get("npl")) if (entry := clean(part))))
    passages = _passages(cells.get("passages"))
    if passages is None:
        return Problem(place, "its passages are no JSON list of section, text and translation; left out")
    members = [normal_number(part) for part in (*good[1:], *_parts(cells.get("members")))]
    roles = ("applicant", "assignee", "current assignee", "inventor")
    lens = canonical("lens", cells["lens"]) if "lens" in cells else None
    patent = Patent(
        good[0], PROVIDERS[format], title=clean(cells.get("title")), abstract=clean(cells.get("abstract")),
        publication_date=iso_date(cells.get("published")), lens_id=lens,
        facts=PatentFacts(
            docdb_family_id=_family(cells.get("family")), priority_date=iso_date(cells.get("priority")),
            filing_date=iso_date(cells.get("filing")), grant_date=iso_date(cells.get("grant")), language=cells.get("language"),
            parties=tuple(party for role in roles for party in parties_of(role, _people(cells.get(role), format, role))),
            members=tuple(dict.fromkeys(member for member in members if member and member != good[0])), npl=npl,
        ),
        segments=(*passages, *(Segment(entry, f"non-patent citation {at}", in_references=True) for at, entry in enumerate(npl, 1))),
    )  # fmt: skip
    return Row(place, patent, tuple(_cited(cells.get("npl ids"))))


def _family(text: str | None) -> str | None:
    """The EPO's number of the simple family; -1 and 0 stand for none."""
    found = re.fullmatch(r"\d{3,12}", (text or "").strip())
    return found[0] if found else None


def _parts(text: str | None) -> list[str]:
    return [part.strip() for part in re.split(r";;|\n", text or "") if part.strip()]


def _people(text: str | None, format: str, role: str) -> list[str]:
    """The names in a cell.  Google parts them by commas, which stand within names of companies too."""
    if format != "google-patents-csv":
        return [part.strip() for part in re.split(r";;|\n|;", text or "") if part.strip()]
    if role == "inventor":
        return [part.strip() for part in (text or "").split(",")]
    return [part.strip() for part in re.split(rf",\s*(?!\s*{_LEGAL})", text or "", flags=re.IGNORECASE) if part.strip()]


def _passages(text: str | None) -> tuple[Segment, ...] | None:
    """The passages that a query cut out of the full text; none without the column, None where the cell is broken."""
    if not text:
        return ()
    try:
        found = parse_json(text)
        return tuple(Segment(str(p["text"]), str(p.get("section") or "description"), p.get("translation") or None) for p in found)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _cited(text: str | None) -> Iterator[tuple[str, str]]:
    """The ids of cited papers that Lens resolved: DOIs, PubMed ids and others in one cell."""
    for part in re.split(r";;|[\s;,]+", text or ""):
        for scheme in ("doi", "pmc", "openalex"):
            if value := canonical(scheme, part):
                yield scheme, value
        if part.isdigit():
            yield from (("pubmed", part), ("mag", part))
