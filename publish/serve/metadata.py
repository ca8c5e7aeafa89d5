"""What Datasette shows around the tables: titles, licences, facets, ready-made queries, the map
(https://docs.datasette.io/en/0.65.1/metadata.html).
"""

from __future__ import annotations

from typing import Any

from publish.rules import CAVEAT

NAME = "whereused"  # of the served database
TILES = "/-/land/{z}/{x}/{y}.svg"
_LAND = "land: Natural Earth, public domain"
QUERIES = {
    "companies": (
        "Companies by verified uses",
        """SELECT i.institution, i.country_code, i.dataset, i.n_verified, i.n_works, i.first_year, i.last_year, i.ror_id
  FROM institutions i WHERE i.sector = 'commercial' ORDER BY i.n_verified DESC, i.n_works DESC, i.institution""",
    ),
    "uses_of_a_sector": (
        "Verified uses at institutions of a sector, with the passage",
        """SELECT w.title, w.year, i.institution, i.country_code, w.dataset, w.purposes, w.quote, w.page, w.url
  FROM works_at l JOIN works w ON w.key = l.work JOIN institutions i ON i.key = l.institution
 WHERE l.status = 'verified' AND i.sector = :sector ORDER BY w.year DESC, w.title""",
    ),
    "countries_by_year": (
        "Works and verified uses by country and year",
        "SELECT dataset, country_code, year, n_works, n_verified FROM countries ORDER BY dataset, country_code, year",
    ),
    "work_on_the_map": (
        "Where the works lie that name a word",
        """SELECT DISTINCT i.institution, i.city, i.country_code, i.sector, l.status, w.title, w.year, i.latitude, i.longitude
  FROM works w JOIN works_at l ON l.work = w.key JOIN institutions i ON i.key = l.institution
 WHERE w.title LIKE '%' || :word || '%' ORDER BY w.year DESC, w.title""",
    ),
}  # fmt: skip


def make_metadata(credits: list[str], licences: list[str], as_of: str | None, *, is_sample: bool) -> dict[str, Any]:
    """Datasette's metadata; ``credits`` are the sentences of the providers."""
    sample = "Sample data: it proves how the tool works and nothing about anyone. " if is_sample else ""
    told: dict[str, Any] = {
        "title": "Where were these datasets used?",
        "description": f"{sample}{CAVEAT} State of {(as_of or 'an empty database')[:10]}. Sources: {' '.join(credits)}",
        "license": "; ".join(licences),
        "source": "the providers in the table sources, and Natural Earth for the land",
        "databases": {NAME: {"tables": _tables(), "queries": _queries()}},
        "plugins": {
            "datasette-cluster-map": {
                "tile_layer": TILES,
                "tile_layer_options": {"attribution": _LAND, "maxNativeZoom": 6, "maxZoom": 12, "noWrap": True},
            }
        },
    }
    return told


def _tables() -> dict[str, Any]:
    return {
        "works": {
            "description": "Every published work; a candidate cites the dataset or was listed, its use is not verified.",
            "facets": ["dataset", "status", "kind", "year"],
            "label_column": "title",
            "sort_desc": "year",
        },
        "institutions": {
            "description": CAVEAT,
            "facets": ["dataset", "sector", "country_code", "status"],
            "label_column": "institution",
            "sort_desc": "n_verified",
        },
        "works_at": {"description": "Which work stands at which institution.", "facets": ["dataset", "status"]},
        "countries": {"facets": ["dataset", "country_code"]},
        "corrections": {"description": "What was objected to or found wrong, and what came of it."},
        "sources": {"description": "The providers, their licences and the sentences that these ask for."},
    }


def _queries() -> dict[str, Any]:
    return {name: {"title": title, "sql": sql} for name, (title, sql) in QUERIES.items()}
