"""Several reviewers, rounds, samples, orders, and the estimate of what is unseen."""

from __future__ import annotations

import os
import random
import socket

import pytest

from db.connect import writing
from db.decisions import Seat, Verdict
from db.labels import Screened
from db.leases import find_present, give_back, is_gone, new_holder, take_lease
from db.queries.queue import load_queue
from db.rounds import Plan, save_plan
from db.verify import save_label, save_reviewer
from tests.verify.factory import SLUG, Scene
from tests.verify.test_lines import whereused
from verify.order import ordered, sampled
from verify.stopping import estimate


def seats(scene: Scene, *names: str) -> list[Seat]:
    return [Seat(SLUG, save_reviewer(scene.db, name).reviewer_id) for name in names]


def works(scene: Scene) -> list[int]:
    return [row[0] for row in scene.rows("SELECT work_id FROM finding ORDER BY 1")]


def test_a_lease_keeps_others_off_until_it_is_given_back_or_expires(queue: Scene) -> None:
    ann, bob = seats(queue, "ann", "bob")
    one, two = new_holder(), new_holder()
    first, second, *_ = works(queue)
    assert not take_lease(queue.db, ann, first, one, None, wait=True).held
    assert take_lease(queue.db, bob, first, two, None, wait=True).held == 1
    assert find_present(queue.db, bob) == [ann.reviewer_id]
    assert take_lease(queue.db, ann, first, two, None, wait=True).held_by_me
    take_lease(queue.db, ann, second, one, None, wait=True)  # a session holds one work
    assert take_lease(queue.db, bob, first, two, None, wait=True).held == 0
    with writing(queue.db):
        queue.db.conn.execute("UPDATE lease SET expires_at = '2020-01-01T00:00:00Z'")
    assert take_lease(queue.db, bob, second, two, None, wait=True).held == 0
    give_back(queue.db, two)
    assert queue.rows("SELECT * FROM lease") == []


def test_a_session_that_was_killed_blocks_nobody(queue: Scene) -> None:
    ann, bob = seats(queue, "ann", "bob")
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    dead = f"{socket.gethostname()} {child} 00000000"
    assert is_gone(dead)
    assert not is_gone(f"elsewhere {child} 00000000")
    first = works(queue)[0]
    take_lease(queue.db, ann, first, dead, None, wait=True)
    assert take_lease(queue.db, bob, first, new_holder(), None, wait=True).held == 0
    assert find_present(queue.db, bob) == []


def test_a_round_with_one_reviewer_a_work_gives_no_work_twice(queue: Scene) -> None:
    for name in ("ann", "bob", "cleo"):
        done = whereused(queue.path, "verify", SLUG, "--reviewer", name, "--reviewers", "2", answers="n\n" * 9)
        assert done.returncode == 0, done.stderr
    assert "nothing is left to judge" in done.stderr
    assert queue.rows("SELECT DISTINCT n FROM (SELECT count(*) AS n FROM label GROUP BY work_id)") == [(2,)]
    third = whereused(queue.path, "verify", SLUG, "--reviewer", "cleo", "--reviewers", "3", answers="u test\nq\n")
    assert "1 labelled, 5 left" in third.stderr


def test_second_opinions_come_after_first_ones_where_reviewers_are_counted(queue: Scene) -> None:
    whereused(queue.path, "verify", SLUG, "--reviewer", "ann", "--reviewers", "2", answers="n\nn\nq\n")
    bob = whereused(queue.path, "verify", SLUG, "--reviewer", "bob", answers="n\n" * 6)
    order = [line.removeprefix("title: ") for line in bob.stdout.splitlines() if line.startswith("title: ")]
    assert order == ["Work 3", "Work 4", "Work 5", "Work 6", "Work 1", "Work 2"]
    assert "second opinions" in bob.stdout


def test_a_sample_is_the_same_for_everyone_and_can_not_be_changed(queue: Scene) -> None:
    seen = []
    for name in ("ann", "bob"):
        done = whereused(queue.path, "verify", SLUG, "--reviewer", name, "--round", "9", "--sample", "3", "--seed", "7", answers="n\n" * 9)
        seen.append([line for line in done.stdout.splitlines() if line.startswith("title: ")])
    assert len(seen[0]) == 3
    assert seen[0] == seen[1]
    changed = whereused(queue.path, "verify", SLUG, "--reviewer", "bob", "--round", "9", "--sample", "4")
    assert changed.returncode == 2
    assert "a sample of 3 with seed 7" in changed.stderr
    assert queue.rows("SELECT DISTINCT drawn FROM label") == [("random",)]


