"""Reviewers in real pseudo-terminals: undo, notes, history, search, works put off, two at once."""

from __future__ import annotations

from db.connect import writing
from tests.verify.factory import SLUG, Scene
from tests.verify.terminal import Terminal, review
from tests.verify.test_lines import whereused


def test_two_reviewers_at_once_share_the_queue_and_do_not_see_each_other(queue: Scene) -> None:
    with review(queue) as ann:
        ann.expect("Work 1")
        with review(queue, reviewer="bob") as bob:
            bob.expect("Work 2")  # what lies before one lies before nobody else
            ann.send("ue\n")
            ann.expect("saved: used.*Work 3")
            bob.send("z")
            bob.expect("there is nothing to take back")
            assert "0.90" not in bob.seen
            assert "said" not in bob.seen
            bob.send("n")
            bob.expect(r"saved: not used.*the score said.*Work 4")  # not Work 1: ann has just done it
            ann.send("q")
            assert ann.finish() == 0
            bob.send("q")
            assert bob.finish() == 0
    with review(queue, reviewer="bob") as bob:  # later and alone: an opinion of his own on the same works
        bob.expect("Work 3")  # what nobody has labelled comes first
        for title in ("Work 4", "Work 5", "Work 6", "1 left, second opinions.*Work 1", "Nothing is left for you"):
            bob.send("n")
            bob.expect(title)
        bob.send("q")
        assert bob.finish() == 0
    work = queue.rows("SELECT work_id FROM work WHERE title = 'Work 1'")[0][0]
    assert queue.decision(work) == ("open", "[]", "disagreement")
    with Terminal(queue.path, "adjudicate", SLUG, "--reviewer", "cleo") as cleo:
        cleo.expect(r"reviewer-1 said used \(test\).*reviewer-2 said not used")
        assert "ann" not in cleo.seen.replace("can't", "")
        cleo.send("uv\n")
        cleo.expect("why?")
        cleo.send("only the subset counts\n")
        cleo.expect("settled: used .validate.*Nothing is left for you")
        cleo.send("q")
        assert cleo.finish() == 0
    assert queue.decision(work) == ("used", '["validate"]', "adjudicated")
    assert queue.rows("SELECT d.note, count(*) FROM decision d JOIN decision_label USING (decision_id) WHERE reason = 'adjudicated'") == [
        ("only the subset counts", 2)
    ]


def test_two_terminals_of_one_reviewer_label_no_work_twice(queue: Scene) -> None:
    with review(queue) as one:
        one.expect("Work 1")
        with review(queue) as two:
            two.expect("Work 2")
            one.send("n")
            one.expect("saved.*Work 3")
            two.send("c")
            two.expect("saved.*Work 4")
    assert sorted(row[0] for row in queue.standing()) == ["Work 1", "Work 2"]


def test_the_history_and_the_search_lead_back_to_a_work(queue: Scene) -> None:
    with review(queue) as terminal:
        for title in ("Work 1", "Work 2"):
            terminal.expect(title)
            terminal.send("n")
        terminal.expect("Work 3")
        terminal.send("y")
        terminal.expect(r"1  .*not used: Work 2 \(2020\).*2  .*not used: Work 1")
        assert terminal.fits(80, 24)
        terminal.send("2\n")
        terminal.expect("Work 1.*you said not used; an answer replaces it")
        terminal.send("c")
        terminal.expect("saved: created.*Work 3")
        terminal.send("/work 5\n")
        terminal.expect(r"1 work with 'work 5'.*not answered: Work 5")
        terminal.send("1\n")
        terminal.expect("Work 5")
        terminal.send("d")
        terminal.expect("saved: unsure.*Work 3")
        terminal.send("/10.1234/w3\n\x1b")  # by its DOI, and back
        terminal.expect("Work 3")
        terminal.send("q")
        assert terminal.finish() == 0
    assert queue.standing() == [("Work 1", "created", []), ("Work 2", "not_used", []), ("Work 5", "unsure", [])]
    assert queue.rows("SELECT label FROM label ORDER BY label_id") == [("not_used",), ("not_used",), ("created",), ("unsure",)]
    with review(queue) as terminal:  # undo goes back through the answers in the order in which they were given
        for says in ("unsure; answer again.*Work 5", "created; not used stands again.*Work 1.*you said not used", "not used.*Work 2"):
            terminal.send("z")
            terminal.expect(f"taken back: {says}")
        assert queue.standing() == [("Work 1", "not_used", [])]
        terminal.send("z")
        terminal.expect("taken back: not used; answer again.*Work 1")
        assert queue.standing() == []


