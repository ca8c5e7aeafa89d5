"""Ids of Features when the registry merges records, and the two ways to make Features told apart by nothing."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from db.connect import Database, open_for_reading, open_for_writing, writing
from db.queries import snapshot
from db.queries.successors import load_keys
from publish.export import stream
from tests.publish.rows import Rows, build, fill_base, fill_places


def features(path: Path, format_: str = "geojsonl") -> dict[str, str | None]:
    """Institution by id of the Feature."""
    db = open_for_reading(path)
    with snapshot(db):
        text = "".join(stream(db, "alpha", format=format_, include="all"))
    db.close()
    found = [json.loads(line) for line in text.splitlines()] if format_ == "geojsonl" else json.loads(text)["features"]
    return {feature["id"]: feature["properties"]["institution"] for feature in found}


def merge(db: Database, old: str, new: str) -> None:
    """The registry sends one record to another, and geocode has followed."""
    db.conn.execute("CREATE TABLE IF NOT EXISTS ror_successor (ror_id TEXT PRIMARY KEY, successor TEXT NOT NULL, gazetteer TEXT)")
    old, new = (f"https://ror.org/{key}" for key in (old, new))
    db.conn.execute("UPDATE ror_successor SET successor = ? WHERE successor = ?", [new, old])
    db.conn.execute("INSERT INTO ror_successor VALUES (?, ?, 'test 2.0')", [old, new])
    db.conn.execute("UPDATE string_match SET ror_id = ? WHERE ror_id = ?", [new, old])


@pytest.mark.parametrize("format_", ["geojson", "geojsonl"])
def test_a_feature_keeps_its_id_over_mergers(tmp_path: Path, format_: str) -> None:
    path = build(tmp_path / "w.db")
    before = features(path, format_)
    db = open_for_writing(path)
    with writing(db):
        rows = Rows(db)
        rows.institution("0000aaa01", "Example Merged University", "US", 47.65, -122.30)  # its id sorts before the old one
        merge(db, "0aaaaaa01", "0000aaa01")
    assert features(path, format_) == before | {"alpha/0aaaaaa01": "Example Merged University"}
    with writing(db):
        rows.institution("0000aaa00", "Example Twice Merged University", "US", 47.65, -122.30)
        merge(db, "0000aaa01", "0000aaa00")
    assert features(path, format_) == before | {"alpha/0aaaaaa01": "Example Twice Merged University"}
    with writing(db):
        merge(db, "0aaaaaa02", "0000aaa00")  # two that both stood on the map: one pin is left, under the id that came first
    after = features(path, format_)
    assert after.keys() == before.keys() - {"alpha/0aaaaaa02"}
    db.close()


def test_a_ring_of_mergers_ends(tmp_path: Path) -> None:
    path = build(tmp_path / "w.db")
    db = open_for_writing(path)
    with writing(db):
        db.conn.execute("CREATE TABLE IF NOT EXISTS ror_successor (ror_id TEXT PRIMARY KEY, successor TEXT NOT NULL, gazetteer TEXT)")
        pair = ["https://ror.org/0aaaaaa01", "https://ror.org/0aaaaaa02"]
        db.conn.executemany("INSERT INTO ror_successor VALUES (?, ?, '')", [pair, pair[::-1]])
    assert set(load_keys(db).values()) <= {"0aaaaaa01", "0aaaaaa02"}
    db.close()


@pytest.mark.parametrize("seed", range(4))
def test_random_works_make_the_same_features_both_ways(tmp_path: Path, seed: int) -> None:
    """Versions, ids of every sort, passages, full texts, withdrawals and decisions, all by chance."""
    dice = random.Random(seed)
    db = open_for_writing(tmp_path / "w.db")
    with writing(db):
        rows = Rows(db)
        fill_base(rows)
        fill_places(rows)
        for i in range(60):
            _random_work(rows, dice, i)
    db.close()
    reading = open_for_reading(tmp_path / "w.db")
    for include in ("verified", "all"):
        with snapshot(reading):
            whole = json.loads("".join(stream(reading, "alpha", format="geojson", include=include)))
            lines = [json.loads(line) for line in stream(reading, "alpha", format="geojsonl", include=include)]
        told = {name: whole[name] for name in ("as_of", "run_id", "attribution", "caveat")}
        assert lines == [feature | told for feature in whole["features"]] and lines
    reading.close()


def _random_work(rows: Rows, dice: random.Random, i: int) -> None:
    first = None
    for version in range(dice.choice((1, 1, 2, 3))):
        name = f"work {i} {version}"
        ids = {
            "doi": f"10.5555/{i}.{version}",
            "s2": f"{i:038x}{version:02x}",
            "arxiv": f"1801.{i:04d}{version}",
            "file": f"{i}-{version}.pdf",
        }
        kept = {scheme: value for scheme, value in ids.items() if dice.random() < 0.6} or {"row": f"{i:030x}{version:02x}"}
        year = dice.choice((None, 2018, 2019, 2020))
        rows.work(name, group=first, title=dice.choice((f"Title {i % 7}", f" Tïtle  {i % 5}", None)), year=year, venue=f"V{i % 3}", **kept)
        first = first or name
        if version == 0 or dice.random() < 0.7:
            rows.cites(
                name, "alpha", withdrawn=dice.random() < 0.2, context=dice.choice((None, "They test on it.", "They name it.")), run=1
            )
        if dice.random() < 0.3:
            rows.imported(name, "alpha")
        for position in range(dice.randint(0, 2)):
            quote = dice.choice(("Alpha Faces is named.", "We train on Alpha Faces.", "[7] A. Author. Alpha Faces. In X."))
            slug = dice.choice(("alpha", "beta"))
            rows.mention(name, slug, quote, page=position + 1, in_references=int(quote.startswith("[")), position=position + 1)
        if dice.random() < 0.4:
            rows.fulltext(name, read=False)
        rows.affiliated(name, *dice.sample(sorted(rows.strings), dice.randint(0, 3)))
    if first and dice.random() < 0.6:
        rows.decide(first, "alpha", dice.choice(("used", "used", "not_used", "wrong_work")), purposes=("train",))
