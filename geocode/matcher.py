"""The matcher as the commands use it: affiliation string → institutions, or a place, or a reason why neither.

Steps, one module each: ``segments`` cuts the string, ``evidence`` finds countries and cities, ``candidates`` the records
it may mean, ``score`` and ``model`` weigh them, ``decide`` accepts or abstains, ``cities`` places what is left.
"""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from db.gazetteer import Institution, find_hits, find_institution, load_meta, open_gazetteer
from db.ground import Ground
from geocode.brands import find_company
from geocode.candidate import Candidate
from geocode.candidates import CandidateFinder
from geocode.cities import LIKELY, PlaceFound, find_place, likely_country, settled_city
from geocode.citybuild import place_key
from geocode.decide import decide
from geocode.domains import institution_domain
from geocode.evidence import Evidence, PlaceFinder, distance_km
from geocode.lastsigns import family_country, last_country
from geocode.model import load_model
from geocode.rules import corrected
from geocode.score import Scene
from geocode.segments import Text, cut
from geocode.words import DEPARTMENT

VERSION = "5"  # of the rules; with the model's version it names the matcher in every row
GLUED = 9  # letters of a word that may be two
FAR_KM = 60.0  # from here on the printed city, not the registry's seat, is where the institution is


@dataclass(frozen=True, slots=True)
class Match:
    """An accepted institution.  ``city`` and its point are the printed ones where they are far from the registry's seat, or it has none.

    ``country_code`` is the printed one where a company is meant by its seat's record; without a printed city it then has no point.
    """

    institution: Institution
    score: float
    method: str
    city: str | None
    latitude: float | None
    longitude: float | None
    country_code: str | None
    successor: Institution | None = None  # of a closed house: the one that took it over


@dataclass(frozen=True, slots=True)
class Answer:
    """What a string leads to.  ``reason`` says why there is no institution; ``place`` is then the next best."""

    matches: tuple[Match, ...] = ()
    place: PlaceFound | None = None
    reason: str | None = None


class SceneFinder:
    """A string → its candidates with everything that speaks for and against them, before any judgement."""

    def __init__(self, db: Database) -> None:
        self.places = PlaceFinder(db)
        self.candidates = CandidateFinder(db, self.places.city_ids)

    def find(self, text: Text, owners: Sequence[int] = ()) -> Scene:
        """The scene of a cut string; ``owners`` are the records whose e-mail domains stand beside it."""
        text = self.parted(text)
        evidence = self.places.find(text)
        return Scene(text, evidence, self.candidates.find(text, evidence), self.candidates, set(owners))

    def parted(self, text: Text) -> Text:
        """A string with the words parted that were glued together by mistake; itself where there are none."""
        long = (word for word in text.raw if len(word) >= GLUED)
        glued = {
            w: parts for w in long if (parts := self.candidates.lexicon.split(w.lower())) and not self.candidates.city_ids(place_key(w))
        }
        if not glued:
            return text
        cleaned = text.cleaned
        for word, (left, _) in glued.items():
            cleaned = cleaned.replace(word, f"{word[: len(left)]} {word[len(left) :]}")
        return cut(cleaned)


