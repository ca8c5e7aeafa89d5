"""CSV, RIS and BibTeX as people and programs write them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.importing.entry import Entry, Problem, find_year, ids_in_url, split_authors
from crawler.importing.references import parse_bibtex, parse_ris
from crawler.importing.run import find_format, run
from crawler.importing.tables import parse_csv
from crawler.importing.text import decode
from db.config import Config
from db.errors import UsageError
from tests.importing.files import make_pdf, query

TITLE = "Level Playing Field for Million Scale Face Recognition"
Parser = Callable[..., Iterator[Entry | Problem]]


def parsed(parser: Parser, text: str, folder: Path = Path()) -> tuple[list[Entry], list[str]]:
    found = list(parser(text, name="f", folder=folder))
    return [e for e in found if isinstance(e, Entry)], [str(p) for p in found if isinstance(p, Problem)]


# ---------------------------------------------------------------- CSV


def test_csv_with_quotes_line_breaks_and_commas() -> None:
    header = "Title,Authors,Year,Venue,DOI\r\n"
    text = header + '"Level Playing Field,\nfor ""Million Scale""","Nech, A.; Kemelmacher, I.",2017,CVPR,10.1109/CVPR.2017.363\r\n'
    (entry,), problems = parsed(parse_csv, text)
    assert not problems
    assert entry.record.title == 'Level Playing Field, for "Million Scale"'
    assert entry.record.authors == ("Nech, A.", "Kemelmacher, I.")
    assert (entry.record.year, entry.record.venue, entry.record.ids) == (2017, "CVPR", (("doi", "10.1109/cvpr.2017.363"),))


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Article Title", "title"), ("Document Title", "title"), ("TITLE", "title"), ("题名", "title"), ("Titel", "title"),
    ],
)  # fmt: skip
def test_names_of_columns(header: str, field: str) -> None:
    (entry,), _ = parsed(parse_csv, f"Number;{header};x\n1;{TITLE};2\n")
    assert getattr(entry.record, field) == TITLE


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter: str) -> None:
    text = (
        delimiter.join(("Authors", "Title", "Publication Year", "arXiv ID"))
        + "\n"
        + delimiter.join(("Bee A.", TITLE, "2017-03-01", "1705.00393v2"))
    )
    (entry,), problems = parsed(parse_csv, text)
    assert not problems
    assert (entry.record.year, entry.record.ids) == (2017, (("arxiv", "1705.00393"),))


def test_lines_before_the_header() -> None:
    (entry,), problems = parsed(parse_csv, f'sep=,\n"search URL:",https://example.org\n\nTitle,Year\n{TITLE},2017\n')
    assert (entry.place, entry.record.title, problems) == ("f line 5", TITLE, [])


def test_bad_rows_are_named_by_line_and_the_rest_comes_in() -> None:
    rows = ",,\n,2018,\nToo, many, fields, here\nShort row\nBad DOI,20I7,nonsense\nLast,2019,\n"
    text = f'title,year,doi\n"{TITLE}\nover two lines",2017,10.1/x\n{rows}'
    entries, problems = parsed(parse_csv, text)
    assert [(e.place, e.record.title) for e in entries] == [
        ("f line 2", TITLE + " over two lines"), ("f line 7", "Short row"), ("f line 8", "Bad DOI"), ("f line 9", "Last"),
    ]  # fmt: skip
    assert [p.partition(" fields where")[0] for p in problems] == ["f line 5: neither a title nor an id; left out", "f line 6: 4"]
    assert entries[0].notes == ("'10.1/x' is no DOI; left out",)
    assert entries[2].notes == ("'nonsense' is no DOI; left out", "'20I7' is no year; left out")


def test_an_open_quotation_mark_is_said_with_its_line() -> None:
    entries, problems = parsed(parse_csv, f'title,year\n{TITLE},2017\n"never closed,2018\nnext,2019\n')
    assert [e.record.title for e in entries] == [TITLE]
    assert len(problems) == 1
    assert problems[0].startswith("f line 3: no readable CSV from here on")


def test_patents_and_other_uses() -> None:
    text = "Title,Publication Number,Type,URL\nA method,CN 108256450 A,,\nA product,,web page,https://example.org/product\n"
    (patent, page), _ = parsed(parse_csv, text)
    assert (patent.record.kind, patent.record.ids) == ("patent", (("publication_number", "CN108256450A"),))
    assert (page.record.kind, page.record.ids) == ("other", (("url", "https://example.org/product"),))


