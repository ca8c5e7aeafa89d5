"""One pace for all processes that ask a provider with one key: never above it, after a restart too, and refusals are heard by all."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crawler.manners import ledger
from crawler.manners.ledger import FileLedger, OwnLedger, State, decode, encode, open_ledger
from crawler.manners.pace import AT_ONCE, SLACK, Pace, pace_of
from crawler.providers import EPO_OPS_API, SEMANTIC_SCHOLAR
from db.config import Config
from tests.helpers.loop import in_a_loop

_CONTEXT = multiprocessing.get_context("forkserver")


def take_turns(path: str, interval: float, n: int, late: float) -> list[float]:
    """What a crawl does before each request; ``late``: how long it is at work between them."""

    async def story() -> list[float]:
        pace, stop = Pace(interval, 1.0, FileLedger(Path(path))), asyncio.Event()
        times = []
        for _ in range(n):
            await pace.turn(stop)
            times.append(time.monotonic())
            time.sleep(late)
        return times

    return in_a_loop(story)


def test_several_processes_and_restarts_keep_one_pace(tmp_path: Path) -> None:
    path, interval = str(tmp_path / "p.json"), 0.004
    with _CONTEXT.Pool(3) as pool:
        asked = [(path, interval, 40, 0.0), (path, interval, 40, 0.0), (path, interval, 10, 0.02)]
        times = [at for each in pool.starmap(take_turns, asked, chunksize=1) for at in each]
    times = sorted(times + take_turns(path, interval, 30, 0.0))
    # A turn is noted before the request leaves, so on a busy machine it can be seen late, never early: look at what was noted.
    noted = decode(Path(path).read_bytes()).sent
    assert len(times) == 120 and len(noted) == AT_ONCE
    assert noted[-1] - noted[0] >= (AT_ONCE - 1) * interval * 0.5
    assert times[-1] - times[0] >= (120 - AT_ONCE) * interval, "120 requests take the time of 100 at least"


def test_turns_are_never_closer_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a clock of our own: 20 a second mean no more than 20 in any second, whether the process keeps up or is late."""
    clock = [100.0]
    monkeypatch.setattr("crawler.manners.pace.monotonic", lambda: clock[0])
    pace, left = Pace(0.05, 0.5), []
    for step in range(400):
        while (wait := pace.try_turn()) > 0:
            clock[0] += wait
        left.append(clock[0])
        clock[0] += 0.9 if step % 50 == 0 else 0.012  # now and then an answer takes long
    assert all(later - earlier >= 0.0374 for earlier, later in pairwise(left))
    assert all(left[i + 20] - left[i] >= 1.0 for i in range(len(left) - 20))
    assert 400 / (left[-1] - left[0]) >= 0.7 * 20, "an idle second can't be made up for, a late request can"


def test_the_usual_key_of_one_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [5.0]
    monkeypatch.setattr("crawler.manners.pace.monotonic", lambda: clock[0])
    pace, left = Pace(1.0, 1.0), []
    for _ in range(50):
        while (wait := pace.try_turn()) > 0:
            clock[0] += wait
        left.append(clock[0])
        clock[0] += 0.3
    assert min(b - a for a, b in pairwise(left)) >= 1.0
    assert 49 / (left[-1] - left[0]) >= 0.95


def test_a_refusal_is_heard_by_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [50.0]
    for module in ("crawler.manners.pace.monotonic", "crawler.manners.ledger.time.monotonic"):
        monkeypatch.setattr(module, lambda: clock[0])
    here, there = (Pace(1.0, 1.0, FileLedger(tmp_path / "p.json")) for _ in range(2))
    assert here.try_turn() == 0
    here.hold(30)
    assert there.try_turn() == pytest.approx(30)
    clock[0] += 30
    assert there.try_turn() == 0
    there.refused(3)
    assert 0.8 * 8 <= here.try_turn() <= 1.2 * 8
    clock[0] += 10
    assert here.try_turn() == 0
    assert there.try_turn() == pytest.approx(1.0 + SLACK), "from now on at half the pace"
    for _ in range(30):
        clock[0] += 10
        there.answered()
    assert here.try_turn() == 0
    assert there.try_turn() == pytest.approx(SLACK)


# ---------------------------------------------------------------- clocks


def restarted(monkeypatch: pytest.MonkeyPatch, text: bytes, *, now: float, day: float) -> State:
    """The state as another start of the machine reads it: its clock begins anew, the time of day is another."""
    monkeypatch.setattr(ledger, "_boot", lambda: "another")
    monkeypatch.setattr(ledger.time, "monotonic", lambda: now)
    monkeypatch.setattr(ledger.time, "time", lambda: day)
    return decode(text)


@pytest.mark.parametrize(
    ("later", "wait"),
    [(10.0, 20.0), (100.0, -70.0), (-5000.0, 30.0), (0.0, 30.0)],  # seconds by the time of day → until anybody may ask
)
def test_after_a_restart_of_the_machine_the_time_of_day_tells(monkeypatch: pytest.MonkeyPatch, later: float, wait: float) -> None:
    now, day = time.monotonic(), time.time()
    text = encode(State([now - 1, now], ready_at=now + 30))
    told = json.loads(text)
    state = restarted(monkeypatch, text, now=3.0, day=told["at"] + later)
    assert state.ready_at - 3.0 == pytest.approx(wait - (told["now"] - now), abs=0.1)
    assert all(at <= 3.0 for at in state.sent)
    assert day > 0


def test_the_time_of_day_means_nothing_while_the_machine_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    text = encode(State([now], ready_at=now + 30))
    monkeypatch.setattr(ledger.time, "time", lambda: 0.0)
    assert decode(text).ready_at == now + 30


@pytest.mark.parametrize("text", [b'{"sent": [1.0', b"[]", b"null", b'{"sent": ["x"], "ready_at": 0, "extra": 0}', b"\0\0"])
def test_a_half_written_file_counts_as_a_request(text: bytes) -> None:
    before = time.monotonic()
    state = decode(text)
    assert len(state.sent) == 1 and state.sent[0] >= before


def test_a_broken_file_holds_nobody_for_ever() -> None:
    now = time.monotonic()
    state = decode(encode(State([now + 1e9], now + 1e12, 1e9)))
    assert state.ready_at <= now + 86_500 and state.extra <= 3600 and state.sent[0] <= now + 1


# ---------------------------------------------------------------- whose ledger


def config(**values: str) -> Config:
    return Config(values=values)


def test_one_file_for_each_provider_and_key_and_no_key_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    paces = [pace_of(SEMANTIC_SCHOLAR, config(SEMANTIC_SCHOLAR_KEY=key)) for key in ("s3cret-one", "s3cret-two", "s3cret-one")]
    paces += [pace_of(EPO_OPS_API, config(EPO_OPS_KEY="s3cret-one"))]
    for pace in paces:
        pace.try_turn()
    files = sorted(tmp_path.rglob("*.json"))
    assert len(files) == 3
    assert not [path for path in files if "s3cret" in path.name or b"s3cret" in path.read_bytes()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_where_the_state_folder_cannot_be_written_the_pace_is_kept_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "whereused").write_text("a file where the folder should be")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert isinstance(open_ledger("p", "https://x.org", None, config().state / "pace"), OwnLedger)
    pace: Any = pace_of(SEMANTIC_SCHOLAR, config())
    assert pace.try_turn() == 0 and pace.try_turn() > 0.9
