"""The desk of a reviewer of places: which string comes next, what it may be, and keeping what was said of it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from db.catalogue import Dataset
from db.config import Config
from db.connect import Database, writing
from db.errors import UsageError
from db.gazetteer import City, find_records, sample_hint
from db.ground import find_cities, find_flaw
from db.places import find_strings_led_to, save_place_undo, save_place_verdict, save_together
from db.queries.doubtful import WHY, DoubtfulString, Lead, PlaceEntry, find_alike, load_doubtful, load_place_history, load_string
from db.queries.queue import load_card
from db.wording import count
from verify.links import open_work
from verify.placewords import PlaceAnswer
from verify.text import clean, shorten

CANDIDATES = 9
PER_SEGMENT = 3


@dataclass(slots=True)
class PlacesReport:
    """What a session did."""

    slug: str
    n_decided: int = 0
    n_left: int = 0
    n_undone: int = 0
    message: str = ""  # confirms the last answer, where no question came after it


@dataclass(frozen=True, slots=True)
class Candidate:
    """An institution to choose."""

    ror_id: str
    words: str


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """One string as it is put before the reviewer."""

    dataset: Dataset
    string: DoubtfulString
    why: str
    left: int
    candidates: tuple[Candidate, ...]
    message: str = ""

    @property
    def confirmable(self) -> int | None:
        """The provisional institution that the reviewer may confirm as it stands."""
        return next((lead.place_id for lead in self.string.leads if lead.place_id), None)

    @property
    def proposed(self) -> Candidate | None:
        """The one institution of the registry that is proposed: what the string was taken for, else the only candidate."""
        leads = [lead for lead in self.string.leads if lead.ror_id or lead.place_id]
        if len(leads) == 1:
            return next((candidate for candidate in self.candidates if candidate.ror_id == leads[0].ror_id), None)
        return self.candidates[0] if not leads and len(self.candidates) == 1 else None


class PlaceDesk:
    """The doubtful strings of a dataset, one after the other.  What a method keeps is committed when it returns."""

    def __init__(self, config: Config, db: Database, dataset: Dataset, reviewer_id: int, report: PlacesReport) -> None:
        self.config = config
        self._db, self._dataset, self._reviewer_id, self._report = db, dataset, reviewer_id, report
        self._why = dict(load_doubtful(db, dataset.slug))
        self._pending = deque(self._why)

    def left(self) -> int:
        """How many strings are still to be asked about."""
        return len(self._pending)

    def card(self, message: str) -> PlaceCard | None:
        """The next string; None where none is left."""
        if not self._pending:
            return None
        string = load_string(self._db, self._dataset.slug, self._pending[0])
        why = WHY.get(self._why.get(string.string_id, ""), "")
        return PlaceCard(self._dataset, string, why, len(self._pending), self._candidates(string), message)

    def decide(self, card: PlaceCard, answer: PlaceAnswer) -> str:
        """Keep a decision on the string, and with ``all`` on those that lead to the same institution."""
        assert answer.verdict is not None
        strings = [card.string.string_id]
        if answer.for_all:
            leads = [lead.ror_id for lead in card.string.leads if lead.ror_id]
            strings += [other for other in find_strings_led_to(self._db, self._dataset.slug, leads) if other != strings[0]]
        with writing(self._db):
            save_together(self._db, [save_place_verdict(self._db, s, answer.verdict, self._reviewer_id) for s in strings])
        follow = set(find_alike(self._db, strings[0])) - set(strings)  # geocode gives them the same answer
        self._pending = deque(string_id for string_id in self._pending if string_id not in strings and string_id not in follow)
        self._report.n_decided += len(strings)
        alike = len(follow)
        alike_words = f"; {alike} more of the same name follow{'s' if alike == 1 else ''}" if alike else ""
        also = f", for {len(strings)} strings" if len(strings) > 1 else alike_words
        return f"saved: {said(answer)}{also}"

    def skip(self) -> str:
        """Leave the string for the end of this session."""
        self._pending.rotate(-1)
        return "skipped, comes again at the end"

    def undo(self) -> str:
        """Take back this reviewer's newest answer that stands, of earlier sessions too, and ask again."""
        with writing(self._db):
            strings = save_place_undo(self._db, self._reviewer_id, self._dataset.slug)
        if not strings:
            return "there is nothing to take back"
        for string_id in strings:
            self.visit(string_id)
        self._report.n_undone += len(strings)
        return "taken back" + (f", for {len(strings)} strings" if len(strings) > 1 else "")

    def visit(self, string_id: int) -> str:
        """Put a string before the reviewer next."""
        if string_id in self._pending:
            self._pending.remove(string_id)
        self._pending.appendleft(string_id)
        return ""

    def history(self) -> list[PlaceEntry]:
        """The decisions of all reviewers that stand, newest first."""
        return load_place_history(self._db, self._dataset.slug)

    def open(self, card: PlaceCard) -> str:
        """Open a work that prints the string."""
        if card.string.work_id is None:
            return "no work prints it any more"
        return open_work(self.config, load_card(self._db, self._dataset.slug, card.string.work_id))

    def look_up(self, words: str) -> tuple[Candidate, ...]:
        """Institutions of the registry whose names hold the words.  UsageError without a registry."""
        return tuple(_look_up(self.config, words, CANDIDATES))

    def nothing_under(self, words: str) -> str:
        """That the look-up found nothing, and what to run where the registry here is the sample only."""
        hint = sample_hint(self.config.gazetteer)
        return f"the registry has nothing under {words!r}" + (f"; {hint}" if hint else "")

    def cities(self, name: str, country_code: str | None = None) -> list[City]:
        """Cities of that name, the largest first.  UsageError without a gazetteer."""
        return find_cities(self.config.gazetteer, name, country_code)

    def flaw(self, latitude: float, longitude: float, country_code: str) -> str | None:
        """What is wrong with a point; without a gazetteer nothing is known to be."""
        try:
            return find_flaw(self.config.gazetteer, latitude, longitude, country_code)
        except UsageError:
            return None

    def _candidates(self, string: DoubtfulString) -> tuple[Candidate, ...]:
        """What the matcher took it for, what the other side says, then what the registry has under the parts of the string."""
        known = [(lead.ror_id, words(lead.name, lead.sector, lead.city, lead.country_code)) for lead in string.leads if lead.ror_id]
        known += [(rival.ror_id, words(rival.name)) for rival in string.rivals]
        found: dict[str, Candidate] = {}
        for ror_id, text in known:
            found.setdefault(ror_id, Candidate(ror_id, text))
        segments = [text for segment in re.split(r"[,;()，；（）]", string.text) if len(text := clean(segment)) >= 3]
        for number, segment in enumerate(segments):
            if number and segment.isascii() and len(segment.split()) == 1:
                continue  # behind the first comma one word is a city or a country
            try:
                for candidate in _look_up(self.config, segment, PER_SEGMENT):
                    found.setdefault(candidate.ror_id, candidate)
            except UsageError:  # no registry here: the matches alone
                break
        return tuple(found.values())[:CANDIDATES]


