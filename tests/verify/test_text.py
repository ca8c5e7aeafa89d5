"""Foreign text made harmless, screens of any size, and the codebook."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from db.catalogue import Alias, Dataset
from db.queries.queue import Passage, Whereabouts, WorkCard
from tests.verify.factory import Scene
from verify.codebook import load_codebook, render_codebook
from verify.layout import frame
from verify.prompts import ACTIONS, Prompt, answer_of_key
from verify.text import clean, mark, name_pattern

BAD = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(st.text())
def test_clean_leaves_nothing_that_a_terminal_obeys(text: str) -> None:
    shown = clean(text)
    assert not {unicodedata.category(char) for char in shown} & BAD
    assert shown == clean(shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (None, ""),
        ("a\x1b[31mb\x1b[0m", "a b"),
        ("\x1b]0;title\x07x\x1b]8;;http://e.vil\x1b\\link", "x link"),
        ("\x9b2Jx", "x"),
        ("one\r\n two\tthree\u2028four", "one two three four"),
        ("a\u202eb\u200bc\ufeff", "abc"),
        ("Ünïcode 数据集 😀", "Ünïcode 数据集 😀"),
        ("unfinished \x1b]0;rest", "unfinished 0;rest"),
    ],
)
def test_clean(text: str | None, shown: str) -> None:
    assert clean(text) == shown


def test_names_are_found_whole_in_any_case_and_spacing() -> None:
    pattern = name_pattern(["Mega Face", "LFW", "C++ set", "\x1b[2J"])
    assert mark("MEGA\n FACE, lfw and LFW+, FLFW; the c++ set", pattern) == "*MEGA\n FACE*, *lfw* and *LFW*+, FLFW; the *c++ set*"
    assert name_pattern([" "]) is None
    assert mark("text", None) == "text"


texts = st.text(max_size=300)


@settings(max_examples=60, deadline=None)
@given(
    title=texts,
    passages=st.lists(texts, max_size=6),
    places=st.lists(texts, max_size=6),
    size=st.tuples(st.integers(1, 130), st.integers(1, 50)),
    foot=st.integers(1, 5),
)
def test_a_frame_never_has_more_than_the_screen_holds(
    title: str, passages: list[str], places: list[str], size: tuple[int, int], foot: int
) -> None:
    card = WorkCard(
        1, "paper", title, 2020, "Venue", 2, (("doi", "10.1/x"),), (), tuple(Whereabouts(p, None, "", False) for p in places), (), 0.5, ()
    )
    prompt = Prompt(
        Dataset("faces", "ManyFaces", aliases=(Alias("ManyFaces", False),)),
        card,
        tuple(Passage(p, "fulltext", "ManyFaces") for p in passages),
        "heading",
        "question?",
    )
    columns, lines = size
    console = Console(width=columns)
    seen, first = set(), 0
    while first not in seen:
        seen.add(first)
        drawn = frame(console, prompt, ["foot"] * foot, size, first)
        assert len(drawn.lines) <= max(lines, 4)
        assert all(cell_len(line.plain) <= max(columns - 1, 10) for line in drawn.lines)
        first = drawn.next_passage
    assert drawn.next_passage == 0  # paging comes to an end


def test_the_keys_of_the_codebook_are_plain_and_unique() -> None:
    book = load_codebook()
    keys = [label.key for label in book.labels] + [key for key, _ in ACTIONS.values()]
    assert len(set(keys)) == len(keys)
    assert len({purpose.key for purpose in book.purposes}) == len(book.purposes)
    for label in book.labels:
        answer = answer_of_key(book, label.key.upper())
        assert answer is not None
        assert answer.label == label.name


def test_the_database_takes_every_label_and_no_other(scene: Scene) -> None:
    sql = scene.rows("SELECT sql FROM sqlite_master WHERE name = 'label'")[0][0]
    allowed = sql.partition("label IN (")[2].partition(")")[0]
    assert allowed == ", ".join(f"'{name}'" for name in [*(label.name for label in load_codebook().labels), "retracted"])


def test_the_codebook_page_is_up_to_date() -> None:
    page = Path(__file__).parents[2] / "docs" / "codebook.md"
    assert page.read_text(encoding="utf-8").endswith(render_codebook())
    for label in load_codebook().labels:
        assert label.definition in page.read_text(encoding="utf-8")