def test_where_nothing_is_left_earlier_answers_are_still_in_reach(queue: Scene) -> None:
    script = ["verify", SLUG, "--reviewer", "ann"]
    assert whereused(queue.path, *script, answers="n\n" * 6 + "z\nc\nn\n").returncode == 0  # a script, too
    assert queue.standing()[-1] == ("Work 6", "created", [])
    with review(queue) as terminal:
        terminal.expect("Nothing is left for you")
        terminal.send("z")
        terminal.expect("taken back: created.*Work 6")
        terminal.send("n")
        terminal.expect("Nothing is left for you")
        terminal.send("q")
        assert terminal.finish() == 0
    with review(queue) as terminal:
        terminal.expect("Nothing is left for you")
        terminal.send("/10.1234/w3\n1\n")
        terminal.expect("Work 2.*you said not used")
        terminal.send("c")
        terminal.expect("Nothing is left for you")
        terminal.send("q")
        assert terminal.finish() == 0
    with review(queue, "--plain") as terminal:
        terminal.expect("Nothing is left for you.*answer: ")
        terminal.send("y\n")
        terminal.expect("created: Work 2")
        terminal.send("\n")
        terminal.expect("answer: ")
        terminal.send("q\n")
        assert terminal.finish() == 0
        assert "nothing is left to judge for you" in terminal.seen
    assert [label for _, label, _ in queue.standing()] == ["not_used", "created", *["not_used"] * 4]


def test_other_datasets_of_the_family_are_asked_about(queue: Scene) -> None:
    first = queue.rows("SELECT min(work_id) FROM finding")[0][0]
    with writing(queue.db):
        queue.dataset("smallfaces", "SmallFaces", "SmallFaces")
        queue._add("dataset_ancestor", slug="smallfaces", ancestor=SLUG)
    queue.mention(first, "We also test on SmallFaces.", slug="smallfaces", alias="SmallFaces")
    with review(queue) as terminal:
        terminal.expect(r"also named: SmallFaces \(1\)")
        terminal.send("ut\n")
        terminal.expect(r"Also uses\?.*\[ \] 1 SmallFaces")
        terminal.send("1e\n\n")
        terminal.expect(r"saved: used \(train\), also smallfaces \(test\)")
        mine = "SELECT slug, label, purposes FROM standing_label ORDER BY slug"
        assert queue.rows(mine) == [(SLUG, "used", '["train"]'), ("smallfaces", "used", '["test"]')]
        assert queue.rows("SELECT how FROM found WHERE slug = 'smallfaces'") == [("mention",)]
        terminal.send("z")
        terminal.expect("taken back")
        assert queue.rows(mine) == []


def test_undo_goes_back_into_earlier_sessions(queue: Scene) -> None:
    for _ in range(2):
        with review(queue) as terminal:
            for _ in range(2):
                terminal.expect(r"Work \d\x1b")
                terminal.send("n")
            terminal.expect("2 done")
            terminal.send("q")
            assert terminal.finish() == 0
    with review(queue) as terminal:
        for title in ("Work 4", "Work 3", "Work 2", "Work 1"):
            terminal.send("z")
            terminal.expect(rf"taken back: not used.*{title}")
        terminal.send("z")
        terminal.expect("there is nothing to take back")
        terminal.send("cq")
        assert terminal.finish() == 0
    assert queue.standing() == [("Work 1", "created", [])]


def test_skipped_works_come_at_the_end_and_postponed_ones_another_day(queue: Scene) -> None:
    with review(queue) as terminal:
        terminal.expect("Work 1")
        for key, title in zip("spnnn", ["Work 2", "Work 3", "Work 4", "Work 5", "Work 6"], strict=True):
            terminal.send(key)
            terminal.expect(rf"\n\S*{title}\b")
        terminal.kill()
    with review(queue) as terminal:
        terminal.expect("2 left, 1 postponed.*Work 6")
        terminal.send("n")
        terminal.expect("1 left.*Work 1")
        terminal.send("n")
        terminal.expect("Nothing is left for you")
        terminal.send("q")
        assert terminal.finish() == 0
        assert "0 left to judge, 1 postponed to another day" in terminal.seen
    assert [row[0] for row in queue.standing()] == ["Work 1", "Work 3", "Work 4", "Work 5", "Work 6"]
    queue.db.conn.execute("UPDATE label_draft SET drafted_at = '2020-01-01T00:00:00Z'")
    with review(queue) as terminal:
        terminal.expect("1 left.*Work 2")


def test_a_note_is_kept_at_once_and_goes_with_the_label(queue: Scene) -> None:
    with review(queue) as terminal:
        terminal.expect("Work 1")
        terminal.send("mpretrained modelx\x7f 预训练\n")
        terminal.expect("note saved")
        terminal.kill()
    with review(queue) as terminal:
        terminal.expect("note: pretrained model 预训练")
        terminal.send("n")
        terminal.expect("saved")
        terminal.send("z")
        terminal.expect("note: pretrained model 预训练")  # undo gives it back
        terminal.send("d")
        terminal.expect("saved: unsure")
        terminal.send("mdropped\x1b")
        terminal.expect("Work 2")
        terminal.send("q")
        assert terminal.finish() == 0
    assert queue.rows("SELECT label, note FROM standing_label") == [("unsure", "pretrained model 预训练")]
    assert queue.rows("SELECT * FROM label_draft") == []


def test_assist_shows_the_suggestion_first(queue: Scene) -> None:
    with review(queue, "--assist") as terminal:
        terminal.expect(r"suggestion: used \(0.90\) trained on")
