"""CSV with a header line, from a reference manager, a search service or by hand (RFC 4180, other delimiters too)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from crawler.importing.entry import Entry, Fields, Problem, make_entry, split_authors
from db.errors import UsageError

# What a column is called → what it is.  Compared without case, spaces and punctuation.
COLUMNS = {
    "title": "title articletitle papertitle documenttitle worktitle displayname titel titre titulo 题名 标题 篇名",
    "doi": "doi doilink dois",
    "arxiv": "arxiv arxivid arxivlink eprint",
    "s2": "s2 s2id paperid semanticscholarid semanticscholarpaperid",
    "corpus": "corpusid s2corpusid",
    "openalex": "openalex openalexid",
    "pubmed": "pmid pubmed pubmedid",
    "pmc": "pmc pmcid",
    "publication_number": "publicationnumber patentnumber patentno",
    "lens": "lensid",
    "year": "year publicationyear pubyear publishedyear yearpublished date publicationdate published jahr annee ano 年",
    "venue": "venue journal journaltitle journalbook journalname booktitle conference conferencename sourcetitle publicationtitle "
    "publicationvenue containertitle source zeitschrift 来源 期刊",
    "authors": "author authors authornames authorsname authorfullnames creator creators autor autoren auteurs 作者",
    "abstract": "abstract abstractnote summary 摘要",
    "url": "url link links articleurl paperurl weblink landingpage",
    "pdf": "pdf pdflink pdfurl pdffile file filename fileattachments attachment attachments openaccesspdf fulltextlink",
    "kind": "kind type itemtype documenttype publicationtype",
}
_NAMES = {name: field for field, names in COLUMNS.items() for name in names.split()}
_IDS = ("doi", "arxiv", "s2", "corpus", "openalex", "pubmed", "pmc", "publication_number", "lens")
_TELLING = {"title", *_IDS}
HEADER_WITHIN = 15  # lines; some services print a few of their own before the header
_OTHER = re.compile(r"web ?page|news|press|product|blog|website", re.IGNORECASE)


def parse_csv(text: str, *, name: str, folder: Path) -> Iterator[Entry | Problem]:
    """The rows of a table; UsageError where there is no header with a known column."""
    csv.field_size_limit(10_000_000)  # the standard 131,072 is less than some abstracts
    delimiter, header_line, columns = _header(text, name)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Problem(f"{name} line {start}", f"no readable CSV from here on ({error}); is a quotation mark missing?")
            return
        place, start = f"{name} line {start}", rows.line_num + 1
        if rows.line_num <= header_line or not any(cell.strip() for cell in row):
            continue
        yield _entry(place, row, columns, folder)


def _entry(place: str, row: list[str], columns: list[str | None], folder: Path) -> Entry | Problem:
    if any(cell.strip() for cell in row[len(columns) :]):
        return Problem(
            place, f"{len(row)} fields where the header has {len(columns)}; left out (is a field with the delimiter not in quotes?)"
        )
    cells: dict[str, str] = {}
    for field, cell in zip(columns, row, strict=False):
        if field and cell.strip() and field not in cells:
            cells[field] = cell.strip()
    kind = cells.get("kind", "")
    fields = Fields(
        title=cells.get("title"), year=cells.get("year"), venue=cells.get("venue"), abstract=cells.get("abstract"), url=cells.get("url"),
        authors=split_authors(cells.get("authors")), pdf=cells.get("pdf"), ids=tuple((scheme, cells.get(scheme)) for scheme in _IDS),
        kind="patent" if "publication_number" in cells or "patent" in kind.lower() else "other" if _OTHER.search(kind) else "paper",
    )  # fmt: skip
    return make_entry(place, fields, folder=folder)


def _header(text: str, name: str) -> tuple[str, int, list[str | None]]:
    """(delimiter, last line of the header, field of each column): the reading that knows the most columns."""
    best: tuple[int, str, int, list[str | None]] = (0, ",", 0, [])
    for delimiter in ",;\t|":
        rows = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter)
        try:
            for row in rows:
                columns = [_NAMES.get(re.sub(r"[\W_]", "", cell).casefold()) for cell in row]
                known = len({field for field in columns if field})
                if _TELLING & set(columns) and known > best[0]:
                    best = (known, delimiter, rows.line_num, columns)
                if rows.line_num >= HEADER_WITHIN:
                    break
        except csv.Error:
            continue
    if not best[0]:
        first = text.lstrip().partition("\n")[0].strip()[:80]
        hint = "numbers of patents: --format patent-numbers"
        raise UsageError(f"{name} has no header with a column title, doi or arxiv; its first line is {first!r} ({hint})")
    return best[1], best[2], best[3]
