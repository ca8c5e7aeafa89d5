"""The stage ``geocode``: each affiliation string of the datasets → its institutions, or a place, or a reason why neither.

A string is decided anew when the matcher or the gazetteer has changed, when a reviewer has said something of it, or with
``again``.  What a reviewer decided comes before anything the matcher thinks.  Batches are transactions: a run that was
killed goes on where it stopped and ends in the same content.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from sqlite_utils import Database

from db.catalogue import find_dataset
from db.config import Config
from db.connect import open_existing, writing
from db.errors import ProviderError
from db.gazetteer import Institution, load_city
from db.geocode import (
    AffiliationString,
    InstitutionRow,
    MatchRow,
    PlaceRow,
    count_scope,
    find_cached_answer,
    load_pending,
    load_unplaced,
    save_answer,
    save_decision,
    save_providers,
)
from db.ground import kin_of
from db.progress import progress_bars
from db.provisional import end_membership, find_cluster_decision
from db.runs import installed_version, running
from db.succession import load_succession, move_decisions, save_successors
from geocode.cities import PlaceFound
from geocode.evidence import distance_km
from geocode.finding import Found, find_all, house_of
from geocode.matcher import FAR_KM, Answer, Match, Matcher
from geocode.obeying import obey
from geocode.providers import ALL
from geocode.provisional import METHOD, join_provisional
from geocode.succession import successors
from geocode.unmatched import House

CITY_ALONE = 0.7  # a place without an institution is below the bar of the map: a reviewer confirms it
BATCH = 100  # strings in one transaction


@dataclass(frozen=True, slots=True)
class GeocodeReport:
    """What a run did, and where the strings of the datasets stand after it."""

    n_decided: int  # strings this run decided
    n_changed: int  # … that lead elsewhere than before
    n_online: int  # points that the geocoding service gave
    matched: int
    placed: int
    none: int
    total: int
    problem: str | None = None  # why the geocoding service was not asked to the end
    n_moved: int = 0  # reviewers' decisions that follow the registry to a successor


def run(config: Config, slugs: Sequence[str], *, again: bool = False, online: bool = False, cluster: str | None = None) -> GeocodeReport:
    """Decide the strings of the datasets (all where none is named).  Raises UsageError without a gazetteer.

    With ``cluster``, the address of a Dask scheduler, its workers match; this process alone writes.
    """
    with closing(Matcher(config.gazetteer)) as matcher, closing(open_existing(config.db).conn) as conn:
        db = Database(conn)
        for slug in slugs:
            find_dataset(db, slug)  # an unknown name is told before anything else
        with running(db, "geocode", installed_version()):
            with writing(db):
                save_providers(db, ALL)
                save_successors(db, successors(load_succession(matcher.db)), matcher.release)
                n_moved = move_decisions(db)
            pending = load_pending(db, slugs, matcher.version, matcher.release, again=again)
            n_changed = _decide(config, db, matcher, pending, cluster)
            n_online, problem = _ask_service(config, db, matcher, slugs) if online else (0, None)
        counts = count_scope(db, slugs)
    return GeocodeReport(
        *(len(pending), n_changed, n_online, counts.get("matched", 0), counts.get("placed", 0), counts.get("none", 0)),
        *(counts["total"], problem, n_moved),
    )


def _decide(config: Config, db: Database, matcher: Matcher, pending: list[AffiliationString], cluster: str | None) -> int:
    """Decide strings, a batch a transaction; how many lead elsewhere than before."""
    n_changed = 0
    batches = [pending[start : start + BATCH] for start in range(0, len(pending), BATCH)]
    with progress_bars(config) as bars:
        task = bars.add_task("geocode", total=len(pending))
        for batch, found in zip(batches, find_all(matcher, config.gazetteer, batches, cluster), strict=True):
            n_changed += _save_batch(db, matcher, batch, found)
            bars.advance(task, len(batch))
    return n_changed


def _save_batch(db: Database, matcher: Matcher, batch: list[AffiliationString], found: list[Found]) -> int:
    with writing(db):
        return sum(_save(db, matcher, *pair) for pair in zip(batch, found, strict=True))


def _save(db: Database, matcher: Matcher, string: AffiliationString, found: Found) -> bool:
    answer = found.answer
    if string.decision is None:
        if answer.matches:
            end_membership(db, string.string_id, answer.matches[0].institution.ror_id)
        elif found.house and answer.place:
            return _save_provisional(db, matcher, string, answer, found.house)
        else:
            end_membership(db, string.string_id, None)
    rows = [_as_row(match, matcher) for match in without_far_parents(answer.matches)]
    if answer.place:
        score = answer.place.score if string.decision else min(answer.place.score, CITY_ALONE)
        rows.append(MatchRow(_as_place(answer.place), score, answer.place.method))
    return save_decision(db, string, rows, answer.reason, matcher.version, matcher.release)


def _save_provisional(db: Database, matcher: Matcher, string: AffiliationString, answer: Answer, house: House) -> bool:
    """Count the string to its provisional institution; what a reviewer said of that one holds for the string too."""
    assert answer.place is not None
    place_id, row, score = join_provisional(db, string.string_id, house, answer.place)
    decision = find_cluster_decision(db, place_id)
    if decision and (obeyed := obey(matcher, string, decision)):
        return _save(db, matcher, replace(string, decision=decision, follows=True), Found(obeyed))
    return save_decision(db, string, [MatchRow(row, score, METHOD)], answer.reason, matcher.version, matcher.release)


def without_far_parents(matches: Sequence[Match]) -> list[Match]:
    """The institutions that stand on the map: a body named beside an institute of its own has its seat elsewhere.

    "Shenzhen Institutes of Advanced Technology, Chinese Academy of Sciences" is no work done at the academy's seat in Beijing.
    """
    here = {m.institution.rec: m for m in matches}
    kept = []
    for match in matches:
        children = [here[rec] for rec in match.institution.children if rec in here]
        if not any(_far(match, child) for child in children):
            kept.append(match)
    return kept or list(matches)


def _far(a: Match, b: Match) -> bool:
    """Whether the seat of ``a`` is far from that of ``b``."""
    one, other = a.institution, b.institution
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return False
    return distance_km((one.latitude, one.longitude), (other.latitude, other.longitude)) > FAR_KM


def _as_row(match: Match, matcher: Matcher) -> MatchRow:
    i, point = match.institution, _sound_point(match.institution, matcher)
    heir = match.successor.name if match.successor else None
    row = InstitutionRow(i.ror_id, i.name, i.country_code, i.city, *point, i.sector, i.status, matcher.release, heir)
    at: tuple[str | None, float | None, float | None, str | None] | None = None
    if (
        match.city
        and match.latitude is not None
        and match.longitude is not None
        and (match.latitude, match.longitude) != (i.latitude, i.longitude)
    ):
        at = (match.city, match.latitude, match.longitude, None)
    if match.country_code != i.country_code:
        at = (match.city, match.latitude, match.longitude, match.country_code)
    return MatchRow(row, match.score, match.method, at)


def _sound_point(institution: Institution, matcher: Matcher) -> tuple[float | None, float | None]:
    """The registry's point; its city's where the registry's lies outside the country, or none at all."""
    latitude, longitude = institution.latitude, institution.longitude
    if latitude is None or longitude is None or matcher.ground.find_flaw(latitude, longitude, institution.country_code) is None:
        return latitude, longitude
    cities = (load_city(matcher.db, city_id) for city_id in institution.city_ids)
    city = next((city for city in cities if city and city.country_code in kin_of(institution.country_code or "")), None)
    return (city.latitude, city.longitude) if city else (None, None)


