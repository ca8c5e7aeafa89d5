"""Reliance on Science: who cites which paper, over all patents (https://relianceonscience.org, CC BY-NC 4.0).

The tables have tens of millions of rows.  They are read as a stream, from a packed file too, and only rows whose paper is one
of the dataset's are kept.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from crawler.importing.entry import Problem
from crawler.importing.patent_formats import text_lines
from crawler.importing.patent_tables import Row
from crawler.patents.records import Patent, normal_number
from db.errors import UsageError
from db.identity import canonical

PROVIDER = "reliance_on_science"
# Columns that name the paper, in the tables' versions: by MAG, OpenAlex, DOI, PubMed.
_PAPER = {"oaid": "openalex", "openalexid": "openalex", "magid": "mag", "paperid": "mag", "doi": "doi", "pmid": "pubmed"}


def parse_citations(path: Path, papers: Mapping[str, set[str]]) -> Iterator[Row | Problem]:
    """The patents that cite one of these papers (scheme → canonical ids); UsageError where no column names papers or patents."""
    with text_lines(path) as lines:
        try:
            yield from _rows(lines, papers, path.name)
        except (UnicodeDecodeError, EOFError, OSError, csv.Error) as error:
            raise UsageError(f"{path.name} can't be read to its end ({error}); load it down again") from error


def _rows(lines: Iterator[str], papers: Mapping[str, set[str]], name: str) -> Iterator[Row | Problem]:
    first = next(lines, "")
    delimiter = "\t" if "\t" in first else ","
    header = [cell.strip().strip('"').lower() for cell in first.split(delimiter)]
    wanted = [(at, _PAPER[cell]) for at, cell in enumerate(header) if cell in _PAPER]
    if not wanted or "patent" not in header:
        raise UsageError(f"{name} is no table of Reliance on Science: its header has no column patent, or none of {', '.join(_PAPER)}")
    usable = [(at, scheme, papers[scheme]) for at, scheme in wanted if papers.get(scheme)]
    if not usable:
        kinds = " or ".join(sorted({scheme for _, scheme in wanted}))
        raise UsageError(f"{name} names papers by {kinds}, and no paper of the dataset has such an id yet; `whereused crawl` finds them")
    patent = header.index("patent")
    for line, cells in enumerate(csv.reader(lines, delimiter=delimiter), 2):
        if len(cells) <= patent:
            continue
        for at, scheme, ids in usable:
            if at < len(cells) and (value := _paper_id(scheme, cells[at])) in ids and value is not None:
                yield _citation(f"{name} line {line}", cells[patent], dict(zip(header, cells, strict=False)), (scheme, value))
                break


def _paper_id(scheme: str, cell: str) -> str | None:
    """The canonical id; OpenAlex ids stand with and without their W.  Most cells pass no further than a look-up."""
    cell = cell.strip()
    if scheme == "openalex":
        return cell.upper() if cell[:1] in "Ww" else f"W{cell}"
    return canonical("doi", cell) if scheme == "doi" else cell


def _citation(place: str, text: str, cells: dict[str, str], paper: tuple[str, str]) -> Row | Problem:
    number = normal_number(text) or normal_number(f"US{text}")
    if number is None:
        return Problem(place, f"{text[:40]!r} is no publication number; left out")
    return Row(place, Patent(number, PROVIDER, how="npl citation"), (paper,))