class Matcher:
    """Matches strings against one gazetteer index; loading takes under a second, then it keeps what it has looked up.

    From then on to ``close`` the collector passes over all that the process holds (``gc.freeze``).
    """

    def __init__(self, gazetteer: Path) -> None:
        self.db = open_gazetteer(gazetteer)
        self.release = load_meta(self.db)["release"]
        self.ground = Ground(self.db)
        self._scenes = SceneFinder(self.db)
        self._places, self._candidates = self._scenes.places, self._scenes.candidates
        self._model = load_model()
        self.version = f"{VERSION}+{self._model.version}"
        gc.freeze()  # the index is held to the end: to look through it for garbage took a twentieth of the time

    def match(self, affiliation: str, email_domains: Sequence[str] = ()) -> Answer:
        """The institutions, the place, or the reason.  Never raises for odd input."""
        text = cut(affiliation)
        if not text.words:
            return Answer(reason="the string holds no words")
        owners = self._owners(email_domains)
        scene = self._scenes.find(text, owners)
        text, evidence = scene.text, scene.evidence
        scores = self._model.probabilities(scene)
        accepted, reason = decide(scene, scores)
        if accepted:
            return Answer(tuple(self._as_match(d.candidate.record, d.score, d.method, evidence) for d in accepted))
        by_domain = self._by_domain(text, evidence, owners)
        if by_domain:
            return Answer((self._as_match(by_domain, 0.7, "e-mail domain", evidence),))
        weighed = [(c.record, score) for c, score in zip(scene.candidates, scores, strict=True)]
        place = find_place(evidence, self._places.city) or likely_country(evidence, weighed, LIKELY)
        place = place or family_country(text, evidence, self._candidates.family)
        place = place or last_country(text, evidence, affiliation, email_domains) or likely_country(evidence, weighed)
        return Answer(place=place, reason=reason)

    def weigh(self, affiliation: str) -> tuple[Evidence, list[tuple[Candidate, float]]]:
        """The places that a string prints, and its candidates with their probabilities, before any is taken: for explanations.

        Those that were not worth weighing come last, with 0.
        """
        scene = self._scenes.find(cut(affiliation))
        scores = corrected(scene, self._model.probabilities(scene))
        left_out = [(c, 0.0) for c in self._candidates.find_all(scene.text, scene.evidence)]
        return scene.evidence, [*zip(scene.candidates, scores, strict=True), *left_out]

    def close(self) -> None:
        """Let go of the index."""
        self.db.conn.close()
        gc.unfreeze()

    def look(self, affiliation: str) -> tuple[Text, Evidence]:
        """A string cut up, and the places it prints."""
        text = cut(affiliation)
        return text, self._places.find(text)

    def place(self, affiliation: str) -> PlaceFound | None:
        """The place of a string, without looking for an institution."""
        return find_place(self.look(affiliation)[1], self._places.city)

    def company(self, affiliation: str) -> Match | None:
        """The company of "name, country" where the string alone has led nowhere: an applicant of a patent (``geocode.brands``)."""
        found = find_company(affiliation, self._candidates.named)
        if found is None:
            return None
        record, spelling = found
        return self._as_match(record, spelling.score, spelling.method, self.look(affiliation)[1])

    def find(self, ror_id: str) -> Institution | None:
        """A record by its ROR id."""
        return find_institution(self.db, ror_id)

    def as_reviewed(self, institution: Institution) -> Match:
        """A record that a reviewer named."""
        return Match(
            institution,
            1.0,
            "reviewer",
            institution.city,
            institution.latitude,
            institution.longitude,
            institution.country_code,
            self._heir(institution),
        )

    def _owners(self, domains: Sequence[str]) -> list[int]:
        """Records to which e-mail domains belong."""
        found: list[int] = []
        for domain in domains:
            found += [int(hit) for hit in institution_domain(domain, lambda d: find_hits(self.db, "domain", d))]
        return list(dict.fromkeys(found))

    def _by_domain(self, text: Text, evidence: Evidence, owners: list[int]) -> Institution | None:
        """The one owner of the e-mail domains, where the string names departments and an address, and no house of its own."""
        houses = [start for start, end in text.bounds if not all(text.where[n] in evidence.taken for n in range(start, end))]
        if len(owners) != 1 or not houses:
            return None
        record = self._candidates.record(owners[0])
        short = len(houses) == 1 and len(text.bounds) > 1 and record.country_code in evidence.countries and self._is_short(text, houses[0])
        if not short and any(text.words[start] not in DEPARTMENT for start in houses):
            return None
        if record.status != "active" or (evidence.countries and record.country_code not in evidence.realm):
            return None
        return record

    def _is_short(self, text: Text, start: int) -> bool:
        """One or two words with capitals in them, such as "IIIT-Delhi"."""
        raws = [text.raw[text.where[n]] for n in range(*text.bounds[text.of[start]])]
        return len(raws) <= 2 and any(sum(c.isupper() for c in raw) > 1 for raw in raws)

    def _as_match(self, record: Institution, score: float, method: str, evidence: Evidence) -> Match:
        country, heir = self._printed_country(record, evidence), self._heir(record)
        if place := self._printed_city(record, evidence):
            return Match(record, score, method, *place, country, heir)
        if country != record.country_code:
            return Match(record, score, method, None, None, None, country, heir)
        return Match(record, score, method, record.city, record.latitude, record.longitude, country, heir)

    def _heir(self, record: Institution) -> Institution | None:
        """The living house that took over a closed one, where there is one."""
        heir = self._candidates.heirs.get(record.ror_id)
        return self.find(heir) if heir else None

    def _printed_country(self, record: Institution, evidence: Evidence) -> str | None:
        """The record's country; of a company the one that is printed in its place: "Google, Zurich, Switzerland"."""
        if record.country_code is None or "company" not in record.types or record.country_code in evidence.realm:
            return record.country_code
        if len(evidence.countries) == 1:
            return next(iter(evidence.countries))
        city = settled_city(evidence, self._places.city)
        return city.country_code if city else record.country_code

    def _printed_city(self, record: Institution, evidence: Evidence) -> tuple[str, float, float] | None:
        """The city of the address, where it is far from the record's seat; in another country only for a company."""
        city = settled_city(evidence, self._places.city)
        if city is None:
            return None
        if city.country_code != (record.country_code or city.country_code) and "company" not in record.types:
            return None
        if record.latitude is None or record.longitude is None:
            return city.name, city.latitude, city.longitude
        if distance_km((record.latitude, record.longitude), (city.latitude, city.longitude)) < FAR_KM:
            return None
        return city.name, city.latitude, city.longitude
