"""`places` in a real pseudo-terminal of 80 by 24: every key, every answer on disk before the next screen."""

from __future__ import annotations

import termios

import pytest

from db.connect import writing
from tests.verify.factory import SLUG, Scene
from tests.verify.terminal import Terminal
from tests.verify.test_place_answers import EAST, WEST, env, record  # noqa: F401 (the fixture env)

STATE = {"status": "none", "reason": "no name known", "version": "1", "gazetteer": "t", "updated_at": "2026-01-01T00:00:00Z"}
STRINGS = ["Westmark Univ. A, Seattle", "Both Houses Consortium, USA", "Corner of Fifth and Main", "Hand Institute, Nowhere"]
# (keys, what the screen then says); ␛ is Esc
WORK = [
    ("/", "look up: _"), ("westmark\n", r"\[ \] 1  Westmark University"), ("1", r"\[x\] 1"), ("\n", "saved: Westmark University"),
    ("/", "look up: _"), ("university\n", r"\[ \] 2  "), ("1", r"\[x\] 1"), ("2", r"\[x\] 2"), ("m", "reason: _"),
    ("both are named\n", "reason: both are named\r"), ("\n", "saved: .*mark University.* and "), ("x", "saved: no institution"),
]  # fmt: skip
DONE = [(1, "institution", WEST), (2, "institutions", EAST), (3, "not_an_institution", None)]


@pytest.fixture
def strings(scene: Scene) -> Scene:
    work = scene.work("A work of many places")
    for number, text in enumerate(STRINGS, 1):
        scene.institution(work, text, None)
        scene._add("string_state", string_id=number, **STATE)
    scene.db.conn.commit()
    return scene


def places(scene: Scene, env: dict[str, str], *arguments: str) -> Terminal:  # noqa: F811
    return Terminal(scene.path, "places", SLUG, "--reviewer", "ann", *arguments, env=env)


def decided(scene: Scene) -> list[tuple[object, ...]]:
    return scene.rows("SELECT string_id, kind, ror_id FROM place_decision ORDER BY string_id, decision_id")


def test_a_session_with_every_key(strings: Scene, env: dict[str, str]) -> None:  # noqa: F811
    with places(strings, env) as terminal:
        terminal.expect("4 affiliations left.*Westmark Univ. A, Seattle.*no institution was found.*q quit")
        for keys, says in WORK:
            terminal.send(keys)
            terminal.expect(says)
            terminal.expect(r"\x1b\[\?7h")
            assert terminal.fits(80, 24)
        assert [row for row in decided(strings) if row[0] != 2] == [DONE[0], DONE[2]]
        assert strings.rows("SELECT note, also FROM place_decision WHERE string_id = 2")[0][0] == "both are named"
        for keys, says in [
            ("k", "is no key here"), ("\n", "by its number first"), ("c", "no institution with a place to confirm"), ("@", "where: _"),
            ("Nowhereville\n", "no city.*where: Nowhereville_"), ("\x15", "where: _"), ("47.65 -122.31\n", "country: _"),
            ("deu\n", "'deu' is no country"), ("de\n", "not in DE|seem"), ("\x15", "where: _"),
            ("A Lab in seattle\n", "1  Seattle, US"), ("\x1b", "Which institution"), ("@", "where: _"),
            ("seattle\n", "1  Seattle, US"), ("1\n", "name: Hand Institute"), ("\n", "reason: _"), ("\n", "reason: _"),
            ("the registry lacks it\n", "saved: Hand Institute, US, at Seattle"),
        ]:  # fmt: skip
            terminal.send(keys)
            terminal.expect(says)
        assert terminal.finish() == 0
        assert termios.tcgetattr(terminal.slave) == terminal.mode_before
    assert strings.rows(
        "SELECT p.name, p.institution, p.granularity, round(p.latitude), d.note FROM place_decision d JOIN place p USING (place_id)"
    ) == [("Seattle", "Hand Institute", "city", 48.0, "the registry lacks it")]


