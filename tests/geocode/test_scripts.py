"""Strings in other scripts than Latin, and organisations of which only the name is known."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.config import Config
from db.errors import UsageError
from db.gazetteer import load_meta
from geocode.gazetteer import find_info, import_dump
from geocode.matcher import Match, Matcher
from geocode.normalise import name_tokens
from tests.geocode.registry import ror, write_dump

LISTED = [
    {"id": ror("02vqmjq68"), "name": "Yandex (Russia)", "labels": {"ru": "Яндекс"}, "country_code": "RU", "types": ["Company"]},
    {"id": ror("0aaaaaa01"), "name": "Oxford College of Automation", "labels": None, "country_code": "GB", "types": None},
    {"id": ror("0aaaaaa02"), "name": "Institute of Marine Optics", "country_code": None},
    {"id": ror("052gg0110"), "name": "University of Oxford", "country_code": "GB"},  # the release has it
]


def build(config: Config, *rest: Path) -> dict[str, str]:
    """An index with large cities and those of the registry: it is then built in no time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geocode.citybuild.SMALLEST", 5_000_000)
        return import_dump(config, write_dump(config.gazetteer.parent), names=rest[0] if rest else None)


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matcher]:
    """An index of the small registry and of a list of names beside it."""
    folder = tmp_path_factory.mktemp("listed")
    names = folder / "names.jsonl.gz"
    names.write_bytes(gzip.compress("\n".join(map(json.dumps, LISTED)).encode() + b"\n\n"))
    config = Config(gazetteer=folder / "gazetteer.db")
    assert build(config, names)["name_only"] == "3"
    matcher = Matcher(config.gazetteer)
    yield matcher
    matcher.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("清华大学", "Tsinghua University"),
        ("东京大学", None),  # another way of writing it: an honest none
        ("東京大学", "The University of Tokyo"),
        ("東京大学大学院情報理工学系研究科, 日本", "The University of Tokyo"),
        ("서울대학교 컴퓨터공학부", "Seoul National University"),
        ("האוניברסיטה העברית בירושלים", "Hebrew University of Jerusalem"),
        ("Московский государственный университет", "Lomonosov Moscow State University"),
        ("МГУ имени М.В. Ломоносова, Москва, Россия", "Lomonosov Moscow State University"),
        ("МГУ им. Ломоносова", "Lomonosov Moscow State University"),
        ("Физический факультет, Воронежский государственный университет, Воронеж", "Voronezh State University"),
        ("Казанский федеральный университет, Казань, Россия", "Kazan Federal University"),  # the registry has its English name only
        ("Εθνικό Μετσόβιο Πολυτεχνείο, Αθήνα, Ελλάδα", "National Technical University of Athens"),
        ("ООО «Яндекс»", "Yandex (Russia)"),
        ("Яндекс, Москва, Россия", "Yandex (Russia)"),
    ],
)
def test_other_scripts(listed: Matcher, text: str, expected: str | None) -> None:
    found = [match.institution.name for match in listed.match(text).matches]
    if not found and (company := listed.company(text)):
        found = [company.institution.name]
    assert found == ([expected] if expected else [])


def test_russian_words_stand_for_those_of_the_registry() -> None:
    assert name_tokens("Томский государственный технический университет") == name_tokens("Tomsk State Technical University")
    assert name_tokens("Российская академия наук") == name_tokens("Russian Academy of Sciences")
    assert name_tokens("Tom Sawyer") == ["tom", "sawyer"]  # only what was Cyrillic


def only(listed: Matcher, text: str) -> Match:
    (match,) = listed.match(text).matches
    return match


def test_a_name_alone_gets_its_id_and_at_most_the_printed_city(listed: Matcher) -> None:
    bare = only(listed, "Institute of Marine Optics")
    assert (bare.institution.ror_id, bare.city, bare.latitude) == (ror("0aaaaaa02"), None, None)
    placed = only(listed, "Yandex, Kazan, Russia")
    assert (placed.institution.ror_id, placed.city) == (ror("02vqmjq68"), "Kazan")
    assert placed.latitude == pytest.approx(55.8, abs=0.2)


def test_a_name_alone_keeps_a_string_from_its_namesake(listed: Matcher, matcher: Matcher) -> None:
    text = "Oxford College of Automation, Oxford, UK"
    assert [m.institution.ror_id for m in listed.match(text).matches] == [ror("0aaaaaa01")]
    assert ror("0aaaaaa01") not in [m.institution.ror_id for m in matcher.match(text).matches]


def test_an_import_without_the_list_tells_of_no_loss(listed: Matcher, tmp_path: Path) -> None:
    config = Config(gazetteer=tmp_path / "gazetteer.db")
    config.gazetteer.write_bytes(Path(listed.db.conn.execute("PRAGMA database_list").fetchone()[2]).read_bytes())
    info = build(config)
    assert (info["name_only"], info["lost"], info["new"]) == ("0", "0", "0")
    assert find_info(config)["records"] == load_meta(listed.db)["records"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "names no organisation"),
        (b"[1]\n", "line 1"),
        (b'{"id": "https://ror.org/052gg0110", "name": "Oxford"}\n{"id": 3}\n', "line 2"),
        (b'{"id": "https://ror.org/052gg0110", "name": " "}', "line 1"),
        (b"\x1f\x8b\x08junk", "can't be read"),
        (gzip.compress(b'{"id": "https://ror.org/052gg0110", "name": "Oxford"}', mtime=0)[:-9], "can't be read"),
        (bytes(range(256)), "line 1"),
    ],
    ids=("empty", "list", "no name", "blank name", "no gzip", "cut off", "binary"),
)
def test_a_bad_list_is_one_line_and_the_old_index_stays(tmp_path: Path, content: bytes, told: str) -> None:
    names = tmp_path / "names"
    names.write_bytes(content)
    config = Config(gazetteer=tmp_path / "gazetteer.db")
    config.gazetteer.write_bytes(b"old")
    with pytest.raises(UsageError, match=told):
        import_dump(config, write_dump(tmp_path), names=names)
    assert config.gazetteer.read_bytes() == b"old"
