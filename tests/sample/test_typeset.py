"""The stand-ins: what is on the page can be read back from it, and the same sheet gives the same bytes."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys

import pytest
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTChar, LTFigure, LTPage, LTTextContainer

from crawler.sample.layouts import footnotes
from crawler.sample.sheets import make_sheet
from crawler.sample.typeset import LAYOUTS, MARK, Author, Section, Sheet, typeset
from crawler.sample.works import SampleWork, load_works

SHEET = Sheet(
    title="Čapek’s Robots, Seen from Åbo",
    authors=(Author("Karel Čapek", (0,)), Author("Tove Jansson", (1, 0)), Author("Józef Łukasiewicz", (1,))),
    affiliations=("Department of Puppets,\nUniverzita Karlova, Praha", "Åbo Akademi, Turku, Finland"),
    abstract=("[stand-in] Nothing.",),
    sections=(Section("Introduction", ("[stand-in] Nothing yet.",)), Section("Experiments", ("[stand-in] Still nothing.",), "page")),
    references=("A Play, 1920.",),
)


def read_pages(pdf: bytes) -> list[str]:
    """The text of each page, white space collapsed."""
    return [" ".join(_text(page).split()) for page in extract_pages(io.BytesIO(pdf))]


def _text(page: LTPage) -> str:
    return "\n".join(box.get_text() for box in page if isinstance(box, LTTextContainer))


def bare(text: str) -> str:
    """Letters and digits alone: marks, line breaks and hyphens are the reader's business."""
    return re.sub(r"[\W_]", "", text)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_page_says_that_it_is_a_stand_in(layout: str) -> None:
    pages = read_pages(typeset(layout, SHEET))
    assert len(pages) == (3 if layout == "cover" else 2)
    assert all(MARK in page for page in pages)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_page_holds_what_the_sheet_says(layout: str) -> None:
    pages = [bare(page) for page in read_pages(typeset(layout, SHEET))]
    first, last = pages[-2], pages[-1]
    title = SHEET.title.upper() if layout == "iclr" else SHEET.title
    assert bare(title) in first
    for text in (*(author.name for author in SHEET.authors), *SHEET.affiliations):
        assert all(bare(word) in first for word in text.split())
    assert bare("stand-in Still nothing.") in last and bare("A Play, 1920.") in last


@pytest.mark.parametrize("work", load_works(), ids=lambda work: work.key)
def test_the_stand_ins_of_the_sample_hold_every_affiliation(work: SampleWork) -> None:
    front = bare(read_pages(typeset(work.layout, make_sheet(work)))[-2])
    for affiliation in work.affiliations:
        for line in affiliation.split("\n") if work.layout in ("acm", "columns") else [affiliation]:
            assert bare(line) in front
    for name, _ in work.authors:
        family = name.split()[-1]
        assert bare(family) in front and (work.layout != "ieee" or bare(name) in front)


def test_names_and_marks_in_cvpr_layout_are_raised_digits() -> None:
    sizes = {}
    for page in extract_pages(io.BytesIO(typeset("cvpr", SHEET))):
        for box in page:
            for line in box if isinstance(box, LTTextContainer) else ():
                for char in line:
                    if isinstance(char, LTChar):
                        sizes.setdefault(char.get_text(), []).append((round(char.size), round(char.y0)))
        break
    body = max(sizes["k"])
    assert any(size < body[0] for size, _ in sizes["1"]) and any(size < body[0] for size, _ in sizes["2"])


def test_columns_repeat_the_affiliation_under_each_author() -> None:
    sheet = Sheet("A Title of Four Words", tuple(Author(f"Name{letter} Family", (0,)) for letter in "ABCDE"), ("Åbo Akademi\nTurku",))
    assert "".join(read_pages(typeset("columns", sheet))).count("Turku") == 5


def test_a_footnote_says_who_is_with_whom() -> None:
    assert footnotes(SHEET) == [
        "K. Čapek is with the Department of Puppets, Univerzita Karlova, Praha.",
        "T. Jansson is also with the Department of Puppets, Univerzita Karlova, Praha.",
        "T. Jansson and J. Łukasiewicz are with Åbo Akademi, Turku, Finland.",
    ]


def test_chinese_japanese_and_korean_come_out_right() -> None:
    sheet = Sheet(
        "从零推导支持向量机",
        (Author("张皓", (0,)), Author("山田かな", (1,)), Author("김민수", (2,))),
        ("南京大学", "東京大学", "한양대학교"),
    )
    text = bare("".join(read_pages(typeset("lncs", sheet))))
    assert all(bare(word) in text for word in (sheet.title, "张皓", "山田かな", "김민수", "南京大学", "東京大学", "한양대학교"))


def test_a_letter_without_a_font_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"U\+0BA4"):
        typeset("lncs", Sheet("தமிழ்", (), ()))


def test_a_long_sheet_flows_over_columns_and_pages() -> None:
    n_words = 600
    sheet = Sheet(
        "A Title of Four Words",
        (Author("Tove Jansson", (0,)),),
        ("Åbo Akademi",),
        sections=(Section("One", ("[stand-in] word",) * n_words),),
    )
    for layout in ("cvpr", "lncs", "ieee"):
        pages = read_pages(typeset(layout, sheet))
        assert len(pages) > 1 and sum(page.count("[stand-in]") for page in pages) == n_words
        assert all(MARK in page for page in pages)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_is_drawn_outside_of_the_page(layout: str) -> None:
    work = next(work for work in load_works() if work.key == "fairface-challenge")  # the most affiliations
    for page in extract_pages(io.BytesIO(typeset(layout, make_sheet(work)))):
        for box in page:
            assert not isinstance(box, LTFigure)
            assert box.x0 >= 40 and box.x1 <= page.width - 30 and box.y0 >= 20 and box.y1 <= page.height - 15


def test_same_sheet_same_bytes_in_another_process() -> None:
    here = {layout: hashlib.sha256(typeset(layout, SHEET)).hexdigest() for layout in LAYOUTS}
    code = (
        "import hashlib; from tests.sample.test_typeset import SHEET; from crawler.sample.typeset import LAYOUTS, typeset;"
        "print({layout: hashlib.sha256(typeset(layout, SHEET)).hexdigest() for layout in LAYOUTS})"
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "7"})
    assert there.stdout.strip() == str(here)