def test_undo_goes_back_into_earlier_sessions_and_history_leads_anywhere(strings: Scene, env: dict[str, str]) -> None:  # noqa: F811
    for _ in range(2):
        with places(strings, env) as terminal:
            terminal.expect("affiliations left")
            terminal.send("nq")
            assert terminal.finish() == 0
    with places(strings, env) as terminal:
        terminal.expect("2 affiliations left")
        terminal.send("y")
        terminal.expect("the 2 decisions that stand.*1  .*Both Houses.*→ none.*2  .*Westmark")
        terminal.send("2\n")
        terminal.expect("3 affiliations left.*decided before: none")
        terminal.send("s")
        for text in ("Both Houses", "Westmark Univ. A"):
            terminal.send("z")
            terminal.expect(rf"4 affiliations left.*taken back.*{text}")
        terminal.send("z")
        terminal.expect("there is nothing to take back")
        terminal.send("q")
        assert terminal.finish() == 0
    assert decided(strings) == []
    assert strings.rows("SELECT count(*) FROM place_retraction") == [(2,)]


def test_what_is_proposed_is_confirmed_and_a_search_gives_the_list_back(strings: Scene, env: dict[str, str]) -> None:  # noqa: F811
    ror = [(WEST, "Westmark University", 1), (EAST, "Eastmark University", 4)]
    with writing(strings.db):
        for ror_id, name, string in ror:
            strings._add("institution", ror_id=ror_id, name=name, country_code="US", city="Seattle", sector="academic", status="active",
                         gazetteer="test")  # fmt: skip
            strings._add("string_match", string_id=string, position=0, ror_id=ror_id, score=0.6, method="words")
        strings.db.conn.execute("UPDATE string_state SET status = 'matched' WHERE string_id IN (1, 4)")
    with places(strings, env) as terminal:
        for keys, says in [
            ("", r"1  Westmark University, academic, Seattle.*c or Enter confirm 1"), ("/", "look up"),
            ("eastmark\n", r"\[ \] 1  Eastmark.*Esc first list"), ("\x1b", r"from before the search"), ("m", "reason: _"),
            ("its page\n", r"\[ \] 1  Westmark"), ("\n", "saved: Westmark University"), ("", "Hand Institute, Nowhere"),
            ("c", "saved: Eastmark University.*Both Houses"), ("@", "where: _"),
            ("Acme Lab in Berlinn\n", "no city 'Berlinn'.*where: Acme Lab in Berlinn_"), ("\x15", "where: _"),
            ("Acme Lab in Seattle, US because so\n", "saved: Acme Lab, US, at Seattle"), ("q", ""),
        ]:  # fmt: skip
            terminal.send(keys)
            terminal.expect(says)
        assert terminal.finish() == 0
    assert strings.rows("SELECT string_id, ror_id, note FROM place_decision ORDER BY decision_id") == [
        (1, WEST, "its page"), (4, EAST, None), (2, None, "so"),
    ]  # fmt: skip


@pytest.mark.parametrize("killed_after", range(3, len(WORK) + 1, 3))
def test_kill_at_a_keystroke_loses_and_doubles_nothing(strings: Scene, env: dict[str, str], killed_after: int) -> None:  # noqa: F811
    with places(strings, env) as terminal:
        terminal.expect("Westmark")
        for keys, says in WORK[: killed_after - 1]:
            terminal.send(keys)
            terminal.expect(says)
        confirmed = decided(strings)
        terminal.send(WORK[killed_after - 1][0])
        terminal.kill()
    after = decided(strings)
    assert after[: len(confirmed)] == confirmed
    assert len(after) <= len(confirmed) + 1
    assert len({row[0] for row in after}) == len(after)
    with places(strings, env) as again:
        again.expect(f"{len(STRINGS) - len(after)} affiliations left")
        again.send("q")
        assert again.finish() == 0


def test_a_narrow_screen_and_lines_on_a_terminal(strings: Scene, env: dict[str, str]) -> None:  # noqa: F811
    with Terminal(strings.path, "places", SLUG, "--reviewer", "ann", columns=34, lines=14, env=env) as terminal:
        terminal.expect("Westmark")
        terminal.expect(r"\x1b\[\?7h")
        assert terminal.fits(34, 14)
        terminal.send("h")
        terminal.expect("choose a candidate")
        terminal.send(" qq")
        assert terminal.finish() == 0
    with places(strings, env, "--plain") as terminal:
        terminal.expect("affiliation: Westmark")
        terminal.send("c\n")
        terminal.expect("no institution with a place")
        terminal.send("@ Hand Institute in Seattle, US because so\n")
        terminal.expect("saved: Hand Institute, US, at Seattle")
        terminal.send("q\n")
        assert terminal.finish() == 0
        assert "\x1b[2J" not in terminal.seen