def _as_place(place: PlaceFound) -> PlaceRow:
    return PlaceRow(place.provider, place.key, place.name, place.country_code, place.latitude, place.longitude, place.granularity)


def _ask_service(config: Config, db: Database, matcher: Matcher, slugs: Sequence[str]) -> tuple[int, str | None]:
    """Points for what is left, from the geocoding service; (how many, why it ended early)."""
    from geocode.online import address_query, read_answer
    from geocode.service import PlaceService

    service, ground = PlaceService(config), matcher.ground
    n_found = 0
    for string in load_unplaced(db, slugs):
        text, evidence = matcher.look(string.text)
        query = address_query(text, evidence)
        if query is None:
            continue
        cached = find_cached_answer(db, service.name, query)
        try:
            answers = service.fetch_places(query) if cached is None else json.loads(cached)
        except ProviderError as error:
            return n_found, str(error)
        place = read_answer(service.name, answers, evidence, ground)
        with writing(db):
            if cached is None:
                save_answer(db, service.name, query, json.dumps(answers, ensure_ascii=False))
            if place:
                reason = "the place is a geocoding service's; no institution was found"
                answer = Answer(place=place, reason=reason)
                _save(db, matcher, string, Found(answer, house_of(matcher, string, answer)))
                n_found += 1
    return n_found, None
