"""Every answer about a place: kept with who, when and why, obeyed by `geocode`, and learned for later strings."""

from __future__ import annotations

import json
import zipfile

import pytest

from db.config import Config
from db.places import is_alias_of, load_learned
from db.queries.doubtful import load_doubtful
from geocode.gazetteer import import_dump
from tests.verify.factory import SLUG, Scene
from tests.verify.test_lines import whereused
from verify.placewords import parse_place
from verify.prompts import AnswerError

WEST, EAST = "https://ror.org/05west001", "https://ror.org/05east001"


def record(ror_id: str, name: str, city: str, geonames: int, latitude: float, longitude: float) -> dict[str, object]:
    details = {"name": city, "country_code": "US", "country_name": "United States", "lat": latitude, "lng": longitude}
    return {
        "id": ror_id, "status": "active", "types": ["education"], "domains": [], "established": 1900, "external_ids": [], "links": [],
        "names": [{"value": name, "types": ["ror_display", "label"], "lang": "en"}], "relationships": [],
        "locations": [{"geonames_id": geonames, "geonames_details": details}], "admin": {},
    }  # fmt: skip


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A gazetteer of two universities."""
    folder = tmp_path_factory.mktemp("gazetteer")
    dump = folder / "v1.0-2026-01-01-ror-data.zip"
    records = [
        record(WEST, "Westmark University", "Seattle", 5809844, 47.6, -122.3),
        record(EAST, "Eastmark University", "Boston", 4930956, 42.4, -71.1),
    ]
    with zipfile.ZipFile(dump, "w") as archive:
        archive.writestr("v1.0-2026-01-01-ror-data.json", json.dumps(records))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geocode.citybuild.SMALLEST", 50_000)  # many cities are enough here, and their index is built in half of the time
        import_dump(Config(gazetteer=folder / "gazetteer.db"), dump)
    return {"WHEREUSED_GAZETTEER": str(folder / "gazetteer.db")}


STRINGS = [
    "Zyx Lab for Looking, Seattle", "Both Houses Consortium, USA", "Corner of Fifth and Main", "Hand Institute, Nowhere",
]  # fmt: skip
ANSWERS = [
    "/ westmark\n1 as Zyx Lab for Looking because its page says so\n", "/ university\n1 2 both are named\n", "x an address\n",
    "@ 47.65 -122.31 us Hand Institute because the registry lacks it\n",
]  # fmt: skip


def test_decisions_are_kept_obeyed_and_learned(scene: Scene, env: dict[str, str]) -> None:
    work = scene.work("A work")
    for text in STRINGS:
        scene.institution(work, text, None)
    assert whereused(scene.path, "geocode", SLUG, env=env).returncode == 0
    assert [why for _, why in load_doubtful(scene.db, SLUG)] == ["unregistered"] * 2 + ["nowhere"] * 2
    done = whereused(scene.path, "places", SLUG, "--reviewer", "ann", answers="".join(ANSWERS), env=env)
    assert done.returncode == 0, done.stderr
    assert "4 affiliations decided, 0 left" in done.stderr
    assert scene.rows("SELECT kind, ror_id, also, alias, note FROM place_decision ORDER BY decision_id") == [
        ("institution", WEST, "[]", "Zyx Lab for Looking", "its page says so"),
        ("institutions", WEST, f'["{EAST}"]', None, "both are named"),
        ("not_an_institution", None, "[]", None, "an address"),
        ("place", None, "[]", None, "the registry lacks it"),
    ]
    later = scene.work("A later work")
    for text in ("Dept. of Things, Zyx Lab for Looking, 5 Some Street", "zyx lab for looking (Seattle)", "Hand institute, NOWHERE"):
        scene.institution(later, text, None)
    for _ in range(2):  # for ever: also when everything is decided again
        assert whereused(scene.path, "geocode", SLUG, "--again", env=env).returncode == 0
    led = scene.rows(
        "SELECT s.string_id, m.ror_id, p.name, p.latitude, m.method FROM affiliation_string s LEFT JOIN string_match m USING (string_id) "
        "LEFT JOIN place p USING (place_id) ORDER BY s.string_id, m.position"
    )
    assert led[:5] == [
        (1, WEST, None, None, "reviewer"), (2, WEST, None, None, "reviewer"), (2, EAST, None, None, "reviewer"),
        (3, None, None, None, None), (4, None, "Hand Institute", 47.65, "reviewer"),
    ]  # fmt: skip
    assert [(row[1], row[2], row[4]) for row in led[5:]] == [
        (WEST, None, "learned alias"), (WEST, None, "reviewer"), (None, "Hand Institute", "reviewer"),
    ]  # fmt: skip
    assert load_doubtful(scene.db, SLUG) == []
    export = whereused(scene.path, "export", SLUG, "--format", "jsonl", "--include", "all", env=env).stdout
    assert "Eastmark" in export
    assert "Hand Institute" in export


def test_two_pins_become_one(scene: Scene, env: dict[str, str]) -> None:
    work = scene.work("A work")
    for text in ("Westmark Univ. A", "Westmark Univ. B"):
        scene.institution(work, text, None)
    whereused(scene.path, "geocode", SLUG, env=env)
    scene.db.conn.execute("DELETE FROM string_match")
    scene.db.conn.execute(
        "INSERT OR IGNORE INTO institution VALUES (?, 'Eastmark University', 'US', 'Boston', 42.4, -71.1, 'military', 'active', 'x', NULL)",
        [EAST],
    )
    for string in (1, 2):
        scene.db.conn.execute("INSERT INTO string_match VALUES (?, 0, ?, NULL, 0.99, 'alias', NULL, NULL, NULL, NULL)", [string, EAST])
    scene.db.conn.execute("UPDATE string_state SET status = 'matched'")
    assert [why for _, why in load_doubtful(scene.db, SLUG)] == ["military", "military"]
    scene.db.conn.execute("UPDATE institution SET sector = 'government' WHERE ror_id = ?", [EAST])
    assert [why for _, why in load_doubtful(scene.db, SLUG)] == ["government", "government"]  # both stand in one work
    scene.db.conn.execute("INSERT INTO affiliation_ror (affiliation_id, ror_id) VALUES (1, ?)", [EAST])
    assert load_doubtful(scene.db, SLUG) == []  # a provider says so too
    scene.db.conn.execute("UPDATE institution SET sector = 'military' WHERE ror_id = ?", [EAST])
    done = whereused(scene.path, "places", SLUG, "--reviewer", "ann", answers="/ westmark\nall 1 because same house\n", env=env)
    assert "a military place" in done.stdout
    assert "for 2 strings" in done.stderr
    assert scene.rows("SELECT string_id, ror_id FROM place_decision") == [(1, WEST), (2, WEST)]


def test_document_against_provider(scene: Scene) -> None:
    work = scene.work("A work")
    scene.institution(work, "Printed House", "Printed House")
    scene.institution(work, "Told House", "Told House")
    scene.db.conn.execute("UPDATE affiliation SET tier = 'openalex' WHERE string_id = 2")
    for string in (1, 2):
        scene._add("string_state", string_id=string, status="matched", version="1", gazetteer="t", updated_at="2026-01-01T00:00:00Z")
    assert load_doubtful(scene.db, SLUG) == [(1, "conflict")]  # the provider only adds to what the document prints
    shown = whereused(scene.path, "places", SLUG, "--reviewer", "ann").stdout
    assert "the document and a provider name different institutions" in shown
    assert "the other side says: Told House" in shown


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("7", "is no answer"), ("1 as Elsewhere", "no whole part"), ("@ 91 0 US X because y", "is no point"),
        ("@ 47.6 -122.3 US X", "needs its reason"), ("@ here", "a place by hand is"), ("maybe", "is no answer"),
    ],
)  # fmt: skip
def test_lines_that_are_no_answers(line: str, why: str) -> None:
    with pytest.raises(AnswerError, match=why):
        parse_place(line, "A Lab, Some House, Seattle", [WEST])


def test_an_alias_is_a_whole_part(scene: Scene) -> None:
    assert is_alias_of("some house", "A Lab, Some House, Seattle")
    assert is_alias_of("A Lab, Some House", "A Lab, Some House, Seattle")
    assert not is_alias_of("House", "A Lab, Some House, Seattle")
    assert load_learned(scene.db).find("anything") is None
