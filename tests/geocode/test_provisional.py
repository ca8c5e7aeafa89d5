"""Institutions that the registry lacks: one for all strings that name the same house in the same place, below the bar of the map."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from db.config import Config
from db.connect import open_for_writing, writing
from db.ground import Ground
from db.places import PlaceVerdict, save_place_verdict
from db.provisional import load_became
from db.queries.works import load_works
from db.rules import MAP_BAR, is_sure
from geocode.assignees import spelled_out
from geocode.gazetteer import import_dump
from geocode.matcher import Matcher
from geocode.namesectors import sector_of_name
from geocode.run import run
from geocode.sectors import find_sector
from geocode.unmatched import are_alike, find_house, name_key
from tests.geocode.conftest import Archive
from tests.geocode.registry import records, ror, write_dump

YITU = ["Yitu Technology, Shanghai, China", "AI Lab, YITU Technology Co., Ltd., Shanghai 200051, China", "Yitu Tecnology, Shanghai, China"]


def state(archive: Archive) -> list[tuple[Any, ...]]:
    return archive.rows(
        "SELECT s.text, p.provider_key, p.institution, p.name, p.granularity, m.score, m.ror_id, m.method FROM affiliation_string s "
        "LEFT JOIN string_match m USING (string_id) LEFT JOIN place p USING (place_id) ORDER BY s.string_id"
    )


def judge(archive: Archive, string_id: int, verdict: PlaceVerdict) -> None:
    db = open_for_writing(archive.config.db)
    with writing(db):
        db.conn.execute("INSERT OR IGNORE INTO reviewer (reviewer_id, name, pseudonym, added_at) VALUES (1, 'n', 'p', '2026-01-01')")
        save_place_verdict(db, string_id, verdict, 1)
    db.conn.close()


def test_the_same_house_in_the_same_place_is_one(archive: Archive) -> None:
    for text in (*YITU, "Yitu Technology, Beijing, China", "Megvii, Shanghai, China", "Independent researcher, Shanghai, China"):
        archive.add(text)
    run(archive.config, [])
    rows = state(archive)
    assert len({row[1] for row in rows[:3]}) == 1
    assert {(row[2], row[3], row[4]) for row in rows[:3]} == {("Yitu Technology", "Shanghai", "city")}
    assert len({row[1] for row in rows}) == 4
    assert (rows[5][2], rows[5][3]) == (None, "Shanghai")  # a person is no institution
    assert all(row[5] < MAP_BAR for row in rows[:5])
    again = run(archive.config, [], again=True)
    assert (again.n_decided, again.n_changed) == (6, 0)
    assert state(archive) == rows


def test_a_reviewer_promotes_all_its_strings_and_later_ones(archive: Archive) -> None:
    first = archive.add(YITU[0])
    archive.add(YITU[1])
    run(archive.config, [])
    (place_id,) = archive.rows("SELECT DISTINCT place_id FROM string_match")[0]
    judge(archive, first, PlaceVerdict("place", place_id=place_id))
    run(archive.config, [])
    archive.add(YITU[2])
    assert run(archive.config, []).n_decided == 1
    rows = state(archive)
    assert {(row[2], row[5], row[7]) for row in rows} == {("Yitu Technology", 1.0, "reviewer")}
    judge(archive, first, PlaceVerdict("institution", (ror("03cve4549"),)))  # on second thoughts
    run(archive.config, [])
    assert {row[6] for row in state(archive)} == {ror("03cve4549")}
    assert run(archive.config, []).n_decided == 0


def test_it_ends_when_the_registry_gains_the_record(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geocode.citybuild.SMALLEST", 1_000_000)
    archive.add(YITU[0])
    run(archive.config, [])
    key = state(archive)[0][1]
    gained = {**records()[0], "id": ror("0yitu0001"), "domains": [], "links": [], "relationships": [], "types": ["company"]}
    gained["names"] = [{"value": "Yitu Technology", "types": ["ror_display", "label"], "lang": "en"}]
    gained["locations"] = [
        {"geonames_id": 1796236, "geonames_details": {"name": "Shanghai", "country_code": "CN", "lat": 31.22222, "lng": 121.45806}}
    ]
    config = Config(db=archive.config.db, gazetteer=tmp_path / "newer.db")
    import_dump(config, write_dump(tmp_path, "v9.9-2026-09-09", [*records(), gained]))
    run(config, [])
    assert archive.ror_ids(YITU[0]) == [ror("0yitu0001")]
    db = open_for_writing(config.db)
    assert load_became(db) == {("geonames", key): ror("0yitu0001")}
    assert db.conn.execute("SELECT count(*) FROM provisional_string").fetchone() == (0,)
    db.conn.close()


def test_exports_show_it_below_the_bar(archive: Archive) -> None:
    archive.add(YITU[0], slug="faces")
    run(archive.config, [])
    db = open_for_writing(archive.config.db)
    (affiliation,) = next(iter(load_works(db, "faces"))).affiliations
    db.conn.close()
    place = affiliation.place
    assert place is not None
    assert (place.name, place.city, place.granularity, place.sector, is_sure(place)) == (
        "Yitu Technology",
        "Shanghai",
        "city",
        "commercial",
        False,
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Dept. of CS, Foo University, Shanghai, China", "Foo University"),
        ("School of Software, Shanghai, China", None),
        ("Canon Information Technology (Beijing) Co., Ltd", "Canon Information Technology Beijing Co. Ltd"),
        ("Room 5, 12 Some Street, Shanghai 200051, China", None),
        ("3 Lab X, Frobnicate Inc., Shanghai", "Frobnicate Inc"),
        ("上海依图网络科技有限公司, 上海, 中国", "上海依图网络科技有限公司"),
        ("someone@example.org, Shanghai, China", None),
        ("Independent Researcher, Shanghai, China", None),
        ("", None),
    ],
)
def test_names_are_cleaned_or_left_out(matcher: Matcher, text: str, name: str | None) -> None:
    house = find_house(*matcher.look(text), "Shanghai")
    assert (house.name if house else None) == name


def test_keys_know_company_forms_places_and_numbers() -> None:
    assert name_key("Yitu Technology (Shanghai) Co., Ltd.", "Shanghai") == name_key("Yitu Technology")
    assert are_alike(name_key("Frobnicate Technologies"), name_key("Frobnicate Technology"))
    assert not are_alike(name_key("Hospital No 1 of the City"), name_key("Hospital No 2 of the City"))
    assert not are_alike(name_key("Alpha Institute"), name_key("Delta Institute"))


@pytest.mark.parametrize(
    ("name", "sector"),
    [
        ("TENCENT TECH SHENZHEN CO LTD", "commercial"), ("腾讯科技（深圳）有限公司", "commercial"), ("株式会社日立製作所", "commercial"),
        ("삼성전자주식회사", "commercial"), ("Robert Bosch GmbH", "commercial"), ("Acme S.p.A.", "commercial"),
        ("UNIV TSINGHUA", "academic"), ("中国人民公安大学", "government"), ("国防科技大学", "military"),
        ("Norwegian Defence Research Establishment", "military"),
        ("Zhejiang Police College", "government"), ("Inst of Automation Chinese Academy of Sciences", "government"),
        ("Foo Foundation", "nonprofit"),
        ("St. Mary's University Hospital", "healthcare"), ("Momenta", "other"), ("中国科学院自动化研究所", "government"),
    ],
)  # fmt: skip
def test_the_sector_of_a_bare_name(name: str, sector: str) -> None:
    assert sector_of_name(name) == sector


def test_police_colleges_are_of_the_state() -> None:
    assert find_sector(["Zhejiang Police College"], ["education"]) == "government"
    assert find_sector(["People's Public Security University of China"], ["education"]) == "government"
    assert find_sector(["International Police Association"], ["nonprofit"]) == "nonprofit"
    assert find_sector(["National Defense University"], ["education"]) == "military"


def test_a_point_is_checked_against_its_country(gazetteer: Path) -> None:
    with sqlite3.connect(f"file:{gazetteer}?mode=ro", uri=True) as conn:
        from sqlite_utils import Database

        ground = Ground(Database(conn))
        flaws = {
            name: ground.find_flaw(*point)
            for name, point in {
                "right": (48.85, 2.35, "FR"), "border": (47.56, 7.60, "DE"), "null": (0.0, 0.0, "GH"), "pole": (91.0, 0.0, None),
                "swapped": (2.35, 48.85, "FR"), "sign": (48.85, -102.35, "MN"), "other": (52.5, 13.4, "FR"), "kin": (22.3, 114.17, "CN"),
                "west": (51.5, -0.12, "GB"), "dateline": (-16.8, 179.97, "FJ"), "unsaid": (10.0, 10.0, None),
            }.items()
        }  # fmt: skip
    conn.close()
    assert {name for name, flaw in flaws.items() if flaw is None} == {"right", "border", "kin", "west", "dateline", "unsaid"}
    assert "swapped" in str(flaws["swapped"])
    assert flaws["other"] == "the point lies in DE, not in FR"
    assert json.dumps(flaws)


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("TENCENT TECH SHENZHEN CO LTD [CN]", "Tencent Technology Shenzhen Co Ltd, China"),
        ("UNIV TSINGHUA [CN]", "Tsinghua University, China"),
        ("Alibaba Group Holding Ltd [KY]", "Alibaba Group Holding Ltd, Cayman Islands"), ("IBM [US]", "IBM, United States"),
        ("腾讯科技（深圳）有限公司", "腾讯科技（深圳）有限公司"),
        ("University of Oxford (UK)", "University of Oxford, UK"), ("[CN]", "[CN]"),
    ],
)  # fmt: skip
def test_names_of_patent_offices_are_spelled_out(text: str, spelled: str) -> None:
    assert spelled_out(text) == spelled


def test_an_applicant_is_matched_as_front_matter_would_be(archive: Archive) -> None:
    for text in ("UNIV TSINGHUA [CN]", "FROBNICATE TECH SHANGHAI CO LTD [CN]"):
        archive.add(text)
    run(archive.config, [])
    university, company = state(archive)
    assert university[6] == ror("03cve4549")
    assert (company[2], company[3], company[4]) == ("Frobnicate Technology Shanghai Co Ltd", "CN", "country")
