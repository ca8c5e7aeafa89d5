"""Questions to the table: the licences, and the distributions of the model page."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from photos.blocked import is_blocked
from photos.countries import count_countries
from photos.engine import Engine
from photos.licences import Licence, parse_licence

TOP_TAGS = 100
_LOOK_AT = 5000  # tags in their written form, of which the most frequent ones are shown decoded
_BROKEN = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class LicenceCount:
    """A row of the licence table."""

    licence: Licence
    n: int


@dataclass(slots=True)
class Totals:
    """Sums over the licence table."""

    n: int = 0
    attribution: int = 0
    share_alike: int = 0
    no_derivatives: int = 0
    no_commercial: int = 0
    commercial: int = 0
    undecided: int = 0  # the licence alone doesn't tell about commercial use


@dataclass(slots=True)
class Owners:
    """How the photos spread over their owners; numbers only."""

    n: int = 0
    median: float = 0
    largest: int = 0
    top_1_percent: float = 0  # share of the photos that the top hundredth of the owners holds
    top_10_percent: float = 0


@dataclass(slots=True)
class Measured:
    """What the table says.  Distributions are (value, count); a year of "" is not known."""

    rows: int = 0
    photos: int = 0
    videos: int = 0
    licences: list[LicenceCount] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)
    unknown_licences: list[tuple[str, int]] = field(default_factory=list)
    years: list[tuple[str, int]] = field(default_factory=list)
    tags: list[tuple[str, int]] = field(default_factory=list)
    distinct_tags: int = 0
    without_tags: int = 0
    broken_tags: int = 0
    blocked_tags: int = 0  # of the frequent ones, that are not repeated
    owners: Owners = field(default_factory=Owners)
    geotagged: int = 0
    placeholders: int = 0
    countries: list[tuple[str, int]] = field(default_factory=list)
    rights: list[tuple[str, int]] = field(default_factory=list)
    ages: list[tuple[str, int]] = field(default_factory=list)


def measure(engine: Engine) -> Measured:
    """All answers for the table ``photo``."""
    found = Measured()
    found.rows, found.videos, without_tags, found.geotagged, found.placeholders = engine.one(
        """SELECT count(*), count(*) FILTER (kind = '1'), count(*) FILTER (coalesce(tags, '') = ''),
                  count(*) FILTER (geo > 0), count(*) FILTER (geo = 2) FROM photo"""
    )
    found.photos, found.without_tags = found.rows - found.videos, without_tags
    _measure_licences(engine, found)
    found.years = [(str(year or ""), n) for year, n in engine.rows("SELECT taken, count(*) FROM photo GROUP BY 1 ORDER BY 1 NULLS LAST")]
    _measure_tags(engine, found)
    found.owners = _measure_owners(engine)
    found.countries = _add_up(_counted(engine, "country"), count_countries(engine))
    found.rights = _counted(engine, "rights") or _rights_of(found.licences)
    found.ages = [
        (f"{decade}–{decade + 9}", n)
        for decade, n in engine.rows("SELECT age // 10 * 10, count(*) FROM photo WHERE age BETWEEN 0 AND 130 GROUP BY 1 ORDER BY 1")
    ]
    return found


_RIGHTS = {
    "CC0": "in the public domain",
    "PDM": "in the public domain",
    "USGOV": "work of the United States Government",
    "NKCR": "no known copyright restrictions",
    "ARR": "all rights reserved",
    "unknown": "not known",
    "unstated": "not known",
}


def _rights_of(licences: list[LicenceCount]) -> list[tuple[str, int]]:
    """The copyright status that the licences tell, where the files name none."""
    counts: Counter[str] = Counter()
    for row in licences:
        counts[_RIGHTS.get(row.licence.code, "some rights reserved (Creative Commons)")] += row.n
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _add_up(*parts: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """The sum of several counts, the largest first."""
    counts: Counter[str] = Counter()
    for part in parts:
        for value, n in part:
            counts[value] += n
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _counted(engine: Engine, column: str) -> list[tuple[str, int]]:
    sql = f"SELECT {column}, count(*) AS n FROM photo WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY n DESC, 1 LIMIT 100"
    return [(str(value), n) for value, n in engine.rows(sql)]


def _measure_licences(engine: Engine, found: Measured) -> None:
    counts: Counter[Licence] = Counter()
    unknown: Counter[str] = Counter()
    for address, n in engine.rows("SELECT licence, count(*) FROM photo GROUP BY 1"):
        licence = parse_licence(address)
        counts[licence] += n
        if licence.code == "unknown":
            unknown[str(address)[:200]] += n
    found.licences = [LicenceCount(licence, n) for licence, n in sorted(counts.items(), key=lambda pair: pair[0].order)]
    found.unknown_licences = sorted(unknown.items(), key=lambda pair: (-pair[1], pair[0]))[:20]
    found.totals = add_up(found.licences)


def add_up(licences: list[LicenceCount]) -> Totals:
    """The sums of a licence table."""
    totals = Totals()
    for row in licences:
        totals.n += row.n
        totals.attribution += row.n * (row.licence.attribution is True)
        totals.share_alike += row.n * (row.licence.share_alike is True)
        totals.no_derivatives += row.n * (row.licence.derivatives is False)
        totals.no_commercial += row.n * (row.licence.commercial is False)
        totals.commercial += row.n * (row.licence.commercial is True)
        totals.undecided += row.n * (row.licence.commercial is None)
    return totals


def _measure_tags(engine: Engine, found: Measured) -> None:
    """Split first, decode after: an encoded comma belongs to its tag."""
    engine.run(
        """CREATE OR REPLACE TEMP TABLE tag AS SELECT tag, count(*) AS n FROM
             (SELECT unnest(string_split(tags, ',')) AS tag FROM photo WHERE tags <> '') WHERE tag <> '' GROUP BY tag"""
    )
    found.distinct_tags = engine.one("SELECT count(*) FROM tag")[0]
    found.broken_tags = sum(n for tag, n in engine.rows("SELECT tag, n FROM tag WHERE contains(tag, '%')") if _BROKEN.search(tag))
    decoded: defaultdict[str, int] = defaultdict(int)
    for tag, n in engine.rows(f"SELECT tag, n FROM tag ORDER BY n DESC, tag LIMIT {_LOOK_AT}"):
        decoded[unquote_plus(tag)] += n
    blocked = [tag for tag in decoded if is_blocked(tag)]
    found.blocked_tags = len(blocked)
    for tag in blocked:
        del decoded[tag]
    found.tags = sorted(((t, n) for t, n in decoded.items() if n > 1), key=lambda pair: (-pair[1], pair[0]))[:TOP_TAGS]


def _measure_owners(engine: Engine) -> Owners:
    n, median, largest, top_1, top_10 = engine.one(
        """WITH owned AS (SELECT owner, count(*) AS n FROM photo WHERE owner IS NOT NULL GROUP BY owner),
                ranked AS (SELECT n, row_number() OVER (ORDER BY n DESC) AS place, count(*) OVER () AS owners FROM owned)
           SELECT count(*), median(n), max(n), sum(n) FILTER (place <= ceil(owners * 0.01)) / sum(n),
                  sum(n) FILTER (place <= ceil(owners * 0.1)) / sum(n) FROM ranked"""
    )
    return Owners(n, float(median or 0), largest or 0, float(top_1 or 0), float(top_10 or 0))