def test_no_header() -> None:
    with pytest.raises(UsageError, match="no header with a column title, doi or arxiv; its first line is 'Some text'"):
        parsed(parse_csv, "Some text\nmore, text\n")


# ---------------------------------------------------------------- RIS and BibTeX

RIS = f"""\ufeff1.
TY  - CONF
TI  - {TITLE}
AU  - Nech, Aaron
AU  - Kemelmacher-Shlizerman, Ira
PY  - 2017/07//
T2  - CVPR
DO  - https://doi.org/10.1109/CVPR.2017.363
UR  - https://arxiv.org/abs/1705.00393
N1  - arXiv:1705.00393
ER  -

2.
TY - JOUR
T1 - Ends without its mark
Y1 - 2018///

TY  - PAT
TI  - A method
M1  - CN108256450A
ER  -
TY  - JOUR
AU  - Nobody, A.
ER  -
"""


def test_ris_loses_no_reference() -> None:
    entries, problems = parsed(parse_ris, RIS)
    first, second, patent = (entry.record for entry in entries)
    assert (first.title, first.year, first.venue, first.authors) == (TITLE, 2017, "CVPR", ("Nech, Aaron", "Kemelmacher-Shlizerman, Ira"))
    assert first.ids == (("arxiv", "1705.00393"), ("doi", "10.1109/cvpr.2017.363"))
    assert (second.title, second.year) == ("Ends without its mark", 2018)
    assert (patent.kind, patent.ids) == ("patent", (("publication_number", "CN108256450A"),))
    assert problems == ["f line 22: neither a title nor an id; left out"]
    with pytest.raises(UsageError, match="holds no RIS reference"):
        parsed(parse_ris, "hello\nworld\n")


BIB = r"""@string{cvpr = "CVPR"}
@inproceedings{nech, title={Level {P}laying Field for \"Uber {M}illion Scale}, author={Nech, Aaron and Garc{\'i}a, Jos\'e and others},
  booktitle=cvpr, year=2017, doi={10.1109/CVPR.2017.363}, url={https://x.org/a_b%20c}}
@article{nech, title="The same key", year="2018", eprint={1705.00393}, archivePrefix={arXiv}}
@article{broken, title={never closed, year=2019
@misc{last, title={In the journal field}, journal={arXiv preprint arXiv:1811.11283}, year={2018}}
@comment{not an entry}
"""


def test_bibtex_with_latex_doubled_keys_and_a_broken_entry() -> None:
    entries, problems = parsed(parse_bibtex, BIB)
    first, second, third = (entry.record for entry in entries)
    assert (first.title, first.venue, first.year) == ("Level Playing Field for Über Million Scale", "CVPR", 2017)
    assert first.authors == ("Nech, Aaron", "García, José")
    assert first.ids == (("doi", "10.1109/cvpr.2017.363"), ("url", "https://x.org/a_b%20c"))
    assert (second.title, second.ids) == ("The same key", (("arxiv", "1705.00393"),))
    assert third.ids == (("arxiv", "1811.11283"),)
    assert problems == ["f line 5: no readable BibTeX; left out (is a brace missing?)"]
    with pytest.raises(UsageError, match="holds no BibTeX entry"):
        parsed(parse_bibtex, "just words")


def test_pdfs_that_a_reference_manager_keeps_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.pdf").write_bytes(make_pdf("a"))
    (tmp_path / "list.bib").write_text(
        "@misc{a, title={The first of two}, file={Full Text:files/a.pdf:application/pdf}}\n"
        "@misc{b, title={The second}, file={:gone.pdf:PDF}}\n"
    )
    report = run(Config(db=tmp_path / "a.db", verbosity=-1), tmp_path / "list.bib", "megaface")
    assert (report.n_works, report.n_stored) == (2, 1)
    assert [str(p) for p in report.remarks] == ["list.bib line 2: there is no PDF 'gone.pdf' beside the file"]
    assert query(tmp_path / "a.db", "SELECT url, status FROM fulltext") == [("file:a.pdf", "stored")]


