"""The licence audit of a dataset's photos, what each verified use meant for it, and how many photos are still there."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Any, NamedTuple

from db.connect import Database
from db.queries.records import Work
from db.queries.works import load_works
from db.rules import is_sure

SCOPES = ("total", "country", "sector", "company")
TOTAL = ("total", "all verified uses")
Z = 1.959964  # of the normal distribution, for 95 %


class LicenceRow(NamedTuple):
    """A row of the licence table; flags are 1, 0, or None where the licence alone doesn't tell."""

    code: str
    version: str | None
    n: int
    attribution: int | None
    share_alike: int | None
    derivatives: int | None
    commercial: int | None

    @property
    def name(self) -> str:
        return f"{self.code} {self.version}" if self.version else self.code


@dataclass(frozen=True, slots=True)
class Duties:
    """How many images ask for what: sums over the licence table."""

    n: int
    attribution: int
    share_alike: int
    no_derivatives: int
    no_commercial: int
    commercial: int
    undecided: int


def add_duties(licences: Iterable[LicenceRow]) -> Duties:
    """The sums of a licence table.  A licence that says nothing of a point counts for neither side of it."""
    rows = list(licences)
    return Duties(
        n=sum(row.n for row in rows),
        attribution=sum(row.n for row in rows if row.attribution == 1),
        share_alike=sum(row.n for row in rows if row.share_alike == 1),
        no_derivatives=sum(row.n for row in rows if row.derivatives == 0),
        no_commercial=sum(row.n for row in rows if row.commercial == 0),
        commercial=sum(row.n for row in rows if row.commercial == 1),
        undecided=sum(row.n for row in rows if row.commercial is None),
    )


@dataclass(frozen=True, slots=True)
class Audit:
    """The audit of a dataset.  ``figures`` are the columns of ``photo_audit``; ``counts`` the distributions by kind."""

    slug: str
    figures: dict[str, Any]
    sources: list[dict[str, Any]]
    licences: tuple[LicenceRow, ...]
    duties: Duties
    counts: dict[str, list[tuple[str, int]]]


def load_audit(db: Database, slug: str) -> Audit | None:
    """The dataset's audit; None where none ran."""
    cursor = db.conn.execute("SELECT * FROM photo_audit WHERE slug = ?", [slug])
    row = cursor.fetchone()
    if row is None:
        return None
    figures = dict(zip((column[0] for column in cursor.description), row, strict=True))
    sources = json.loads(figures.pop("sources"))
    sql = "SELECT code, version, n, attribution, share_alike, derivatives, commercial FROM photo_licence WHERE slug = ? ORDER BY position"
    licences = tuple(LicenceRow(*row) for row in db.conn.execute(sql, [slug]))
    counts: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for kind, value, n in db.conn.execute("SELECT kind, value, n FROM photo_count WHERE slug = ? ORDER BY kind, position", [slug]):
        counts[kind].append((value, n))
    return Audit(slug, figures, sources, licences, add_duties(licences), dict(counts))


@dataclass(frozen=True, slots=True)
class UseRow:
    """Verified uses of one country, sector or company.

    ``commercial`` of them come from companies: in a country's row from its own, in the total from any.
    """

    scope: str  # country, sector, company
    name: str
    uses: int
    commercial: int


def load_uses(db: Database, slug: str) -> list[UseRow]:
    """Works whose final decision is *used*, by country, sector and company: the total first, then by number.

    A work counts once for each country, sector and company of its affiliations that are sure enough for the map.
    """
    uses: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    commercial: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for work in load_works(db, slug):
        if work.is_used:
            for group, is_company in _groups_of(work):
                uses[group].add(work.id)
                if is_company:
                    commercial[group].add(work.id)
    ranked = sorted(uses, key=lambda group: (SCOPES.index(group[0]), -len(uses[group]), group[1]))
    return [UseRow(*group, len(uses[group]), len(commercial[group])) for group in ranked] or [UseRow(*TOTAL, 0, 0)]


def _groups_of(work: Work) -> Iterator[tuple[tuple[str, str], bool]]:
    """(scope, name) with whether a company stands behind it."""
    yield TOTAL, False
    for affiliation in work.affiliations:
        place = affiliation.place
        if place is None or not is_sure(place):
            continue
        is_company = place.sector == "commercial"
        yield TOTAL, is_company
        if place.country_code:
            yield ("country", place.country_code), is_company
        if place.sector:
            yield ("sector", place.sector), is_company
        if is_company and place.name:
            yield ("company", place.name), True


@dataclass(frozen=True, slots=True)
class LinkState:
    """What came of the sample of links.  ``low`` and ``high`` bound the share of photos that are gone, with 95 %."""

    drawn: int
    there: int
    gone: int
    unanswered: int
    first: str | None
    last: str | None

    @property
    def share_gone(self) -> float | None:
        """Of those that gave an answer; None where none did."""
        answered = self.there + self.gone
        return self.gone / answered if answered else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval (https://doi.org/10.1080/01621459.1927.10502953), 95 %."""
        return wilson(self.gone, self.there + self.gone)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Wilson's interval for a share, 95 %; (0, 1) where nothing was drawn."""
    if n == 0:
        return 0.0, 1.0
    share, z2 = hits / n, Z * Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return 0.0 if hits == 0 else middle - half, 1.0 if hits == n else middle + half


def load_links(db: Database, slug: str) -> LinkState | None:
    """The state of the sample; None where none was drawn."""
    sql = """SELECT count(*), coalesce(sum(status = 'there'), 0), coalesce(sum(status = 'gone'), 0),
                    coalesce(sum(status NOT IN ('there', 'gone')), 0), min(checked_at), max(checked_at) FROM photo_link WHERE slug = ?"""
    row = db.conn.execute(sql, [slug]).fetchone()
    return LinkState(*row) if row[0] else None
