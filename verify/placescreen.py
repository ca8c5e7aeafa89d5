"""Review of places on a full screen: single keys, numbers choose, Enter saves."""

from __future__ import annotations

import re
from dataclasses import replace

from rich.text import Text

from db.errors import UsageError
from db.places import HandPlace, PlaceVerdict, is_alias_of
from db.wording import count
from verify.fullscreen import HELD, FullScreen
from verify.layout import MESSAGE_LINES, pack, wrap
from verify.placedesk import Candidate, PlaceCard, PlaceDesk, facts, names_of
from verify.places import complete
from verify.placewords import KEY_HELP, PlaceAnswer, is_whole, named_place, parse_place
from verify.prompts import AnswerError
from verify.text import clean

_KEYS = {"s": "skip", "z": "back", "y": "history", "o": "open", "q": "quit", "h": "help", "?": "help"}
_POINT = re.compile(r"([-+]?\d{1,3}(?:\.\d+)?)[,\s]+([-+]?\d{1,3}(?:\.\d+)?)$")
MIN_ROOM = 3  # lines for candidates


class PlaceKeyScreen(FullScreen):
    """The string, what is known of it, the candidates, the keys.  Use it in a ``with`` block."""

    def __init__(self) -> None:
        super().__init__()
        self._candidates: tuple[Candidate, ...] = ()
        self._chosen: list[str] = []
        self._first = 0
        self._note = ""

    def ask(self, desk: PlaceDesk, card: PlaceCard) -> PlaceAnswer:
        """Draw the string and wait for keys that answer."""
        self._candidates, self._chosen, self._first, self._note = card.candidates, [], 0, ""
        hint = ""
        self._forget_typed()
        while True:
            following = self._draw(card, self._foot(card, hint))
            key = self._key()
            key, hint = key.lower(), ""
            if key == "held":
                hint = HELD
            elif key == "esc" and self._candidates != card.candidates:
                self._candidates, self._first, hint = card.candidates, 0, "the candidates from before the search"
                self._chosen = [ror_id for ror_id in self._chosen if ror_id in {c.ror_id for c in card.candidates}]
            elif key in (" ", "down"):
                self._first = following
            elif key.isdecimal() and len(key) == 1:
                hint = self._toggle(int(key))
            else:
                try:
                    answer = self._answer(desk, card, key)
                except (AnswerError, UsageError) as error:
                    hint, answer = str(error), None
                if answer is not None:
                    if answer.verdict:
                        self._remember()
                    return answer

    def _toggle(self, number: int) -> str:
        if not 0 < number <= len(self._candidates):
            return f"there is no candidate {number}"
        ror_id = self._candidates[number - 1].ror_id
        if ror_id in self._chosen:
            self._chosen.remove(ror_id)
        else:
            self._chosen.append(ror_id)
        return ""

    def _answer(self, desk: PlaceDesk, card: PlaceCard, key: str) -> PlaceAnswer | None:
        """What a key answers; None where the question stays.  AnswerError says what is missing."""
        if key == "h" or key == "?":
            self._pages(lambda width: [line for text in KEY_HELP.splitlines() for line in wrap(self._console, Text(text), width)])
        elif key in _KEYS:
            return PlaceAnswer(_KEYS[key])
        elif key == "\n" and not self._chosen and card.proposed and self._candidates == card.candidates:
            return complete(desk, card, PlaceAnswer("confirm", words=self._note))
        elif key in ("\n", "l"):
            return self._institutions(for_all=key == "l")
        elif key == "a":
            return self._with_alias(card)
        elif key in ("n", "x"):
            return PlaceAnswer("decide", PlaceVerdict("none" if key == "n" else "not_an_institution", note=self._note or None))
        elif key == "c":
            return complete(desk, card, PlaceAnswer("confirm", words=self._note))
        elif key == "/":
            self._search(desk, card)
        elif key == "m":
            note = self._line(card, "why?  Enter keeps it for the answer to come, Esc goes back", "reason: ", self._note)
            self._note = self._note if note is None else note
        elif key == "@":
            return self._by_hand(desk, card)
        elif len(key) == 1:
            raise AnswerError(f"{key!r} is no key here; h explains them all")
        return None

    def _institutions(self, *, for_all: bool = False, alias: str | None = None) -> PlaceAnswer:
        if not self._chosen:
            raise AnswerError("choose an institution by its number first; n says that none is right")
        kind = "institution" if len(self._chosen) == 1 else "institutions"
        verdict = PlaceVerdict(kind, tuple(self._chosen), note=self._note or None, alias=alias)
        return PlaceAnswer("decide", verdict, names_of(self._candidates, self._chosen), for_all)

    def _with_alias(self, card: PlaceCard) -> PlaceAnswer | None:
        answer = self._institutions()
        text = clean(card.string.text)
        guess = next((part.strip() for part in re.split(r"[,;()，；（）]", text) if len(part.strip()) > 3), "")
        question = "which part of the string always means it?  Enter saves, Esc goes back"
        while True:
            alias = self._line(card, question, "part: ", guess)
            if alias is None or not answer.verdict:
                return None
            if is_alias_of(alias, card.string.text):
                return replace(answer, verdict=replace(answer.verdict, alias=alias))
            question, guess = f"{alias!r} is no whole part of the string: give what stands between its commas", alias

    def _search(self, desk: PlaceDesk, card: PlaceCard) -> None:
        text = self._line(card, "Enter looks the words up in the registry, Esc goes back", "look up: ")
        if text:
            found = desk.look_up(text)
            if not found:
                raise AnswerError(desk.nothing_under(text))
            kept = tuple(c for c in self._candidates if c.ror_id in self._chosen)
            self._candidates, self._first = (*kept, *(c for c in found if c not in kept))[:9], 0

    def _by_hand(self, desk: PlaceDesk, card: PlaceCard) -> PlaceAnswer | None:
        """City or point, name, reason; or all of it in one line, as it is written without a full screen.

        What is wrong is said above the line, which stays open with its text.
        """
        question, text = "a city's name, latitude and longitude, or NAME in CITY, COUNTRY because REASON; Esc goes back", ""
        while True:
            where = self._line(card, question, "where: ", text)
            if not where:
                return None
            try:
                return self._at(desk, card, where)
            except (AnswerError, UsageError) as error:
                question, text = f"{error}; Esc goes back", where

    def _at(self, desk: PlaceDesk, card: PlaceCard, where: str) -> PlaceAnswer | None:
        """The answer for what was typed as a place; AnswerError where nothing is there."""
        if is_whole(where):
            return complete(desk, card, parse_place(f"@ {where}", card.string.text, ()))
        name, where = named_place(where)
        place = self._at_point(card, where) if _POINT.match(where) else self._in_city(desk, where)
        if place is None:
            return None
        if not place.city and (flaw := desk.flaw(place.latitude, place.longitude, place.country_code)):
            raise AnswerError(flaw)
        return self._named(card, place, name, where)

    def _named(self, card: PlaceCard, place: HandPlace, name: str, where: str) -> PlaceAnswer | None:
        """Ask for the institution's name, where it isn't told, and the reason; Esc goes back to the question."""
        if not name:
            guess = next((lead.name for lead in card.string.leads if lead.place_id), clean(card.string.text).split(",")[0])
            question = f"the institution's name, at {place.city or where}, {place.country_code}"
            name = self._needed(card, question, "name: ", clean(guess))
        question = f"{name}, at {place.city or where}, {place.country_code}: a place by hand needs its reason"
        reason = self._needed(card, question, "reason: ", self._note) if name else ""
        if not name or not reason:
            return None
        return PlaceAnswer("decide", PlaceVerdict("place", place=replace(place, name=name), note=reason))

    def _needed(self, card: PlaceCard, question: str, name: str, text: str) -> str:
        """A line that has to say something; "" where the reviewer went back."""
        while (given := self._line(card, f"{question}; Esc goes back", name, text)) == "":
            text = ""
        return given or ""

    def _in_city(self, desk: PlaceDesk, where: str) -> HandPlace | None:
        name, _, country = where.partition(",")
        code = country.strip().upper() if len(country.strip()) == 2 else None
        found = desk.cities(name, code)
        if not found:
            raise AnswerError(f"no city {clean(where)!r} is known; give latitude and longitude instead")
        listed = [f"{c.name}, {c.country_code} ({c.admin1}), {c.population:,} inhabitants" for c in found]
        chosen = 0 if code and len(found) == 1 else self.choose("which one?", listed)
        if chosen is None:
            return None
        city = found[chosen]
        return HandPlace("", city.country_code, city.latitude, city.longitude, city.name)

    def _at_point(self, card: PlaceCard, where: str) -> HandPlace | None:
        point = _POINT.match(where)
        question = "in which country?  Two letters, such as US"
        while point:
            country = self._line(card, f"{question}; Esc goes back", "country: ")
            if country is None:
                return None
            if re.fullmatch(r"[A-Za-z]{2}", country):
                return HandPlace("", country.upper(), float(point[1]), float(point[2]))
            question = f"{clean(country)!r} is no country: two letters, such as US"
        return None

    def _line(self, card: PlaceCard, question: str, name: str, text: str = "") -> str | None:
        return self._edit(lambda foot: self._draw(card, foot), question, name, text)

    def _foot(self, card: PlaceCard, hint: str) -> list[str]:
        width = self._keys.size()[0] - 1
        items = ["1-9 choose", "Enter saves"] if self._candidates else []
        proposed = card.proposed and self._candidates == card.candidates
        items += ["c confirm as it stands"] if card.confirmable else ["c or Enter confirm 1"] if proposed else []
        items += ["Esc first list"] if self._candidates != card.candidates else []
        items += ["n none of them", "x no institution", "@ by hand", "/ search"]
        items += ["a and its alias", "l all that lead there"] if self._candidates else []
        items += ["m reason", "s skip", "z undo", "y history", "o open", "h help", "q quit"]
        question = Text(hint or "Which institution is printed?  Several numbers: the string names several")
        return [line.plain for line in wrap(self._console, question, width, 2)] + pack(items, width)

    def _draw(self, card: PlaceCard, foot: list[str]) -> int:
        """Draw it all; the first candidate of the next page (0: this page is the last)."""
        width, height = max(self._keys.size()[0] - 1, 10), max(self._keys.size()[1], 4)
        foot_lines = [Text(line[:width]) for line in foot][-(height - 2) :]
        head = self._head(card, width)[: max(height - len(foot_lines) - 1 - MIN_ROOM, 1)]
        room = max(height - len(head) - len(foot_lines) - 1, 0)
        body, following = self._body(width, room)
        shown = f"candidates {self._first + 1} to {following or len(self._candidates)} of {len(self._candidates)}"
        shown = (shown + (", space shows more" if following else "")) if self._candidates else "no candidate"
        rule = Text(f"── {shown} ".ljust(width, "─")[:width], style="dim")
        lines = [*head, rule, *body, *[Text()] * (room - len(body)), *foot_lines][:height]
        for line in lines:
            line.truncate(width)
        self._show(lines)
        return following

    def _head(self, card: PlaceCard, width: int) -> list[Text]:
        lines = wrap(self._console, Text(f"{clean(card.dataset.name)}: {count(card.left, 'affiliation')} left", style="dim"), width, 1)
        lines += wrap(self._console, Text(card.message, style="green"), width, MESSAGE_LINES) or [Text()]
        lines += wrap(self._console, Text(clean(card.string.text), style="bold"), width, 4)
        lines += [line for fact in facts(card) for line in wrap(self._console, Text(fact), width, 2)]
        return lines + (wrap(self._console, Text(f"reason: {self._note}"), width, 1) if self._note else [])

    def _body(self, width: int, room: int) -> tuple[list[Text], int]:
        lines: list[Text] = []
        for number, candidate in enumerate(self._candidates[self._first :], self._first + 1):
            box = "x" if candidate.ror_id in self._chosen else " "
            text = f"[{box}] {number}  {candidate.words}  {candidate.ror_id.removeprefix('https://')}"
            block = wrap(self._console, Text(text, style="reverse" if box == "x" else ""), width, 2)
            if lines and len(lines) + len(block) > room:
                return lines[:room], number - 1
            lines += block
        return lines[:room], 0