# ---------------------------------------------------------------- encodings and cells


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings(encoding: str) -> None:
    assert (
        decode("title,venue\nGesichtserkennung für alle,人脸\n".encode(encoding), "f").lstrip("\ufeff").startswith("title,venue\nGesicht")
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("title,year\nfür,2017\n".encode("latin-1"), "line 2 is not UTF-8 (byte 0xfc); tried UTF-8 and UTF-16. Convert it first"),
        ("题名,年\n人脸识别,2017\n".encode("gb18030"), "GB18030"),
        (b"PK\x03\x04\x14\x00 a spreadsheet", "is a spreadsheet"),
        (make_pdf("x"), "is a PDF"),
        (b"  \n ", "is empty"),
        (b"<html><body>Sign in</body></html>", "no header with a column title"),
    ],
)  # fmt: skip
def test_bad_files_are_refused_in_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "list.csv").write_bytes(content)
    with pytest.raises(UsageError) as caught:
        run(Config(db=tmp_path / "a.db"), tmp_path / "list.csv", "megaface")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "a.db").exists()


def test_format_is_told_by_content_where_the_name_does_not(tmp_path: Path) -> None:
    for text, kind in ((RIS, "ris"), (BIB, "bibtex"), ("title\nx\n", "csv"), ("%PDF-1.4", "pdf")):
        (tmp_path / "export.txt").write_text(text, encoding="utf-8")
        assert find_format(tmp_path / "export.txt") == kind
    assert find_format(tmp_path) == "pdf"


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Bee, Ann; Cee, Bob", ("Bee, Ann", "Cee, Bob")),
        ("Ann Bee and Bob Cee", ("Ann Bee", "Bob Cee")),
        ("Ann Bee, Bob Cee, and Dora Dee", ("Ann Bee", "Bob Cee", "Dora Dee")),
        ("Ann Bee, Bob Cee", ("Ann Bee", "Bob Cee")),
        ("Bee, A., Cee, B.", ("Bee, A.", "Cee, B.")),
        ("Bee, Ann", ("Bee, Ann",)),
        ("Kumar N.; Berg A.; et al.", ("Kumar N.", "Berg A.")),
        ("", ()),
        (None, ()),
    ],
)
def test_split_authors(cell: str | None, names: tuple[str, ...]) -> None:
    assert split_authors(cell) == names


def test_years_and_addresses() -> None:
    years = [find_year(text) for text in ("2017", "2017-03-01", "Mar 2017", "2017/03/01/", "17", "2016-2017", "20175", None)]
    assert years == [2017, 2017, 2017, 2017, None, None, None, None]
    assert ids_in_url("https://arxiv.org/abs/1705.00393v2") == (("arxiv", "1705.00393"),)
    assert ids_in_url("https://doi.org/10.1109/CVPR.2016.527") == (("doi", "10.1109/cvpr.2016.527"),)
    assert ids_in_url("https://patents.google.com/patent/CN108256450A/en") == (("publication_number", "CN108256450A"),)
    assert ids_in_url("https://example.org/a") == (("url", "https://example.org/a"),)
    assert ids_in_url("see above") == ids_in_url(None) == ()


@pytest.mark.gold
def test_a_real_list(gold: Path, tmp_path: Path) -> None:
    report = run(Config(db=tmp_path / "a.db", verbosity=-1), gold / "recordings" / "citing_lists" / "fairface-citing.csv", "fairface")
    assert report.n_works >= 270
    assert not report.problems


PIECES = (
    *(
        "TY  - JOUR\n",
        "TI  - A title\n",
        "ER  - \n",
        "AU  - ",
        "UR  - http://[",
        "DO  - 10.1000/",
        "title,doi\n",
        "@article{",
        "a,",
        " title={",
    ),
    *("author = {A and B and }", "@string{x=", "@comment{", "eprint = 1705.00393,", "2017", "\r", "\n", '"', ",", ";", "}", "{", "#", "%"),
    *("\\'", "\\", "\x00", "\ufeff", "é", "年"),
)
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=25).map("".join)


@settings(deadline=None, max_examples=150)
@given(text=TEXTS, parser=st.sampled_from([parse_csv, parse_ris, parse_bibtex]))
def test_no_text_breaks_a_reader(text: str, parser: Parser) -> None:
    try:
        for found in parser(text, name="f", folder=Path("/nonexistent")):
            assert "\n" not in str(found) if isinstance(found, Problem) else found.record.title or found.record.ids
    except UsageError as error:
        assert "\n" not in str(error)
