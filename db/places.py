"""Decisions of reviewers about places: written by ``verify``, obeyed by ``geocode``.  Append-only; the latest counts.

A decision holds for its own string, for every string that reads the same, and with an alias for every string that has
that alias as one of its parts.  An answer that was taken back stays in ``place_answer``; ``place_decision`` shows what stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from db.connect import now
from db.identity import title_key

BY_HAND = "reviewer"  # the provider of places that a reviewer put by hand
KINDS = ("institution", "institutions", "place", "not_an_institution", "none")
_PARTS = re.compile(r"[,;|/()\[\]\n\t，、；（）]+")
MAX_PARTS = 3  # neighbouring parts of a string that together may be an alias
MIN_KEY = 4  # letters of an alias; less than that means too much


@dataclass(frozen=True, slots=True)
class HandPlace:
    """A point that a reviewer put by hand; degrees, WGS 84.  ``city``: the point is only that city's, by its name."""

    name: str
    country_code: str
    latitude: float
    longitude: float
    city: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceVerdict:
    """What a reviewer says of a string: ``kind`` one of KINDS, with its institutions (full ROR URLs) or its place.

    ``place_id``: the place is a provisional institution that is there already, and the reviewer confirms it.
    """

    kind: str
    ror_ids: tuple[str, ...] = ()
    place: HandPlace | None = None
    note: str | None = None
    alias: str | None = None
    place_id: int | None = None


@dataclass(frozen=True, slots=True)
class PlaceDecision:
    """A verdict with who gave it when, and on which string."""

    decision_id: int
    string_id: int
    verdict: PlaceVerdict
    reviewer_id: int
    decided_at: str
    place_key: str | None = None  # of the place …
    place_provider: str | None = None  # … at this provider


def save_place_verdict(db: Database, string_id: int, verdict: PlaceVerdict, reviewer_id: int, moved_from: int | None = None) -> int:
    """Record a decision and return its id; inside a transaction of the caller.  The next ``geocode`` obeys it."""
    place_id = verdict.place_id or (_save_place(db, verdict.place) if verdict.place else None)
    cursor = db.conn.execute(
        "INSERT INTO place_answer (string_id, ror_id, reviewer_id, note, decided_at, kind, also, place_id, alias, moved_from) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            *(string_id, verdict.ror_ids[0] if verdict.ror_ids else None, reviewer_id, verdict.note, now()),
            *(verdict.kind, json.dumps(verdict.ror_ids[1:]), place_id, verdict.alias, moved_from),
        ],
    )
    return int(cursor.lastrowid or 0)


def save_place_undo(db: Database, reviewer_id: int, slug: str) -> list[int]:
    """Take back this reviewer's newest answer that stands, on a string of the dataset; the strings that it was on.

    One answer for several strings at once is taken back as one.  [] where nothing is left; inside a transaction of the caller.
    What the registry moved is taken back together with the answer it came from.
    """
    row = db.conn.execute(
        "SELECT d.decision_id, d.string_id FROM place_decision d WHERE d.reviewer_id = ? AND d.string_id IN ("
        "SELECT a.string_id FROM found f JOIN work w ON w.work_id = f.work_id JOIN work v ON v.group_id = w.group_id "
        "JOIN affiliation a ON a.work_id = v.work_id WHERE f.slug = ?) "
        "ORDER BY coalesce(d.moved_from, d.decision_id) DESC, d.decision_id DESC LIMIT 1",
        [reviewer_id, slug],
    ).fetchone()
    if row is None:
        return []
    answers = [(row[0], row[1]), *_given_together(db, row[0])]
    origins = [(origin, string_id) for number, string_id in answers for origin in _origins(db, number)]
    db.conn.executemany(
        "INSERT OR IGNORE INTO place_retraction (decision_id, reviewer_id, retracted_at) VALUES (?, ?, ?)",
        [(number, reviewer_id, now()) for number, _ in (*answers, *origins)],
    )
    return list(dict.fromkeys(string_id for _, string_id in answers))


def _given_together(db: Database, decision_id: int) -> list[tuple[int, int]]:
    """The answers right before this one that were given with it: for other strings, with the group's mark."""
    rows = db.conn.execute(
        "SELECT d.decision_id, d.string_id FROM place_decision d JOIN place_together t ON t.decision_id = d.decision_id "
        "WHERE t.first_id = (SELECT first_id FROM place_together WHERE decision_id = ?1) AND d.decision_id <> ?1 ORDER BY 1 DESC",
        [decision_id],
    )
    return [(int(row[0]), int(row[1])) for row in rows]


def save_together(db: Database, decisions: Sequence[int]) -> None:
    """Mark answers as one, given for several strings at once; inside a transaction of the caller."""
    if len(decisions) > 1:
        rows = [(number, decisions[0]) for number in decisions]
        db.conn.executemany("INSERT INTO place_together (decision_id, first_id) VALUES (?, ?)", rows)


