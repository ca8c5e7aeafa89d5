"""Campaigns against `verify` in real pseudo-terminals, and the time from prompt to prompt.

    python -m benchmarks.reviewing [kills] [two] [speed]

kills: a scripted reviewer labels 300 works and is killed with SIGKILL at 30 random keystrokes; nothing that the screen
confirmed may be lost or doubled.  two: two terminals at once, of two reviewers, label 200 works; none twice.  speed: from a
key to the end of the next screen through the pseudo-terminal, with 250 and with 25,000 works in the queue, in turn.
"""

from __future__ import annotations

import random
import re
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path

from benchmarks.screening import SLUG as SIMULATED
from benchmarks.screening import fill, made_up_cases
from tests.verify.factory import SLUG, Scene
from tests.verify.terminal import Terminal

# What is answered, as (key, what the screen then says) pairs; the last one confirms.
ANSWERS = {
    "used": [("u", "Used for what"), ("t", r"\[x\] t train"), ("\n", "saved: used")],
    "not_used": [("n", "saved: not used")],
    "unsure": [("d", "saved: unsure")],
    "created": [("c", "saved: created")],
}
_DRAWN = r"q quit\x1b\[\?7h"  # the end of a screen
_TITLE = r"\x1b\[1mWork \d+\x1b"


def scene_of(folder: Path, n: int) -> Scene:
    """A database with ``n`` works."""
    scene = Scene(folder / "whereused.db")
    for number in range(1, n + 1):
        scene.work(f"Work {number}", score=0.5, mentions=1)
    return scene


def planned(title: str) -> str:
    """What the scripted reviewer makes of a work."""
    return list(ANSWERS)[int(title.split()[1]) % len(ANSWERS)]


def title_of(terminal: Terminal) -> str | None:
    """The title on the next screen; None where the session ended."""
    found = terminal.expect(rf"{_TITLE}|left to judge|Nothing is left")
    match = re.search(r"Work \d+", found)
    return match.group() if match else None


def kills(n_works: int = 300, n_kills: int = 30, seed: int = 1) -> str:
    """Label ``n_works`` with ``n_kills`` kills; raises AssertionError where an answer was lost or doubled."""
    dice = random.Random(seed)
    doomed = set(dice.sample(range(2, int(n_works * 1.4)), n_kills))
    confirmed: dict[str, str] = {}
    keystrokes = done = 0
    with tempfile.TemporaryDirectory() as folder:
        scene = scene_of(Path(folder), n_works)
        while len(scene.standing()) < n_works:
            with Terminal(scene.path, "verify", SLUG, "--reviewer", "ann") as terminal:
                title = title_of(terminal)
                while title is not None:
                    killed = False
                    for key, says in ANSWERS[planned(title)]:
                        keystrokes += 1
                        terminal.send(key)
                        if keystrokes in doomed:
                            time.sleep(dice.random() * 0.03)
                            terminal.kill()
                            done, killed = done + 1, True
                            break
                        terminal.expect(says)
                    if killed:
                        break
                    confirmed[title] = planned(title)
                    title = title_of(terminal)
        standing = {title: label for title, label, _ in scene.standing()}
        n_labels = scene.rows("SELECT count(*) FROM label")[0][0]
        assert len(standing) == n_works, f"{n_works - len(standing)} works have no label"
        assert n_labels == n_works, f"{n_labels - n_works} labels are doubled"
        lost = [title for title, label in confirmed.items() if standing.get(title) != label]
        assert not lost, f"lost: {lost}"
        assert all(label == planned(title) for title, label in standing.items()), "a label went to another work"
        scene.db.close()
    return f"{n_works} works, {keystrokes} keystrokes, {done} kills: {len(confirmed)} confirmed answers, none lost, none doubled"


def two(n_works: int = 200) -> str:
    """Two reviewers at once until nothing is left; raises AssertionError where a work was labelled twice."""
    with tempfile.TemporaryDirectory() as folder:
        scene = scene_of(Path(folder), n_works)
        with (
            Terminal(scene.path, "verify", SLUG, "--reviewer", "ann") as ann,
            Terminal(scene.path, "verify", SLUG, "--reviewer", "bob") as bob,
        ):
            titles = {ann: title_of(ann), bob: title_of(bob)}
            keys = cycle("nc")  # in turn: the same key again at once would be taken for one that is held down
            while any(titles.values()):
                going = [terminal for terminal, title in titles.items() if title]
                key = next(keys)
                for terminal in going:
                    terminal.send(key)  # both keys are under way at the same time
                for terminal in going:
                    titles[terminal] = title_of(terminal)
        each = scene.rows("SELECT count(*) FROM label GROUP BY reviewer_id")
        assert scene.rows("SELECT count(*), count(DISTINCT work_id) FROM label") == [(n_works, n_works)], each
        scene.db.close()
    return f"two terminals at once, {n_works} works: {each[0][0]} and {each[1][0]} labels, no work twice"


def speed(sizes: tuple[int, ...] = (250, 25_000), n_answers: int = 100) -> list[list[float]]:
    """Milliseconds from a key that answers to the end of the next screen, through the pseudo-terminal, sorted; a list for each size.

    The terminals answer in turn, so that whatever else the machine does falls on all of them.  Every work has passages and
    the order learns from each answer.
    """
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        terminals, times = [], [list[float]() for _ in sizes]
        for n_works in sizes:
            db, _ = fill(Path(folder) / f"{n_works}.db", made_up_cases(n_works))
            db.close()
            terminals.append(stack.enter_context(Terminal(Path(folder) / f"{n_works}.db", "verify", SIMULATED, "--reviewer", "ann")))
        for terminal in terminals:
            terminal.expect(_DRAWN)
        for number in range(n_answers):
            for terminal, taken in zip(terminals, times, strict=True):
                key, says = ("n", "saved: not used") if number % 2 else ("c", "saved: created")
                start = time.perf_counter()
                terminal.send(key)
                terminal.expect(f"{says}.*?{_DRAWN}")
                taken.append(1000 * (time.perf_counter() - start))
    return [sorted(taken) for taken in times]


def main(parts: list[str]) -> None:
    if not parts or "kills" in parts:
        print(kills(), flush=True)
    if not parts or "two" in parts:
        print(two(), flush=True)
    if not parts or "speed" in parts:
        sizes = (250, 25_000)
        times = speed(sizes)
        for n, taken in zip(sizes, times, strict=True):
            most = taken[int(len(taken) * 0.95)]
            print(
                f"{n:6} works: {statistics.median(taken):.1f} ms from key to next screen (median), 95 % under {most:.1f} ms, "
                f"slowest {taken[-1]:.1f} ms"
            )
        print(f"ratio of the medians: {statistics.median(times[1]) / statistics.median(times[0]):.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
