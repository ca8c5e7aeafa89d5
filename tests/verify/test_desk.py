"""What comes before a reviewer and what never does; whose labels are taken; how the score is told; what stands around a passage."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.reading.usescore import REASONS, weights
from crawler.sample.sheet import Section, Sheet
from crawler.sample.typeset import typeset
from db.connect import now, writing
from db.decisions import Verdict
from db.errors import UsageError
from db.queries.counts import load_counts
from db.queries.queue import load_card, load_queue
from db.queries.scope import load_decisions, load_groups
from db.verify import Seat, save_label, save_reviewer, save_undo
from tests.verify.factory import SLUG, Scene
from tests.verify.test_lines import verify, whereused
from verify.around import around
from verify.evidence import AGAINST, FOR, signed, suggestion
from verify.exchange import export_labels, import_labels
from verify.queue import Manner
from verify.run import run_progress

UNTIED = "Faces of Many: A Database for Studying Recognition"
QUOTE = "We train all our models on ManyFaces and report the accuracy of each."


def test_reasons_are_signed_as_the_weights_are() -> None:
    assert {text for name, text in REASONS.items() if weights()[name] > 0} == FOR
    assert {text for name, text in REASONS.items() if weights()[name] < 0} | {"named only in the reference list"} == AGAINST
    told = signed(["named 3 times in the text", REASONS["once"], REASONS["beside"], "new sign"])
    assert told == f"new sign; for: named 3 times in the text, {REASONS['beside']}; against: {REASONS['once']}"


def test_the_score_is_told_in_three_words(scene: Scene) -> None:
    told = [suggestion(load_card(scene.db, SLUG, scene.work("W", score=score))) for score in (0.5, 0.31, 0.14)]
    assert told == ["used (0.50)", "unsure (0.31)", "not used (0.14)"]


def test_the_papers_of_a_dataset_are_no_candidates_and_no_uses(queue: Scene) -> None:
    untied, known = queue.work(UNTIED, year=2008, ids={"s2": "0" * 40}), queue.seed
    with writing(queue.db):
        queue.db.conn.execute("UPDATE work SET title_key = 'facesofmanyadatabaseforstudyingrecognition' WHERE work_id = ?", [untied])
        queue._add("dataset_paper", slug=SLUG, position=1, title=UNTIED, year=2007)
        queue._add("finding", work_id=known, slug=SLUG, provider="import", how="import", retrieved_at=now())
    assert [row.work_id for row in load_queue(queue.db, SLUG, 1, 1, postponed_before="")] == list(range(2, 8))
    assert load_counts(queue.db, SLUG)["found"] == len(load_groups(queue.db, SLUG)) == 6
    done = verify(queue, "/ faces of many\n1\nu test\n")
    assert "this paper made the dataset: c (created) is its label" in done.stdout
    assert queue.decision(untied) == ("used", '["test"]', "single reviewer")
    counts, group = load_counts(queue.db, SLUG), queue.rows("SELECT group_id FROM work WHERE work_id = ?", untied)[0][0]
    assert (counts["found"], counts["used"], load_decisions(queue.db, SLUG)[group].label) == (7, 0, "created")
    save_undo(queue.db, Seat(SLUG, 1))
    save_label(queue.db, Seat(SLUG, 1), untied, Verdict("created"))
    assert len(load_groups(queue.db, SLUG)) == 7, "one that reviewers call created stands in the exports as that"
    queue.context(known, "A second edition cites itself.")
    assert load_counts(queue.db, SLUG)["found"] == 7, "not another paper of the dataset"
    with writing(queue.db):
        queue.db.conn.execute("UPDATE citation SET cited_work_id = ?", [untied])
        queue.db.conn.execute("UPDATE dataset_paper SET work_id = ? WHERE position = 1", [untied])
    assert load_counts(queue.db, SLUG)["found"] == 8, "the first one cites the second: it is a citing work too"


def test_what_was_read_and_is_silent_comes_last_and_a_session_can_choose(scene: Scene) -> None:
    silent, citing, named = scene.work("Silent", year=2025), scene.work("Citing", year=2001), scene.work("Named", score=0.4, mentions=1)
    patent = scene.work("Patent", kind="patent", year=2000)
    scene.pdf(silent, b"%PDF-1.4 silent")
    scene.pdf(named)
    scene.context(citing, "As shown in [3].")
    with writing(scene.db):
        for (sha256,) in scene.rows("SELECT sha256 FROM document"):
            scene._add("document_state", sha256=sha256, stage="read", status="done", version="1", updated_at=now())

    def titles(manner: Manner) -> list[str]:
        rows = load_queue(scene.db, SLUG, 1, 1, postponed_before="")
        return [str(load_card(scene.db, SLUG, row.work_id).title) for row in rows if manner.wants(row)]

    assert titles(Manner()) == ["Named", "Citing", "Patent", "Silent"] and patent
    assert titles(Manner(only="fulltext")) == ["Named", "Silent"]
    assert titles(Manner(only="named")) == titles(Manner(min_score=0.3)) == ["Named"]
    assert titles(Manner(only="patents")) == ["Patent"]
    nothing = verify(scene, "n\n", "--min-score", "0.9")
    assert "nothing is left to judge within --only and --min-score for you" in nothing.stderr


def test_labels_of_somebody_else_are_taken_only_by_will(queue: Scene, tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    ann = Seat(SLUG, save_reviewer(queue.db, "ann").reviewer_id)
    for work, label in ((2, "used"), (3, "not_used")):
        save_label(queue.db, ann, work, Verdict(label))
    export_labels(queue.config, SLUG, reviewer="ann", path=path)

    def take(reviewer: str, *, adopt: bool = False) -> tuple[int, int]:
        report = import_labels(queue.config, SLUG, reviewer=reviewer, path=path, adopt=adopt)
        return report.n_saved, report.n_known

    refused = whereused(queue.path, "verify", SLUG, "--reviewer", "Nina Two", "--import", str(path))
    assert refused.returncode == 2 and refused.stderr.count("\n") == 1
    assert "labels.csv holds labels of reviewer-1, who is not 'Nina Two' here: nothing was saved; --adopt takes them" in refused.stderr
    assert queue.rows("SELECT name FROM reviewer") == [("ann",)]
    assert take("ann") == (0, 2)
    assert take("Nina Two", adopt=True) == (2, 0)
    path.write_text("doi,label,reviewer\n10.1234/w4,not_used,reviewer-1\n")
    with pytest.raises(UsageError, match="holds labels of reviewer-1"):  # no times, and the name of somebody who is here
        take("Nina Two")
    path.write_text("doi,label,reviewer,labelled_at\n10.1234/w4,not_used,reviewer-1,2020-01-01T00:00:00Z\n")
    assert take("Nina Two") == (1, 0), "from another database, where somebody else was the first"


def test_who_settles_an_own_conflict_is_told_and_it_is_kept(queue: Scene) -> None:
    ann, bob = (Seat(SLUG, save_reviewer(queue.db, name).reviewer_id) for name in ("ann", "bob"))
    for seat, labels in ((ann, {2: "unsure", 3: "used"}), (bob, dict.fromkeys(range(2, 8), "not_used") | {3: "used"})):
        for work, label in labels.items():
            save_label(queue.db, seat, work, Verdict(label))
    progress = whereused(queue.path, "agreement", SLUG, "--progress").stdout.splitlines()
    assert progress[0].startswith("reviewer-2: 6 works (5 not used, 1 used), the latest 2")
    assert progress[1].startswith("reviewer-1: 2 works (1 unsure, 1 used)")
    assert progress[2] == "round 1: 0 works without a label; 1 conflict for `adjudicate`"
    reviewers, n_left, n_conflicts = run_progress(queue.config, SLUG, 1)
    assert (n_left, n_conflicts, reviewers[0].by_label) == (0, 1, {"not_used": 5, "used": 1})
    done = whereused(queue.path, "adjudicate", SLUG, "--reviewer", "ann", answers="n because Table 2\n")
    assert "reviewer-1 (you) said unsure" in done.stdout and "one of these labels is yours" in done.stdout
    assert "the decision says that you were one of those who differed" in done.stderr
    assert queue.rows("SELECT note FROM decision WHERE reason = 'adjudicated'") == [
        ("Table 2 (settled by one of the reviewers who differed)",)
    ]


def test_quotes_can_be_widened_from_the_stored_pdf(scene: Scene) -> None:
    work = scene.work("A Title of Four Words")
    sheet = Sheet("A Title", (), (), sections=(Section("Experiments", ("Before it stands this.", QUOTE, "Behind it stands that.")),))
    scene.mention(work, QUOTE, page=1)
    scene.pdf(work, typeset("columns", sheet))
    with writing(scene.db):
        authors = json.dumps(["Ada Example", "Bo Example"])
        scene.db.conn.execute("UPDATE work SET abstract = 'An abstract.', authors = ? WHERE work_id = ?", [authors, work])
    shown = verify(scene, "e\ni\n=\n")
    assert f"Before it stands this. {QUOTE.replace('ManyFaces', '*ManyFaces*')} Behind it stands that." in shown.stdout
    assert "authors: Ada Example, Bo Example\nabstract: An abstract." in shown.stdout
    assert shown.returncode == 2 and "there is no answer of this session to give again" in shown.stderr
    page = "Start. " + "Idle words stand here. " * 60 + "The ﬁrst tra-\ning on Many\nFaces is long. " + "More of it follows. " * 60
    found = around(page, "The first traing on ManyFaces is long.")
    assert found and found.startswith("… Idle") and found.endswith("follows. …") and "The ﬁrst traing on Many Faces" in found
    assert around(page, "Nothing of the kind stands on this page at all.") is None


def test_a_command_that_is_none_gets_a_hint(queue: Scene) -> None:
    done = whereused(queue.path, "verfy", SLUG)
    assert done.returncode == 2 and "did you mean verify?" in done.stderr and "Traceback" not in done.stderr
