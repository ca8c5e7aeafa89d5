"""Saved pages as they were recorded, against what was read off them by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.patents.page import NotAPatentError, parse_page

pytestmark = pytest.mark.gold


@pytest.fixture(scope="module")
def pages(gold: Path) -> Path:
    folder = gold / "recordings" / "google_patents"
    if not folder.is_dir():
        pytest.skip(f"no recordings at {folder}")
    return folder


def test_a_native_page(pages: Path) -> None:
    patent = parse_page((pages / "patent-us7654321b2-en.html").read_text(encoding="utf-8"))
    facts = patent.facts
    assert (patent.number, patent.title, patent.publication_date) == (
        "US7654321B2",
        "Formation fluid sampling apparatus and methods",
        "2010-02-02",
    )
    assert (facts.docdb_family_id, facts.priority_date, facts.filing_date, facts.language) == (
        "38352912",
        "2006-12-27",
        "2006-12-27",
        "English",
    )
    assert [(p.role, p.name) for p in facts.parties if p.role != "inventor"] == [
        ("assignee", "Schlumberger Technology Corp"),
        ("current assignee", "Schlumberger Technology Corp"),
    ]
    assert [p.name for p in facts.parties if p.role == "inventor"][:2] == ["Alexander F. Zazovsky", "Colin Longfield"]
    assert len(facts.npl) == 5
    assert facts.npl[0].startswith('A Crombie et al., "Innovations in Wireline Fluid Sampling,"')
    assert {"US20100018704A1", "CN101210492B", "US20080156487A1"} <= set(facts.members)
    sections = {segment.section for segment in patent.segments}
    assert "claim 1" in sections
    assert "claim 22" in sections or len([s for s in sections if s.startswith("claim ")]) >= 20
    assert all(segment.translation is None for segment in patent.segments)
    assert "description, paragraph 0003" in sections


def test_a_translated_page_keeps_original_and_translation_apart(pages: Path) -> None:
    patent = parse_page((pages / "reduced-jp7475618b1-translated.html").read_text(encoding="utf-8"))
    assert (patent.number, patent.facts.language, patent.abstract) == ("JP7475618B1", "Japanese", "【課題】骨の姿勢を決定する。")
    told = {(s.section, s.text, s.translation) for s in patent.segments}
    assert ("description, paragraph 0045", "捻りの範囲は曲げに応じて狭くなる。", "The twist range narrows.") in told
    assert [s.section for s in patent.segments] == [
        "abstract",
        "claim 1",
        "claim 2",
        "description, paragraph 0001",
        "description, paragraph 0045",
    ]
    assert [p.name for p in patent.facts.parties] == ["Celsys Inc", "聡 葛見"]


def test_a_european_description_and_a_fragment(pages: Path) -> None:
    european = parse_page((pages / "reduced-ep2677502a1-description.html").read_text(encoding="utf-8"))
    assert (european.segments[-1].section, european.segments[-1].text) == (
        "description, paragraph 0012",
        "The elbow range depends on the hand.",
    )
    fragment = parse_page((pages / "fragment-cn111938952b-xhr-result.html").read_text(encoding="utf-8"))
    assert (fragment.number, fragment.title) == ("CN111938952B", "Home care robot and control method")


@pytest.mark.parametrize(
    ("name", "words"), [("patent-us0000001b2-en-404.html", "an error page"), ("search-page-shell.html", "a search page without results")]
)
def test_other_pages_are_named(pages: Path, name: str, words: str) -> None:
    with pytest.raises(NotAPatentError, match=words):
        parse_page((pages / name).read_text(encoding="utf-8"))
