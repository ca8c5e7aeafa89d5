"""Review of doubtful affiliations: which institution does this string name?"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from db.errors import UsageError
from db.places import HandPlace, PlaceVerdict
from db.wording import count
from verify.lines import Lines
from verify.placedesk import Candidate, PlaceCard, PlaceDesk, PlacesReport, entry_line, facts, names_of, words
from verify.placewords import HELP, PlaceAnswer, parse_place
from verify.prompts import AnswerError
from verify.text import clean


class PlaceScreen(Protocol):
    """Whatever can put a string before a reviewer."""

    def ask(self, desk: PlaceDesk, card: PlaceCard) -> PlaceAnswer:
        """The reviewer's answer: decide, skip, back, history, visit, open or quit.  EOFError: there is nobody any more."""

    def choose(self, heading: str, entries: list[str]) -> int | None:
        """The place of the entry that the reviewer chose; None: they went back."""


def run_places(desk: PlaceDesk, screen: PlaceScreen, report: PlacesReport, limit: int | None) -> None:
    """Ask about the doubtful strings until none is left, the reviewer quits, or ``limit`` were decided.

    Each decision is committed before the next string is shown; the next ``geocode`` obeys it.
    """
    message = ""
    while limit is None or report.n_decided - report.n_undone < limit:
        report.n_left = desk.left()
        card = desk.card(message)
        if card is None:
            break
        try:
            answer = screen.ask(desk, card)
            if answer.action == "quit":
                message = ""
                break
            message = _keep(desk, screen, card, answer)
        except EOFError:
            message = ""
            break
    report.message, report.n_left = message, desk.left()


def _keep(desk: PlaceDesk, screen: PlaceScreen, card: PlaceCard, answer: PlaceAnswer) -> str:
    if answer.verdict:
        return desk.decide(card, answer)
    if answer.action == "back":
        return desk.undo()
    if answer.action == "open":
        return desk.open(card)
    if answer.action == "history":
        entries = desk.history()
        if not entries:
            return "nothing was decided yet"
        chosen = screen.choose(
            f"the {count(len(entries), 'decision')} that stand{'s' * (len(entries) == 1)}, newest first",
            [entry_line(entry) for entry in entries],
        )
        return "" if chosen is None else desk.visit(entries[chosen].string_id)
    return desk.skip()


class PlaceLines:
    """Plain lines: no colour, no cursor movement, one answer a line; for scripts and screen readers."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    def choose(self, heading: str, entries: list[str]) -> int | None:
        return self._lines.choose(heading, entries)

    def ask(self, desk: PlaceDesk, card: PlaceCard) -> PlaceAnswer:
        """Show a string and read lines up to one that answers."""
        candidates = card.candidates
        head = [card.message] if card.message else []
        head += [f"\n{clean(card.dataset.name)}: {count(card.left, 'affiliation')} left", f"affiliation: {clean(card.string.text)}"]
        self._lines.say("\n".join([*head, *facts(card)]))
        self._list(candidates)
        while True:
            line = self._lines.read(
                f"answer (1 to {len(candidates)}, n, x, / WORDS, s, z, h, q): " if candidates else "answer (n, x, @, / WORDS, s, z, h, q): "
            )
            try:
                answer = parse_place(line, card.string.text, [candidate.ror_id for candidate in candidates])
                answer = complete(desk, card, answer)
            except AnswerError as error:
                self._lines.refuse(error)
                continue
            if answer.action == "look up":
                try:
                    candidates = desk.look_up(answer.words)
                    if not candidates:
                        self._lines.say(desk.nothing_under(answer.words))
                except UsageError as error:
                    self._lines.say(str(error))
                self._list(candidates)
            elif answer.action == "help":
                self._lines.say(HELP)
            elif answer.verdict and answer.verdict.ror_ids and not answer.words:
                return replace(answer, words=names_of(candidates, answer.verdict.ror_ids))
            else:
                return answer

    def _list(self, candidates: tuple[Candidate, ...]) -> None:
        for number, candidate in enumerate(candidates, 1):
            self._lines.say(f"  {number}  {candidate.words}  {candidate.ror_id}")
        if not candidates:
            self._lines.say("  no candidate; look one up with / WORDS, or put it by hand with @")


def complete(desk: PlaceDesk, card: PlaceCard, answer: PlaceAnswer) -> PlaceAnswer:
    """Fill in what an answer names only: the provisional institution, the city; AnswerError where there is no such."""
    verdict = answer.verdict
    if answer.action == "confirm":
        lead = next((lead for lead in card.string.leads if lead.place_id), None)
        if lead is None and card.proposed:
            verdict = PlaceVerdict("institution", (card.proposed.ror_id,), note=answer.words or None)
            return PlaceAnswer("decide", verdict, card.proposed.words)
        if lead is None:
            raise AnswerError(
                "several are proposed: choose by number"
                if card.candidates
                else "there is no institution with a place to confirm; put it by hand with @"
            )
        told = words(lead.name, lead.city, lead.country_code)
        return PlaceAnswer("decide", PlaceVerdict("place", note=answer.words or None, place_id=lead.place_id), told)
    place = verdict.place if verdict else None
    if verdict and place and place.city:
        return replace(answer, verdict=replace(verdict, place=in_city(desk, place)))
    if place and (flaw := desk.flaw(place.latitude, place.longitude, place.country_code)):
        raise AnswerError(flaw)
    return answer


def in_city(desk: PlaceDesk, place: HandPlace) -> HandPlace:
    """The place with the point of its city."""
    try:
        found = desk.cities(place.city or "", place.country_code)
    except UsageError as error:
        raise AnswerError(str(error)) from error
    if not found:
        raise AnswerError(f"no city {place.city!r} is known in {place.country_code}; give latitude and longitude instead")
    return replace(place, city=found[0].name, latitude=found[0].latitude, longitude=found[0].longitude)