def words(*parts: str | None) -> str:
    """An institution in one line."""
    return ", ".join(clean(part) for part in parts if part)


def _look_up(config: Config, text: str, most: int) -> list[Candidate]:
    records = find_records(config.gazetteer, text, most)
    return [Candidate(record.ror_id, words(record.name, record.sector, record.city, record.country_code)) for record in records]


def said(answer: PlaceAnswer) -> str:
    """A verdict in the words that confirm it."""
    verdict = answer.verdict
    if verdict is None or verdict.kind == "none":
        return "no institution of the registry is right"
    if verdict.place_id:
        return f"{answer.words} is an institution, as it stands"
    if verdict.place:
        where = verdict.place.city or f"{verdict.place.latitude:.4f}, {verdict.place.longitude:.4f}"
        return f"{verdict.place.name}, {verdict.place.country_code}, at {where}"
    learned = f"; {verdict.alias!r} means it from now on" if verdict.alias else ""
    return "no institution" if verdict.kind == "not_an_institution" else answer.words + learned


def facts(card: PlaceCard) -> list[str]:
    """What is known of a string, a line each; the string itself is not among them."""
    string = card.string
    lines = [f"printed in {count(string.n_works, 'work')}, such as {clean(string.title) or '(no title)'!r}"]
    if card.why:
        lines.append(f"asked because: {card.why}")
    for lead in string.leads:
        told = words(lead.name, lead.sector, lead.city, lead.country_code)
        where = "" if lead.ror_id or lead.city else _where(lead)
        lines.append(f"taken for: {told}{where} (score {lead.score:.2f}, {clean(lead.method)})")
    if string.n_alike:
        lines.append(f"{count(string.n_alike, 'more string names', 'more strings name')} the same")
    if string.rivals:
        lines.append(f"the other side says: {'; '.join(clean(rival.name) for rival in string.rivals)}")
    if not string.leads:
        lines.append(f"taken for nothing: {clean(string.reason) or 'no reason given'}")
    elif not any(lead.ror_id for lead in string.leads):
        lines.append(f"no institution of the registry: {clean(string.reason) or 'no reason given'}")
    if sum(lead.ror_id is not None for lead in string.leads) > 1:
        lines.append("it was taken for several: give all the numbers that are right")
    if string.decided:
        lines.append(f"decided before: {clean(string.decided_as)}; that counts until you answer anew")
    return lines


def _where(lead: Lead) -> str:
    """What is known of the place of an institution without a city."""
    return ", only a place and no institution" if lead.place_id is None else ", its city is not known"


def entry_line(entry: PlaceEntry) -> str:
    """A decision in a history."""
    note = f" ({clean(entry.note)})" if entry.note else ""
    return f"{entry.decided_at[:10]} {entry.who}: {shorten(clean(entry.text), 60)} → {clean(entry.said)}{note}"


def names_of(candidates: Sequence[Candidate], ror_ids: Sequence[str]) -> str:
    """The chosen institutions in words."""
    told = {candidate.ror_id: candidate.words for candidate in candidates}
    return " and ".join(told.get(ror_id, ror_id) for ror_id in ror_ids)
