"""Where institutions and points come from: documentation, licence, and the sentence each licence asks for."""

from __future__ import annotations

from db.records import ProviderFacts

ROR = ProviderFacts(
    "ror",
    documentation="https://ror.readme.io/docs/data-dump",
    terms="https://ror.org/about/terms/",
    licence="CC0-1.0",
    attribution="Institutions: Research Organization Registry (ROR), CC0.",
)
GEONAMES = ProviderFacts(
    "geonames",
    documentation="https://www.geonames.org/export/",
    terms="https://www.geonames.org/about.html",
    licence="CC-BY-4.0",
    attribution="Cities and coordinates: GeoNames (https://www.geonames.org/), CC BY 4.0.",
)
NOMINATIM = ProviderFacts(
    "nominatim",
    documentation="https://nominatim.org/release-docs/latest/api/Search/",
    terms="https://operations.osmfoundation.org/policies/nominatim/",
    licence="ODbL-1.0",
    attribution="Points flagged nominatim: © OpenStreetMap contributors (https://www.openstreetmap.org/copyright), ODbL.",
)
PHOTON = ProviderFacts(
    "photon",
    documentation="https://github.com/komoot/photon",
    terms="https://photon.komoot.io/",
    licence="ODbL-1.0",
    attribution="Points flagged photon: © OpenStreetMap contributors (https://www.openstreetmap.org/copyright), ODbL.",
)
ALL = (ROR, GEONAMES, NOMINATIM, PHOTON)
