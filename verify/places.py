"""Review of doubtful affiliations: which institution does this string name?  One answer a line."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, replace

from db.catalogue import Dataset
from db.config import Config
from db.connect import Database, writing
from db.errors import UsageError
from db.gazetteer import find_records
from db.places import find_strings_led_to, save_place_verdict
from db.queries.doubtful import WHY, DoubtfulString, load_decided, load_doubtful, load_string
from verify.lines import Lines
from verify.placewords import HELP, PlaceAnswer, parse_place
from verify.prompts import AnswerError
from verify.text import clean

CANDIDATES = 9
PER_SEGMENT = 3


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
    why = dict(load_doubtful(db, dataset.slug))
    pending, decided = deque(why), load_decided(db, dataset.slug, reviewer_id)
    while pending and (limit is None or report.n_decided < limit):
        string = load_string(db, dataset.slug, pending[0])
        try:
            answer = _ask(config, lines, dataset, string, WHY.get(why.get(string.string_id, ""), ""), len(pending))
        except EOFError:
            break
        if answer.action == "quit":
            break
        if answer.action == "skip":
            pending.rotate(-1)
        elif answer.action == "back":
            if decided:
                pending.appendleft(decided.pop(0))
            else:
                lines.say("there is nothing to go back to")
        elif answer.verdict:
            strings = _save(db, dataset, string, answer, reviewer_id)
            pending = deque(string_id for string_id in pending if string_id not in strings)
            decided = [*reversed(strings), *decided]
            report.n_decided += len(strings)
            lines.say(f"saved: {_said(answer)}" + (f", for {len(strings)} strings" if len(strings) > 1 else ""))
    report.n_left = len(pending)
    return report


def _save(db: Database, dataset: Dataset, string: DoubtfulString, answer: PlaceAnswer, reviewer_id: int) -> list[int]:
    """Keep a decision on the string, and with ``all`` on those that lead to the same institution; the strings decided."""
    assert answer.verdict is not None
    strings = [string.string_id]
    if answer.for_all:
        leads = [lead.ror_id for lead in string.leads if lead.ror_id]
        strings += [other for other in find_strings_led_to(db, dataset.slug, leads) if other != string.string_id]
    with writing(db):
        for string_id in strings:
            save_place_verdict(db, string_id, answer.verdict, reviewer_id)
    return strings


def _said(answer: PlaceAnswer) -> str:
    verdict = answer.verdict
    if verdict is None or verdict.kind == "none":
        return "no institution of the registry is right"
    if verdict.place:
        return f"{verdict.place.name}, {verdict.place.country_code}, at {verdict.place.latitude:.4f}, {verdict.place.longitude:.4f}"
    learned = f"; {verdict.alias!r} means it from now on" if verdict.alias else ""
    return "no institution" if verdict.kind == "not_an_institution" else answer.words + learned


def _ask(config: Config, lines: Lines, dataset: Dataset, string: DoubtfulString, why: str, left: int) -> PlaceAnswer:
    """Show a string and read lines up to one that answers."""
    candidates = _candidates(config, string)
    _show(lines, dataset, string, why, left)
    _list(lines, candidates)
    while True:
        line = lines.read(
            f"answer (1 to {len(candidates)}, n, x, / WORDS, s, z, h, q): " if candidates else "answer (n, x, @, / WORDS, s, z, h, q): "
        )
        try:
            answer = parse_place(line, string.text, [candidate.ror_id for candidate in candidates])
        except AnswerError as error:
            lines.refuse(error)
            continue
        if answer.action == "look up":
            try:
                candidates = _look_up(config, answer.words, CANDIDATES)
            except UsageError as error:
                lines.say(str(error))
            _list(lines, candidates)
        elif answer.action == "help":
            lines.say(HELP)
        else:
            words = {candidate.ror_id: candidate.words for candidate in candidates}
            chosen = answer.verdict.ror_ids if answer.verdict else ()
            return replace(answer, words=" and ".join(words[ror_id] for ror_id in chosen))


def _show(lines: Lines, dataset: Dataset, string: DoubtfulString, why: str, left: int) -> None:
    lines.say(f"\n{clean(dataset.name)}: {left} affiliations left")
    lines.say(f"affiliation: {clean(string.text)}")
    lines.say(f"printed in {string.n_works} works, such as {clean(string.title) or '(no title)'!r}")
    if why:
        lines.say(f"asked because: {why}")
    for lead in string.leads:
        lines.say(
            f"taken for: {_words(lead.name, lead.sector, lead.city, lead.country_code)} (score {lead.score:.2f}, {clean(lead.method)})"
        )
    if string.rivals:
        lines.say(f"the other side says: {'; '.join(map(clean, string.rivals))}")
    if not string.leads:
        lines.say(f"taken for nothing: {clean(string.reason) or 'no reason given'}")
    if sum(lead.ror_id is not None for lead in string.leads) > 1:
        lines.say("it was taken for several: give all the numbers that are right")
    if string.decided:
        lines.say(f"decided before: {clean(string.decided_as)}; that counts until you answer anew")


def _list(lines: Lines, candidates: list[Candidate]) -> None:
    for number, candidate in enumerate(candidates, 1):
        lines.say(f"  {number}  {candidate.words}  {candidate.ror_id}")
    if not candidates:
        lines.say("  no candidate; look one up with / WORDS, or put it by hand with @")


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
