"""Review of doubtful affiliations: which institution does this string name?  One answer a line."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass

from db.catalogue import Dataset
from db.config import Config
from db.connect import Database, writing
from db.errors import UsageError
from db.gazetteer import find_records
from db.places import save_place_decision
from db.queries.doubtful import DoubtfulString, load_decided, load_doubtful, load_string
from verify.lines import Lines
from verify.prompts import AnswerError
from verify.text import clean

CANDIDATES = 9
PER_SEGMENT = 3
HELP = """\
  1, 2, …   this institution is the one that is printed; words behind the number are kept as a note
  n         none: no institution is right, or it is no institution; words behind it are kept as a note
  / WORDS   look other institutions up in the registry
  s  skip: comes again at the end   z  back to the last one decided, to answer anew   h  help   q  quit"""


@dataclass(slots=True)
class PlacesReport:
    """What a session did."""

    slug: str
    n_decided: int = 0
    n_left: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """An institution to choose."""

    ror_id: str
    words: str


def run_places(config: Config, db: Database, dataset: Dataset, reviewer_id: int, lines: Lines, limit: int | None) -> PlacesReport:
    """Ask about the doubtful strings of a dataset until none is left, the reviewer quits, or ``limit`` were decided.

    Each decision is committed before the next string is shown; the next ``geocode`` obeys it.
    """
    report = PlacesReport(dataset.slug)
    pending, decided = deque(load_doubtful(db, dataset.slug)), load_decided(db, dataset.slug, reviewer_id)
    while pending and (limit is None or report.n_decided < limit):
        string = load_string(db, dataset.slug, pending[0])
        try:
            word, rest, candidates = _ask(config, lines, dataset, string, len(pending))
        except EOFError:
            break
        if word == "q":
            break
        if word == "s":
            pending.rotate(-1)
        elif word == "z":
            if decided:
                pending.appendleft(decided.pop(0))
            else:
                lines.say("there is nothing to go back to")
        else:
            chosen = None if word == "n" else candidates[int(word) - 1]
            with writing(db):
                save_place_decision(db, string.string_id, chosen.ror_id if chosen else None, reviewer_id, rest or None)
            pending.popleft()
            decided.insert(0, string.string_id)
            report.n_decided += 1
            lines.say(f"saved: {chosen.words if chosen else 'no institution'}")
    report.n_left = len(pending)
    return report


def _ask(config: Config, lines: Lines, dataset: Dataset, string: DoubtfulString, left: int) -> tuple[str, str, list[Candidate]]:
    """Show a string; (answer, words behind it, the candidates then on the screen)."""
    candidates = _candidates(config, string)
    _show(lines, dataset, string, left)
    _list(lines, candidates)
    while True:
        word, rest = lines.answer(
            f"answer (1 to {len(candidates)}, n, / WORDS, s, z, h, q): " if candidates else "answer (n, / WORDS, s, z, h, q): "
        )
        word = word.lower()
        if word.startswith("/"):
            try:
                candidates = _look_up(config, f"{word[1:]} {rest}".strip(), CANDIDATES)
            except UsageError as error:
                lines.say(str(error))
            _list(lines, candidates)
        elif word in ("h", "?"):
            lines.say(HELP)
        elif word == "n" or (word in ("s", "z", "q") and not rest) or (word.isdecimal() and 0 < int(word) <= len(candidates)):
            return word, clean(rest), candidates
        else:
            lines.refuse(AnswerError(f"{clean(word)!r} is no answer; h shows them"))


def _show(lines: Lines, dataset: Dataset, string: DoubtfulString, left: int) -> None:
    lines.say(f"\n{clean(dataset.name)}: {left} affiliations left")
    lines.say(f"affiliation: {clean(string.text)}")
    lines.say(f"printed in {string.n_works} works, such as {clean(string.title) or '(no title)'!r}")
    for lead in string.leads:
        lines.say(
            f"taken for: {_words(lead.name, lead.sector, lead.city, lead.country_code)} (score {lead.score:.2f}, {clean(lead.method)})"
        )
    if not string.leads:
        lines.say(f"taken for nothing: {clean(string.reason) or 'no reason given'}")
    if sum(lead.ror_id is not None for lead in string.leads) > 1:
        lines.say("it was taken for several; a decision keeps one of them (s skips)")
    if string.decided:
        lines.say(f"decided before: {string.decided_ror_id or 'no institution'}; that counts until you answer anew")


def _list(lines: Lines, candidates: list[Candidate]) -> None:
    for number, candidate in enumerate(candidates, 1):
        lines.say(f"  {number}  {candidate.words}  {candidate.ror_id}")
    if not candidates:
        lines.say("  no candidate; look one up with / WORDS")


def _words(*parts: str | None) -> str:
    return ", ".join(clean(part) for part in parts if part)


def _candidates(config: Config, string: DoubtfulString) -> list[Candidate]:
    """What the matcher took it for, then what the registry has under the parts of the string."""
    matched = [Candidate(lead.ror_id, _words(lead.name, lead.sector, lead.city, lead.country_code)) for lead in string.leads if lead.ror_id]
    found = {candidate.ror_id: candidate for candidate in matched}
    for segment in re.split(r"[,;()]", string.text):
        if len(clean(segment)) < 3:
            continue
        try:
            for candidate in _look_up(config, segment, PER_SEGMENT):
                found.setdefault(candidate.ror_id, candidate)
        except UsageError:  # no registry here: the matches alone
            break
    return list(found.values())[:CANDIDATES]


def _look_up(config: Config, words: str, most: int) -> list[Candidate]:
    records = find_records(config.gazetteer, words, most)
    return [Candidate(record.ror_id, _words(record.name, record.sector, record.city, record.country_code)) for record in records]
