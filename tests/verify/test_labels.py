"""What labels add up to, and that nothing is ever overwritten."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from db.decisions import Verdict, Vote, decide, is_conflict, load_conflicts, save_adjudication, save_adjudication_undone
from db.errors import UsageError
from db.queries.queue import load_card, load_queue
from db.verify import Seat, find_label, find_reviewer, save_deferral, save_label, save_note, save_reviewer, save_undo
from tests.verify.factory import SLUG, Scene
from verify.evidence import rank_passages

NOW = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seats(scene: Scene, *names: str) -> list[Seat]:
    return [Seat(SLUG, save_reviewer(scene.db, name).reviewer_id) for name in names]


def titles(scene: Scene, seat: Seat) -> list[str]:
    queue = load_queue(scene.db, SLUG, seat.reviewer_id, seat.round, postponed_before="2000-01-01T00:00:00Z")
    return [scene.rows("SELECT title FROM work WHERE work_id = ?", row.work_id)[0][0] for row in queue]


def test_pseudonyms_follow_the_order_of_first_use(scene: Scene) -> None:
    names = [save_reviewer(scene.db, name).pseudonym for name in ("zoe", "ann", "zoe", "bob")]
    assert names == ["reviewer-1", "reviewer-2", "reviewer-1", "reviewer-3"]
    scene.db.conn.execute("UPDATE reviewer SET removed_at = ? WHERE name = 'ann'", [NOW])
    with pytest.raises(UsageError, match="removed"):
        find_reviewer(scene.db, "ann")
    assert save_reviewer(scene.db, "dan").pseudonym == "reviewer-4"


@pytest.mark.parametrize("label", ["used", "created", "not_used", "wrong_work"])
def test_one_reviewer_decides_alone(scene: Scene, label: str) -> None:
    work, (ann,) = scene.work("W"), seats(scene, "ann")
    save_label(scene.db, ann, work, Verdict(label, ("train",) if label == "used" else ()))
    assert scene.decision(work) == (label, '["train"]' if label == "used" else "[]", "single reviewer")
    save_undo(scene.db, ann)
    assert scene.decision(work) == ("open", "[]", "no verdict")
    assert [row[0] for row in scene.rows("SELECT label FROM label")] == [label, "retracted"]


def test_no_access_decides_nothing_and_unsure_keeps_a_verdict_open(scene: Scene) -> None:
    work, (ann, bob, cleo) = scene.work("W"), seats(scene, "ann", "bob", "cleo")
    save_label(scene.db, ann, work, Verdict("no_access"))
    assert scene.decision(work) is None
    save_label(scene.db, bob, work, Verdict("used", ("test",)))
    assert scene.decision(work) == ("used", '["test"]', "single reviewer")
    assert load_conflicts(scene.db, SLUG) == []
    save_label(scene.db, cleo, work, Verdict("unsure"))
    assert scene.decision(work) == ("open", "[]", "disagreement")
    assert load_conflicts(scene.db, SLUG) == [work]
    grounds = "SELECT label FROM decision_label JOIN label USING (label_id) WHERE decision_id = (SELECT max(decision_id) FROM decision)"
    assert scene.rows(f"{grounds} ORDER BY label_id") == [("used",), ("unsure",)]
    save_undo(scene.db, cleo)
    assert scene.decision(work) == ("used", '["test"]', "single reviewer")
    save_undo(scene.db, bob)
    save_label(scene.db, cleo, work, Verdict("unsure"))
    assert scene.decision(work) == ("open", "[]", "no verdict") and load_conflicts(scene.db, SLUG) == []


def test_two_reviewers_agree_disagree_and_undo(scene: Scene) -> None:
    work, (ann, bob) = scene.work("W"), seats(scene, "ann", "bob")
    save_label(scene.db, ann, work, Verdict("used", ("train",)))
    save_label(scene.db, bob, work, Verdict("used", ("test",)))
    assert scene.decision(work) == ("used", '["test", "train"]', "agreement")
    save_undo(scene.db, bob)
    assert scene.decision(work) == ("used", '["train"]', "single reviewer")
    save_label(scene.db, bob, work, Verdict("not_used"))
    assert scene.decision(work) == ("open", "[]", "disagreement")
    assert load_conflicts(scene.db, SLUG) == [work]


def test_an_adjudication_stands_until_it_is_taken_back(scene: Scene) -> None:
    work, (ann, bob, cleo, dan) = scene.work("W"), seats(scene, "ann", "bob", "cleo", "dan")
    save_label(scene.db, ann, work, Verdict("used"))
    save_label(scene.db, bob, work, Verdict("not_used"))
    save_adjudication(scene.db, work, SLUG, cleo.reviewer_id, "not_used", ())
    assert load_conflicts(scene.db, SLUG) == []
    save_label(scene.db, dan, work, Verdict("used"))
    assert scene.decision(work) == ("not_used", "[]", "adjudicated")
    assert save_adjudication_undone(scene.db, SLUG, ann.reviewer_id) is None
    assert save_adjudication_undone(scene.db, SLUG, cleo.reviewer_id) == (work, "not_used")
    assert is_conflict(scene.db, work, SLUG)
    assert save_adjudication_undone(scene.db, SLUG, cleo.reviewer_id) is None


def test_a_later_round_replaces_the_earlier_verdict_of_the_same_reviewer(scene: Scene) -> None:
    work, (ann, bob) = scene.work("W"), seats(scene, "ann", "bob")
    save_label(scene.db, ann, work, Verdict("used"))
    save_label(scene.db, bob, work, Verdict("not_used"))
    save_label(scene.db, Seat(SLUG, ann.reviewer_id, 2), work, Verdict("not_used"))
    assert scene.decision(work) == ("not_used", "[]", "agreement")
    assert len(scene.rows("SELECT * FROM standing_label")) == 3


def test_decide_is_the_same_in_any_order() -> None:
    votes = [Vote(1, "used", ("train",)), Vote(2, "unsure"), Vote(3, "used", ("derive",))]
    assert decide(votes) == decide(votes[::-1])
    assert decide([]).label == "open"


def test_the_same_answer_twice_is_one_label(scene: Scene) -> None:
    work, (ann,) = scene.work("W"), seats(scene, "ann")
    assert save_label(scene.db, ann, work, Verdict("used"))
    assert not save_label(scene.db, ann, work, Verdict("not_used"))
    assert find_label(scene.db, ann, work).label == "used"  # type: ignore[union-attr]


def test_versions_that_turn_out_to_be_one_work_share_their_labels(scene: Scene) -> None:
    one, other, (ann, bob) = scene.work("Preprint"), scene.work("Published"), seats(scene, "ann", "bob")
    save_label(scene.db, ann, one, Verdict("used", ("test",)))
    save_label(scene.db, bob, other, Verdict("used", ("test",)))
    group = scene.rows("SELECT group_id FROM work WHERE work_id = ?", one)[0][0]
    scene.db.conn.execute("UPDATE work SET group_id = ? WHERE work_id = ?", [group, other])
    assert titles(scene, ann) == []
    assert find_label(scene.db, ann, other).label == "used"  # type: ignore[union-attr]
    # Undo reaches the label through the version that it was given on.
    assert save_undo(scene.db, ann).work_id == one  # type: ignore[union-attr]
    assert scene.decision(other) == ("used", '["test"]', "single reviewer")
    assert load_card(scene.db, SLUG, other).n_versions == 2


def test_the_queue_is_ordered_by_score_mentions_and_year(scene: Scene) -> None:
    (ann,) = seats(scene, "ann")
    scene.work("no score, old", year=1999)
    scene.work("no score, no year", year=None)
    scene.work("no score, new", year=2024)
    scene.work("no score, named", year=1990, mentions=2)
    only_cited = scene.work("no score, in the references")
    scene.mention(only_cited, "ManyFaces", in_references=1)
    scene.work("half", score=0.5, mentions=9)
    scene.work("sure, once", score=0.9, mentions=1)
    scene.work("sure, often", score=0.9, mentions=5)
    assert titles(scene, ann) == [
        "sure, often",
        "sure, once",
        "half",
        "no score, named",
        "no score, new",
        "no score, in the references",
        "no score, old",
        "no score, no year",
    ]


def test_withdrawn_works_and_other_versions_are_not_asked(scene: Scene) -> None:
    (ann,) = seats(scene, "ann")
    gone, kept = scene.work("Gone"), scene.work("Kept")
    scene.db.conn.execute("UPDATE finding SET withdrawn_at = ? WHERE work_id = ?", [NOW, gone])
    scene.work("Kept, preprint", score=0.9, group=scene.rows("SELECT group_id FROM work WHERE work_id = ?", kept)[0][0])
    assert titles(scene, ann) == ["Kept"]


def test_undo_walks_back_through_labels_and_put_off_works_in_order(scene: Scene) -> None:
    (ann,) = seats(scene, "ann")
    a, b, c, d = (scene.work(name) for name in "ABCD")
    save_label(scene.db, ann, a, Verdict("used"))
    save_deferral(scene.db, ann, b, "skip")
    save_note(scene.db, ann, c, "a note")
    save_label(scene.db, ann, c, Verdict("created"))
    save_deferral(scene.db, ann, d, "postpone")
    save_deferral(scene.db, ann, b, "skip")
    undone = []
    while last := save_undo(scene.db, ann):
        undone.append((last.work_id, last.what))
    assert undone == [(b, "skip"), (d, "postpone"), (c, "created"), (a, "used")]
    assert scene.rows("SELECT kind, note FROM label_draft") == [("note", "a note")]


def test_undo_of_an_answer_that_replaced_another_puts_that_one_back(scene: Scene) -> None:
    (ann,) = seats(scene, "ann")
    a, b = scene.work("A"), scene.work("B")
    save_label(scene.db, ann, a, Verdict("not_used", note="first"))
    save_label(scene.db, ann, b, Verdict("unsure"))
    for label in ("created", "used"):
        save_label(scene.db, ann, a, Verdict(label), replace=True)
    told = []
    while undone := save_undo(scene.db, ann):
        told.append((undone.work_id, undone.what, undone.restored))
        if len(told) == 2:
            assert scene.decision(a) == ("not_used", "[]", "single reviewer")
            save_deferral(scene.db, ann, b, "skip")
    assert told == [
        (a, "used", "created"), (a, "created", "not_used"), (b, "skip", None), (b, "unsure", None), (a, "not_used", None)
    ]  # fmt: skip
    assert scene.standing() == []


def test_passages_that_settle_the_question_come_first_and_once(scene: Scene) -> None:
    work = scene.work("W")
    scene.mention(work, "[7] ManyFaces. 2016.", in_references=1, section="References")
    scene.mention(work, "Sets such as ManyFaces grew.", section="Related work")
    scene.mention(work, "We trained on ManyFaces.", section="Experiments")
    scene.context(work, "we trained on MANYFACES", "background")
    quotes = [passage.text for passage in rank_passages(load_card(scene.db, SLUG, work))]
    assert quotes == ["We trained on ManyFaces.", "Sets such as ManyFaces grew.", "[7] ManyFaces. 2016."]
