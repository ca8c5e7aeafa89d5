"""Where the works of a page stand: on the map, known by their country only, or nowhere; sums that add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from db.queries.records import Work
from db.rules import is_sure
from publish.page.chart import country_name
from publish.rules import is_misfiled, is_point, knows_country, unconfirmed_places
from publish.words import count, joined


class Sums(NamedTuple):
    """Works by what is known of their places; the three add up to all.  ``countries`` are those of the second."""

    on_map: int = 0
    country_only: int = 0
    nowhere: int = 0
    unconfirmed: int = 0  # of those not on the map: whose institution waits for a second source or a reviewer
    countries: tuple[tuple[str, int], ...] = ()

    @property
    def total(self) -> int:
        """All of them."""
        return self.on_map + self.country_only + self.nowhere

    @property
    def words(self) -> str:
        """Such as: 5 on the map, 1 with its country only (United States) and 2 without a place."""
        named = f"with {'its' if self.country_only == 1 else 'their'} country only" + (f" ({self.named})" if self.countries else "")
        parts = ((self.on_map, "on the map"), (self.country_only, named), (self.nowhere, "without a place"))
        return joined(f"{n:,} {words}" for n, words in parts if n)

    @property
    def named(self) -> str:
        """The countries of what is known by its country only, each with its number where there are several."""
        if len(self.countries) == 1 and self.countries[0][1] == self.country_only:
            return self.countries[0][0]
        return ", ".join(f"{name} {n:,}" for name, n in self.countries)

    @property
    def waits(self) -> str:
        """A sentence on the works whose institution waits; empty where there is none."""
        return f"The institution of {count(self.unconfirmed, 'work')} is not confirmed yet." if self.unconfirmed else ""


class Where(NamedTuple):
    """The sums of verified uses and of the other works."""

    used: Sums
    others: Sums


def find_where(works: Iterable[Work]) -> Where:
    """The sums over these works; misfiled ones stand nowhere and are not counted."""
    kept = [work for work in works if not is_misfiled(work)]
    return Where(_sums(work for work in kept if work.is_used), _sums(work for work in kept if not work.is_used))


def _sums(works: Iterable[Work]) -> Sums:
    on_map, nowhere, unconfirmed = 0, 0, 0
    countries: Counter[tuple[str, ...]] = Counter()
    for work in works:
        places = [a.place for a in work.affiliations if a.place]
        if any(is_point(place) and (is_sure(place) or not work.is_used) for place in places):
            on_map += 1
            continue
        unconfirmed += bool(unconfirmed_places(work))
        known = {p.country_code for p in places if p.country_code and (not is_point(p) or knows_country(work, p))}
        if known:
            countries[tuple(sorted(country_name(code) for code in known))] += 1
        else:
            nowhere += 1
    told = sorted(((" and ".join(names), n) for names, n in countries.items()), key=lambda pair: (-pair[1], pair[0]))
    return Sums(on_map, countries.total(), nowhere, unconfirmed, tuple(told))


def wait_by_sector(works: Iterable[Work]) -> dict[str, int]:
    """Sector → verified uses with an institution of that sector which is not confirmed yet."""
    told: Counter[str] = Counter()
    for work in works:
        told.update({place.sector or "other" for place in unconfirmed_places(work)})
    return dict(told)