def _origins(db: Database, decision_id: int) -> list[int]:
    """The answers that the registry's merges made into this one."""
    found: list[int] = []
    while row := db.conn.execute("SELECT moved_from FROM place_answer WHERE decision_id = ?", [decision_id]).fetchone():
        if row[0] is None:
            break
        decision_id = int(row[0])
        found.append(decision_id)
    return found


def _save_place(db: Database, place: HandPlace) -> int:
    """The same name at the same point is the same place."""
    db.conn.execute("INSERT OR IGNORE INTO provider (name) VALUES (?)", [BY_HAND])
    key = f"{title_key(place.name)}@{place.latitude:.4f},{place.longitude:.4f}"
    granularity = "city" if place.city else "institution"
    db.conn.execute(
        "INSERT INTO place (provider, provider_key, name, country_code, latitude, longitude, granularity, institution) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (provider, provider_key) DO UPDATE SET country_code = excluded.country_code",
        [BY_HAND, key, place.city or place.name, place.country_code, place.latitude, place.longitude, granularity, place.name],
    )
    row = db.conn.execute("SELECT place_id FROM place WHERE provider = ? AND provider_key = ?", [BY_HAND, key]).fetchone()
    return int(row[0])


def load_place_decisions(db: Database) -> dict[int, PlaceDecision]:
    """The decision that counts for each string."""
    rows = db.conn.execute(
        "SELECT d.decision_id, d.string_id, d.kind, d.ror_id, d.also, d.note, d.alias, d.reviewer_id, d.decided_at, d.place_id, "
        "p.provider, p.provider_key, coalesce(p.institution, p.name), p.country_code, p.latitude, p.longitude, "
        "CASE WHEN p.granularity = 'city' THEN p.name END "
        "FROM place_decision d LEFT JOIN place p ON p.place_id = d.place_id "
        "WHERE d.decision_id IN (SELECT max(decision_id) FROM place_decision GROUP BY string_id) ORDER BY d.decision_id"
    )
    found = {}
    for decision_id, string_id, kind, ror_id, also, note, alias, reviewer_id, decided_at, place_id, provider, key, *place in rows:
        ror_ids = (ror_id, *json.loads(also)) if ror_id else ()
        verdict = PlaceVerdict(kind, ror_ids, HandPlace(*place) if key else None, note, alias, None if provider == BY_HAND else place_id)
        found[string_id] = PlaceDecision(decision_id, string_id, verdict, reviewer_id, decided_at, key, provider)
    return found


@dataclass(frozen=True, slots=True)
class Learned:
    """What decisions on other strings say: by whole string, and by alias."""

    whole: dict[str, PlaceDecision]
    aliases: dict[str, PlaceDecision]

    def find(self, text: str) -> tuple[PlaceDecision, bool] | None:
        """The decision that a string follows, and whether it reads the same as a whole; None where it follows none."""
        whole = self.whole.get(title_key(text))
        if whole:
            return whole, True
        found = {decision.decision_id: decision for key in part_keys(text) if (decision := self.aliases.get(key))}
        return (found.popitem()[1], False) if len(found) == 1 else None  # two aliases in one string: a person should look


def load_learned(db: Database) -> Learned:
    """What the decisions that count teach; of two on the same words the later one."""
    whole, aliases = {}, {}
    texts = dict(
        db.conn.execute("SELECT string_id, text FROM affiliation_string WHERE string_id IN (SELECT string_id FROM place_decision)")
    )
    for string_id, decision in load_place_decisions(db).items():
        if len(title_key(texts[string_id])) >= MIN_KEY:
            whole[title_key(texts[string_id])] = decision
        if decision.verdict.alias:
            aliases[title_key(decision.verdict.alias)] = decision
    return Learned(whole, aliases)


def part_keys(text: str) -> Iterable[str]:
    """The parts of a string between commas and the like, and up to MAX_PARTS neighbours together, for comparing."""
    keys = [key for part in _PARTS.split(text) if (key := title_key(part))]
    for size in range(1, MAX_PARTS + 1):
        for start in range(len(keys) - size + 1):
            key = "".join(keys[start : start + size])
            if len(key) >= MIN_KEY:
                yield key


def is_alias_of(alias: str, text: str) -> bool:
    """Whether an alias is one or several whole parts of a string."""
    return title_key(alias) in set(part_keys(text))


def find_strings_led_to(db: Database, slug: str, ror_ids: Sequence[str]) -> list[int]:
    """Strings of a dataset without a decision that lead to one of the institutions and nowhere else."""
    rows = db.conn.execute(
        "SELECT m.string_id FROM string_match m WHERE m.string_id NOT IN (SELECT string_id FROM place_decision) AND m.string_id IN ("
        "SELECT a.string_id FROM found f JOIN work w ON w.work_id = f.work_id JOIN work v ON v.group_id = w.group_id "
        "JOIN affiliation a ON a.work_id = v.work_id WHERE f.slug = ?) "
        "GROUP BY m.string_id HAVING count(*) = 1 AND max(m.ror_id) IN (SELECT value FROM json_each(?)) ORDER BY m.string_id",
        [slug, json.dumps(list(ror_ids))],
    )
    return [int(row[0]) for row in rows]
