"""CSV that no spreadsheet executes, RIS and BibTeX that reference managers read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string

from publish.bibliography import as_bibtex
from publish.rules import clip, link_of, tidy
from publish.tables import WORK_COLUMNS, safe_cell
from tests.publish.rows import HOSTILE


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_has_a_row_for_each_work(exported: Callable[..., str], lines: Callable[..., dict[str, Any]]) -> None:
    rows = rows_of(exported("csv"))
    assert tuple(rows[0]) == WORK_COLUMNS
    assert [row["id"] for row in rows] == [line["id"] for line in lines().values()]
    [row] = [row for row in rows if row["title"] == "Faces at scale"]
    assert row["institutions"] == "Example University; Example Company"
    assert (row["decision"], row["purposes"], row["reviewer"], row["n_versions"]) == ("used", "train; test", "reviewer-a", "2")


def test_csv_names_doubtful_institutions_only_where_all_is_asked_for(exported: Callable[..., str]) -> None:
    for include, doubtful in (("verified", ""), ("all", "Example Unsure College")):
        [row] = [row for row in rows_of(exported("csv", include)) if row["title"] == "Used, but where?"]
        assert (row["institutions"], row["doubtful_institutions"]) == ("", doubtful)


def test_csv_cells_are_no_formulas(exported: Callable[..., str]) -> None:
    for row in rows_of(exported("csv")):
        assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in row.values())
    assert any(row["venue"] == "'=cmd|' /C calc'!A0" for row in rows_of(exported("csv")))


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "＝1", "|x", "\ufeff=1", "\u202e=1"])
def test_cells_that_would_be_formulas_get_an_apostrophe(text: str) -> None:
    assert safe_cell(text).startswith("'")


def test_numbers_stay_numbers() -> None:
    assert [safe_cell(value) for value in (-1.5, 3, None, False)] == ["-1.5", "3", "", "false"]


def test_ris_reads_back(exported: Callable[..., str], lines: Callable[..., dict[str, Any]]) -> None:
    references = {reference["id"]: reference for reference in rispy.loads(exported("ris"))}
    assert set(references) == {line["id"] for line in lines().values()}
    work = references["doi:10.5555/pub_1"]
    assert (work["title"], work["authors"], work["year"], work["doi"]) == (
        "Faces at scale", ["Ada Exämple", "Bo Sample"], "2018", "10.5555/pub_1",
    )  # fmt: skip
    assert references["publication_number:CN000000001A"]["type_of_reference"] == "PAT"
    assert references["doi:10.5555/east;1"]["urls"] == ["https://doi.org/10.5555/east%3B1"]


def test_bibtex_reads_back_with_unique_keys(exported: Callable[..., str], lines: Callable[..., dict[str, Any]]) -> None:
    library = parse_string(exported("bibtex"))
    assert not library.failed_blocks
    assert len(library.entries) == len(lines())
    assert len({entry.key for entry in library.entries}) == len(lines())
    work = library.entries_dict["example2018faces"]
    assert work["author"] == "Ada Exämple and Bo Sample"
    assert {"anon2019used", "anon2019used-2"} <= set(library.entries_dict)
    [hostile] = [entry for entry in library.entries if "Mallory" in entry.fields_dict.get("author", entry.fields[0]).value]
    assert hostile["author"] == r"Mallory \textbraceleft{}Example"
    assert r"\& B" in hostile["title"]


def test_bibtex_of_nothing_is_nothing() -> None:
    assert list(as_bibtex([], {})) == []


def test_texts_are_tidied() -> None:
    assert tidy("a\x00b\n c\u2028d\u202e e") == "a b c d e"
    assert tidy("write to {ann, bo.c}@uni.example.edu or d_e @ x.org") == "write to uni.example.edu or d_e @ x.org"
    assert tidy(tidy("mail ann.b@x.example.org")) == "mail x.example.org"
    assert tidy(None) is None
    assert HOSTILE.startswith("<script>")
    long = clip("word " * 100)
    assert len(long) <= 300 and long.endswith("word…")


@pytest.mark.parametrize(
    ("ids", "link"),
    [
        ({"doi": "10.1/a b<c>"}, "https://doi.org/10.1/a%20b%3Cc%3E"),
        ({"arxiv": "1801.00001", "s2": "a"}, "https://arxiv.org/abs/1801.00001"),
        ({"url": "javascript:alert(1)"}, None),
        ({"url": 'https://x.example/?q="><script>'}, "https://x.example/?q=%22%3E%3Cscript%3E"),
        ({"file": "x"}, None),
    ],
)
def test_links_are_web_addresses(ids: dict[str, str], link: str | None) -> None:
    assert link_of(ids) == link
