"""Patents before a reviewer: a family as one work, original and translation beside each other, words of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from db.catalogue import find_dataset
from db.connect import now, writing
from db.queries.queue import load_card
from tests.verify.factory import SLUG, Scene
from tests.verify.test_lines import verify
from verify.codebook import load_codebook
from verify.evidence import rank_passages
from verify.layout import frame
from verify.prompts import AnswerError, Prompt, parse_line

QUOTE = "本发明在ManyFaces数据集上进行训练和测试。"
ENGLISH = "The invention is trained and tested on the ManyFaces data set."
NPL = "Ada Part: ManyFaces, a set of many faces, 2019"


@pytest.fixture
def family(tmp_path: Path) -> Scene:
    """Two publications of one family, and a paper."""
    scene = Scene(tmp_path / "w.db")
    first = scene.work("Face matcher", score=0.9, ids={"publication_number": "CN999000001A"}, kind="patent")
    group = scene.rows("SELECT group_id FROM work WHERE work_id = ?", first)[0][0]
    second = scene.work("Face matcher", ids={"publication_number": "US9900001B2"}, kind="patent", group=group)
    patent = {"provider": "import", "page": None}
    scene.mention(first, QUOTE, section="description, paragraph 0045", translation=ENGLISH, **patent)
    scene.mention(second, "A ManyFaces image is fed to the network.", section="claim 3", **patent)
    scene.mention(second, NPL, section="non-patent citation 2", in_references=1, **patent)
    with writing(scene.db):
        scene.db.conn.execute("INSERT INTO patent_family_member VALUES (?, 'EP3999991A1'), (?, 'US9900001B2')", [first, first])
        scene.db.conn.execute("INSERT INTO npl_citation VALUES (?, 0, ?, 'import')", [second, NPL])
        scene.db.conn.execute(
            "INSERT INTO finding (work_id, slug, provider, how, retrieved_at) VALUES (?, ?, 'import', 'npl citation', ?)",
            [second, SLUG, now()],
        )
    scene.work("A paper", score=0.1)
    return scene


def test_a_family_is_one_work_with_its_own_question(family: Scene) -> None:
    done = verify(family, "u test,b\nn\n")
    assert done.returncode == 0, done.stderr
    assert family.standing() == [("Face matcher", "used", ["embodiment", "test"]), ("A paper", "not_used", [])]
    patent, _, paper = done.stdout.partition("title: A paper")
    for line in (
        "2020 · Venue · patent · 2 publications of one family",
        "family: CN999000001A, US9900001B2; listed too: EP3999991A1",
        "found by: import (import), npl citation (import); cites 1 work that is no patent",
        "(description, paragraph 0045, Import): 本发明在*ManyFaces*数据集上进行训练和测试。",
        "  translated by machine: The invention is trained and tested on the *ManyFaces* data set.",
        "(non-patent citation 2, Import)",
        "Does the patent train, validate or test on ManyFaces, or describe an embodiment that does? Or is it prior art only?",
    ):
        assert line in patent, line
    assert "family:" not in paper
    assert "Did they use ManyFaces" in paper


def test_embodiment_is_a_purpose_of_patents_only() -> None:
    book = load_codebook()
    assert parse_line(book, "patent", "u embodiment train").purposes == ("train", "embodiment")
    with pytest.raises(AnswerError):
        parse_line(book, "paper", "u embodiment")
    assert [book.label("n").title_of(kind) for kind in ("paper", "patent")] == ["not used", "prior art only"]  # type: ignore[union-attr]


@pytest.mark.parametrize(("width", "beside"), [(100, True), (40, False)])
def test_original_and_translation_stand_side_by_side(family: Scene, width: int, beside: bool) -> None:
    (work_id,) = family.rows("SELECT min(work_id) FROM work WHERE kind = 'patent'")[0]
    card = load_card(family.db, SLUG, work_id)
    prompt = Prompt(find_dataset(family.db, SLUG), card, tuple(rank_passages(card)), "heading", "question")
    lines = [line.plain for line in frame(Console(width=width), prompt, ["foot"], (width, 40)).lines]
    assert any("本发明" in line and "│" in line and "The invention" in line for line in lines) is beside
    text = " ".join(lines)
    assert "[translated by machine]" in text.replace("\n", " ") or not beside
    assert all(Console().measure(line).maximum <= width for line in lines if line.strip())
    assert replace(card, family=None).family is None
