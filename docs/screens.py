"""Takes the screens of docs/reviewing.md anew: `whereused` in a tmux window of 80 by 24, over a database of made-up works.

python -m docs.screens             needs tmux; writes each screen behind its mark `<!-- screen: NAME -->`

Keys go in as a reviewer types them; a screen is taken once it shows what is expected.  Empty lines are left out, and lines that the
terminal broke are joined.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from db.connect import writing
from tests.verify.factory import ALIAS, SLUG, Scene

PAGE = Path(__file__).with_name("reviewing.md")
TIMEOUT_S = 60.0
KEYS = {"\n": "Enter", "\x1b": "Escape", " ": "Space"}
REFERENCE = '{"ids": {"doi": "10.1234/margins"}, "label": "used", "purposes": ["test"], "note": "Table 4 is their own"}\n' + (
    '{"ids": {"doi": "10.1234/phones"}, "label": "not_used", "note": "the row on ManyFaces is quoted from [12]"}\n'
)

_NUMBERS = count()
Take = Callable[[str, str], str]


def made_up(path: Path) -> Scene:
    """Five works: a use that names a derivative, a table, a survey, one without full text, one that is nothing of the kind."""
    scene = Scene(path)
    with writing(scene.db):
        scene.dataset("manyfaces_age", "ManyFaces-Age", "ManyFaces-Age")
        scene._add("dataset_ancestor", slug="manyfaces_age", ancestor=SLUG)
    ids = {"arxiv": "1901.00001", "doi": "10.1234/margins"}
    one = scene.work("Margins that Grow with the Class: Recognition of a Million Identities", score=0.93, year=2019, ids=ids)
    protocol = f"We follow the {ALIAS} protocol and report rank-1 identification with one million distractors in Table 4."
    scene.mention(one, protocol, section="4.2 Experiments", page=6)
    scene.mention(one, f"Larger sets such as {ALIAS} have moved the field.", section="1 Introduction", page=1)
    scene.mention(one, "Age is tested on ManyFaces-Age.", slug="manyfaces_age", alias="ManyFaces-Age", section="4.3 Age", page=7)
    scene.institution(one, "Westmark Univ., Seattle", "Westmark University")
    scene.institution(one, "Eastmark Vision, Boston", "Eastmark Vision", "commercial", "Boston")
    phones = scene.work("Fast Embeddings for Phones", score=0.64, year=2021, ids={"doi": "10.1234/phones"})
    scene.mention(phones, f"Table 2 compares accuracy on {ALIAS} with the models of [12].", section="5 Results", page=5)
    survey = scene.work("A Survey of Recognition in the Wild", score=0.21, year=2017)
    scene.mention(survey, f"Recent sets include {ALIAS} and others.", section="2 Related work", page=2)
    scene.work("Robust Loss Functions for Embeddings", score=0.12, year=2022)
    scene.work("Proceedings, Front Matter", score=0.03, year=2018)
    return scene


class Window:
    """One tmux window with a command in it."""

    def __init__(self, db: Path, *arguments: str) -> None:
        self._tmux = ("tmux", "-L", f"whereused-{os.getpid()}-{next(_NUMBERS)}", "-f", "/dev/null")  # a server of its own
        command = shlex.join([sys.executable, "-m", "whereused", "--db", str(db), *arguments])
        subprocess.run([*self._tmux, "new-session", "-d", "-x", "80", "-y", "24", f"{command}; cat"], check=True)

    def press(self, keys: str) -> None:
        """Type keys one by one."""
        for key in keys:
            named = KEYS.get(key)
            subprocess.run([*self._tmux, "send-keys", *([named] if named else ["-l", key])], check=True)

    def take(self, keys: str, says: str) -> str:
        """Type the keys, wait until the screen says it, and return the screen without its empty lines."""
        self.press(keys)
        end = time.monotonic() + TIMEOUT_S
        while time.monotonic() < end:
            shown = subprocess.run([*self._tmux, "capture-pane", "-p", "-J"], check=True, capture_output=True, text=True).stdout
            if re.search(says, shown, re.S):
                return "\n".join(line.rstrip() for line in shown.splitlines() if line.strip())
            time.sleep(0.1)
        raise SystemExit(f"{says!r} did not come; the screen says:\n{shown}")

    def close(self) -> None:
        """End the window."""
        subprocess.run([*self._tmux, "kill-server"], check=False, stderr=subprocess.DEVNULL)


def screens(folder: Path) -> Iterator[tuple[str, str]]:
    """(name, screen), in the order in which a reviewer meets them."""
    scene = made_up(folder / "faces.db")
    verify = ("verify", SLUG, "--reviewer")
    yield from _session(scene.path, (*verify, "ann"), _first_session)
    yield from _session(scene.path, (*verify, "bob", "--plain"), _plain)
    yield from _session(scene.path, (*verify, "bob"), _second_reviewer)
    yield from _session(
        scene.path, ("adjudicate", SLUG, "--reviewer", "cleo"), lambda take: [("adjudicate", take("", "left to settle.*quit"))]
    )
    reference = folder / "reference.jsonl"
    reference.write_text(REFERENCE, encoding="utf-8")
    whereused = [sys.executable, "-m", "whereused", "--db", str(scene.path)]
    subprocess.run([*whereused, "calibrate", SLUG, "--set", str(reference), "--reviewer", "lead"], check=True, capture_output=True)
    yield from _session(scene.path, (*verify, "dan"), _newcomer)
    yield "estimate", _estimate(folder / "many.db")
    yield "calibrate", subprocess.run([*whereused, "calibrate", SLUG], check=True, capture_output=True, text=True).stdout.strip()
    scene.db.close()


def _estimate(db: Path) -> str:
    """What `--estimate` says after 60 of 300 works were drawn at random, one in eight a use."""
    scene = Scene(db)
    for number in range(300):
        scene.work(f"Work {number}")
    scene.db.close()
    verify = [sys.executable, "-m", "whereused", "--db", str(db), "verify", SLUG, "--reviewer", "ann"]
    answers = "".join("u test\n" if number % 8 == 0 else "n\n" for number in range(60))
    subprocess.run([*verify, "--order", "random", "--limit", "60"], input=answers, check=True, capture_output=True, text=True)
    said = subprocess.run([*verify, "--estimate"], check=True, capture_output=True, text=True).stdout
    return textwrap.fill(said.strip(), 80)


def _session(db: Path, arguments: tuple[str, ...], taken: Callable[[Take], list[tuple[str, str]]]) -> list[tuple[str, str]]:
    window = Window(db, *arguments)
    try:
        return taken(window.take)
    finally:
        window.close()


def _first_session(take: Take) -> list[tuple[str, str]]:
    found = [
        ("first", take("", "Margins.*quit")),
        ("purposes", take("ue", r"\[x\] e test")),
        ("also", take("\n1e\n", r"Also uses.*\[x\] 1")),
    ]
    found.append(("saved", take("\n", "saved: used")))
    take("mTable 2, own model\n", "note saved")
    take("ue\n", "Survey")
    take("n", "Robust")
    found += [("history", take("y", "newest first")), ("replaced", take("3\n", "you said used"))]
    take("sq", "left to judge")
    return found


def _plain(take: Take) -> list[tuple[str, str]]:
    found = [("plain", take("", "answer:"))]
    take("q\n", "left to judge")
    return found


def _second_reviewer(take: Take) -> list[tuple[str, str]]:
    take("", "Robust.*quit")
    take("a", "Proceedings.*quit")
    take("a", "second opinions")
    take("ue\n", r"Also uses")
    take("\n", "Fast Embeddings")
    take("mthe row is quoted from [12]\n", "note saved")
    take("n", "saved: not used")
    take("q", "left to judge")
    return []


def _newcomer(take: Take) -> list[tuple[str, str]]:
    found = [("calibration", take("", "calibration, 1 of 2.*quit"))]
    take("ue\n", "2 of 2")
    found.append(("outcome", take("ue\n", "any key goes back")))
    take(" ", "Robust|Survey|Proceedings")
    take("q", "left to judge")
    return found


def write(page: str, taken: dict[str, str]) -> str:
    """The page with each screen behind its mark; SystemExit where a mark has no screen."""

    def block(match: re.Match[str]) -> str:
        if match[1] not in taken:
            raise SystemExit(f"{PAGE.name} wants a screen {match[1]!r} that is not taken; there are {', '.join(taken)}")
        return f"<!-- screen: {match[1]} -->\n```\n{taken[match[1]]}\n```"

    return re.sub(r"<!-- screen: ([\w-]+) -->\n```\n.*?\n?```", block, page, flags=re.S)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(write(PAGE.read_text(encoding="utf-8"), dict(screens(Path(folder)))), encoding="utf-8")


if __name__ == "__main__":
    main()