def test_orders(queue: Scene) -> None:
    (ann,) = seats(queue, "ann")
    rows = load_queue(queue.db, SLUG, ann.reviewer_id, 1, postponed_before="2000")
    drawn = [[row.work_id for row in ordered(queue.db, SLUG, rows, "random", seed)] for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert sorted(drawn[0]) == sorted(works(queue))
    assert [row.work_id for row in ordered(queue.db, SLUG, rows, "oldest", 1)] == works(queue)
    assert len(sampled(queue.db, SLUG, Plan(sample=4, seed=3), rows)) == 4


def test_plans_keep_what_a_call_does_not_name(queue: Scene) -> None:
    (ann,) = seats(queue, "ann")
    assert save_plan(queue.db, ann, reviewers=None, sample=None, seed=5) == Plan()
    save_plan(queue.db, ann, reviewers=None, sample=2, seed=5)
    assert save_plan(queue.db, ann, reviewers=3, sample=None, seed=None) == Plan(3, 2, 5)


def test_a_label_keeps_what_lay_before_the_reviewer(queue: Scene) -> None:
    whereused(queue.path, "verify", SLUG, "--reviewer", "ann", "--assist", answers="n because only cited\nq\n")
    assert queue.rows("SELECT note, assisted, drawn, evidence FROM label") == [
        (
            "only cited",
            1,
            "priority",
            '[{"quote": "We test on ManyFaces, run 1 of 1.", "page": 1, "section": "Experiments", "provider": "fulltext"}]',
        )
    ]


def test_a_decision_names_its_labels(queue: Scene) -> None:
    work, people = works(queue)[0], seats(queue, "ann", "bob", "cleo")
    for seat in people:
        save_label(queue.db, seat, work, Verdict("used", ("train",)))
    assert queue.rows("SELECT reason, count(*) FROM decision JOIN decision_label USING (decision_id) GROUP BY decision_id") == [
        ("single reviewer", 1), ("agreement", 2), ("agreement", 3)
    ]  # fmt: skip


def test_forget_a_reviewer(queue: Scene) -> None:
    whereused(queue.path, "verify", SLUG, "--reviewer", "Anna Private", answers="n\nm half a note\ns\nq\n")
    done = whereused(queue.path, "forget", "--reviewer", "Anna Private")
    assert done.returncode == 0, done.stderr
    assert "1 label stays as reviewer-1" in done.stderr
    assert queue.standing() == [("Work 1", "not_used", [])]
    queue.db.close()
    for file in queue.path.parent.iterdir():
        assert b"Anna Private" not in file.read_bytes() if file.is_file() else True
    again = whereused(queue.path, "forget", "--reviewer", "Anna Private")
    assert again.returncode == 2
    assert "no reviewer of the name" in again.stderr


def test_the_estimate_covers_the_truth(queue: Scene) -> None:
    dice, hits, n = random.Random(5), 0, 100
    for _ in range(n):
        pool = [dice.random() < 0.1 for _ in range(1000)]
        early = [Screened("priority", True)] * 40
        drawn, later, unseen = pool[:150], pool[150:200], pool[200:]
        order = early + [Screened("random", use) for use in drawn] + [Screened("priority", use) for use in later]
        found = estimate(order, len(unseen)).unseen_uses
        assert found is not None
        hits += found[0] <= sum(unseen) <= found[2]
    assert hits / n >= 0.95
    assert estimate([Screened("priority", True)], 10).unseen_uses is None
    whereused(queue.path, "verify", SLUG, "--reviewer", "ann", "--order", "random", "--limit", "3", answers="u\nn\nn\n")
    said = whereused(queue.path, "verify", SLUG, "--reviewer", "ann", "--estimate").stdout
    assert "3 works have a label, 1 of them are uses; 3 have none" in said
    assert "about 1, with 95 % confidence 0 to 3" in said


def test_learning_moves_what_reads_like_a_use_forward(scene: Scene) -> None:
    for number in range(30):
        work = scene.work(f"Work {number}", score=0.5)
        scene.mention(work, "We trained on ManyFaces." if number % 3 == 0 else "Sets like ManyFaces exist.")
    answers = "\n".join("u train" if number % 3 == 0 else "n" for number in range(12))
    whereused(scene.path, "verify", SLUG, "--reviewer", "ann", "--limit", "10", answers=answers)
    after = whereused(scene.path, "verify", SLUG, "--reviewer", "ann", "--assist", answers="n\nn\nn\nn\nq\n")
    titles = [int(line.split()[-1]) for line in after.stdout.splitlines() if line.startswith("title: ")]
    assert [number % 3 for number in titles[:3]] == [0, 0, 0], titles
    assert "your labels: +" in after.stdout


@pytest.mark.parametrize("wrong", [("--format", "ris"), ("--reviewers", "0"), ("--order", "best")])
def test_wrong_wishes(queue: Scene, wrong: tuple[str, str]) -> None:
    assert whereused(queue.path, "verify", SLUG, "--reviewer", "ann", *wrong).returncode == 2
