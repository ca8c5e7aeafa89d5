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
PELIAS = ProviderFacts(
    "pelias",
    documentation="https://github.com/pelias/documentation",
    terms="https://github.com/pelias/documentation/blob/master/data-sources.md",
    licence="CC-BY-4.0",
    attribution="Points flagged pelias: Who's On First, GeoNames and OpenAddresses through Pelias.",
)
PELIAS_OSM = ProviderFacts(
    "pelias_osm",
    documentation="https://github.com/pelias/documentation",
    terms="https://www.openstreetmap.org/copyright",
    licence="ODbL-1.0",
    attribution="Points flagged pelias_osm: © OpenStreetMap contributors (https://www.openstreetmap.org/copyright), ODbL.",
)
ALL = (ROR, GEONAMES, NOMINATIM, PHOTON, PELIAS, PELIAS_OSM)
