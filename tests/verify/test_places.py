"""Review of doubtful affiliations: decisions as rows, obeyed by geocode."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.connect import now, writing
from db.gazetteer import SAMPLE, Institution, Name
from db.gazetteer_build import create_index, finish_index, save_institutions, save_names
from tests.verify.factory import SLUG, Scene
from tests.verify.test_lines import whereused

UW, UB = "https://ror.org/00cvxb145", "https://ror.org/0bothell0"


@pytest.fixture
def doubtful(scene: Scene) -> Scene:
    work = scene.work("A work")
    scene.institution(work, "Univ. Washington\x1b[2J, Seattle", "University of Wherever")
    scene.institution(work, "Dept. of Things, University of Washington, Seattle", None)
    scene.institution(work, "A sure one", "Sure Institute")
    scene.db.conn.execute("UPDATE string_match SET score = 0.6, method = 'similar name' WHERE string_id = 1")
    with writing(scene.db):
        for string, status in ((1, "matched"), (2, "none"), (3, "matched")):
            scene._add(
                "string_state", string_id=string, status=status, reason="no name known", version="1", gazetteer="t", updated_at=now()
            )
    return scene


def gazetteer(folder: Path, **meta: str) -> Path:
    target = folder / "gazetteer.db"
    index = create_index(folder / "new.db")
    names = ["University of Washington", "University of Washington Bothell"]
    save_institutions(
        index,
        [
            Institution(n, ror, name, "US", "Washington", "Seattle", (), 47.6, -122.3, ("education",), "academic", "active", ())
            for n, (ror, name) in enumerate(zip((UW, UB), names, strict=True))
        ],
    )
    save_names(index, [Name(n, "display", tuple(name.lower().split()), name) for n, name in enumerate(names)])
    finish_index(index, folder / "new.db", target, meta)
    return target


def test_choose_look_up_go_back_and_quit(doubtful: Scene, tmp_path: Path) -> None:
    env = {"WHEREUSED_GAZETTEER": str(gazetteer(tmp_path))}
    done = whereused(
        doubtful.path, "places", SLUG, "--reviewer", "ann", answers="/ university bothell\n1 second campus\nz\nn wrong\n1\nq\n", env=env
    )
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert "taken for: University of Wherever, academic, Seattle, US (score 0.60, similar name)" in done.stdout
    assert "taken back" in done.stdout
    assert "Sure" not in done.stdout
    assert doubtful.rows("SELECT string_id, ror_id, note FROM place_decision ORDER BY decision_id") == [
        (1, None, "wrong"),
        (2, UW, None),
    ]
    taken_back = "SELECT ror_id, note FROM place_answer JOIN place_retraction USING (decision_id)"
    assert doubtful.rows(taken_back) == [(UB, "second campus")]
    again = whereused(doubtful.path, "places", SLUG, "--reviewer", "ann", env=env)
    assert "0 affiliations decided, 0 left" in again.stderr


def test_a_look_up_in_the_bundled_sample_says_what_to_run(doubtful: Scene, tmp_path: Path) -> None:
    for meta, says in (
        ({}, "the registry has nothing under 'kenbury'\n"),
        ({"release": SAMPLE, "records": "2"}, "sample of 2 institutions"),
    ):
        env = {"WHEREUSED_GAZETTEER": str(gazetteer(tmp_path, **meta))}
        done = whereused(doubtful.path, "places", SLUG, "--reviewer", "ann", answers="/ kenbury\nq\n", env=env)
        assert done.returncode == 0 and "nothing under 'kenbury'" in done.stdout and says in done.stdout
        assert ("gazetteer update" in done.stdout) is bool(meta)


def test_without_a_gazetteer_the_matches_can_still_be_judged(doubtful: Scene, tmp_path: Path) -> None:
    env = {"WHEREUSED_GAZETTEER": str(tmp_path / "none.db")}
    done = whereused(doubtful.path, "places", SLUG, "--reviewer", "ann", answers="/ x\n1\n7\n", env=env)
    assert done.returncode == 2
    assert "gazetteer import" in done.stdout
    assert "line 3" in done.stderr
    assert len(doubtful.rows("SELECT * FROM place_decision")) == 1
