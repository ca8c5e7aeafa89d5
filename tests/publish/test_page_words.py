"""What the page says where little is known: nothing reviewed, an institution that waits, what an import merely lists, a sample."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from db.config import Config, load_config
from db.connect import Database, open_for_reading, open_for_writing, writing
from db.queries.datasets import load_attributions
from publish.run import run
from publish.status import find_status
from tests.publish.rows import DAY, Rows, fill_base, fill_places
from whereused import main

Json = dict[str, Any]


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Rows]:
    """A database with institutions and a ministry's work, which cites alpha and waits for a second source."""
    db = open_for_writing(tmp_path / "w.db")
    with writing(db):
        rows = Rows(db)
        fill_base(rows)
        fill_places(rows)
        rows.work("ministry", title="At a ministry", year=2019, doi="10.5555/m")
        rows.cites("ministry", "alpha")
        rows.affiliated("ministry", "Example Ministry")
    yield rows
    db.close()


def published(rows: Rows, out: Path, include: str = "verified", **settings: str) -> str:
    """The text of the page of alpha, tags and scripts left out."""
    path = rows.db.conn.execute("PRAGMA database_list").fetchone()[2]
    run(Config(db=Path(path), verbosity=-1, values=settings), ["alpha"], out=out, include=include)
    body = (out / "alpha" / "index.html").read_text(encoding="utf-8").split("<body>")[1].split('<script type="application/json"')[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def works_of(out: Path) -> Json:
    page = (out / "alpha" / "index.html").read_text(encoding="utf-8")
    return json.loads(re.search(r'id="page-data">(.*?)</script>', page).group(1))  # type: ignore[union-attr,no-any-return]


def test_nothing_reviewed_is_no_all_clear(rows: Rows, tmp_path: Path) -> None:
    text = published(rows, tmp_path / "o")
    assert "None with a verified use" not in text
    assert text.count("Nothing has been reviewed yet.") >= 5  # at the top, of companies, military, government, in the chart
    assert "1 work was found; whether the dataset was used is not known." in text
    assert "1 work that cites or names Alpha Faces has been found. Nothing has been reviewed yet" in text
    with writing(rows.db):
        rows.decide("ministry", "alpha", "not_used")
    text = published(rows, tmp_path / "o")
    assert "No use is verified so far. 1 of 1 work has been reviewed." in text
    assert "None with a verified use; 1 of 1 work has been reviewed." in text


def test_a_use_whose_institution_waits_is_counted_with_its_country(rows: Rows, tmp_path: Path) -> None:
    with writing(rows.db):
        rows.decide("ministry", "alpha", "used", purposes=("derive",))
        for name, *strings in (("unsure", "Unsure College?"), ("nowhere",), ("coarse", "Somewhere in Brazil"), ("seen", "Example Clinic")):
            rows.work(name, title=name, year=2020, doi=f"10.5555/{name}")
            rows.cites(name, "alpha")
            rows.affiliated(name, *strings)
            rows.decide(name, "alpha", "used")
        rows.label("seen", "alpha", "used", reviewer=2)
    text = published(rows, tmp_path / "o")
    assert "Government 1 verified use whose institution is not confirmed yet." in text
    sums = "1 on the map, 2 with their country only (Brazil 1, China 1) and 2 without a place."
    assert f"5 verified uses: {sums}" in text and f"Of 5 verified uses: {sums} The institution of 2 works is not confirmed yet." in text
    data = works_of(tmp_path / "o")
    by_title = {work[0]: (number, data["verdicts"][work[5]]) for number, work in enumerate(data["works"])}
    assert {title: data["waiting"].get(str(number)) for title, (number, _) in by_title.items()} == {
        "At a ministry": ["China"], "unsure": [], "nowhere": None, "coarse": None, "seen": None,
    }  # fmt: skip
    assert by_title["At a ministry"][1][0] == "used: making another dataset"
    assert [by_title[name][1][5] for name in ("seen", "coarse")] == ["2 reviewers", "1 reviewer"]
    collection = json.loads((tmp_path / "o/alpha/institutions.geojson").read_text(encoding="utf-8"))
    schema = json.loads(files("publish").joinpath("institutions.schema.json").read_text(encoding="utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(collection)] == []
    assert [(entry["country_code"], entry["n_verified"]) for entry in collection["unlocated"]] == [("BR", 1), ("CN", 1), (None, 2)]
    assert "Example Ministry" not in json.dumps(collection) and "Example Ministry" not in text
    with (tmp_path / "o/alpha/citations.csv").open(encoding="utf-8", newline="") as file:
        told = {row["title"]: row for row in csv.DictReader(file)}
    assert [told["At a ministry"][name] for name in ("institutions", "countries", "n_unconfirmed", "n_reviewers")] == ["", "CN", "1", "1"]
    for include in ("verified", "all"):
        published(rows, tmp_path / include, include)
        countries = list(csv.DictReader((tmp_path / include / "alpha/countries.csv").read_text(encoding="utf-8").splitlines()))
        assert {row["country_code"]: row["n_verified"] for row in countries if row["n_verified"] != "0"} == {
            "BR": "1",
            "CN": "1",
            "DE": "1",
        }
    assert "The institution of 2 works is not confirmed yet. Such places are drawn hollow." in published(rows, tmp_path / "all", "all")


def test_what_is_merely_listed_is_not_said_to_name_the_dataset(rows: Rows, tmp_path: Path) -> None:
    with writing(rows.db):
        for number in ("US9900001B2", "US9900002B2"):
            rows.work(number, kind="patent", title=None, year=None, publication_number=number)
            rows.imported(number, "alpha")
        rows.string("Example Vision, Inc.")
        rows.insert(
            "affiliation", work_id=rows.works["US9900002B2"], tier="assignee", position=0, string_id=rows.strings["Example Vision, Inc."],
            page=None, version="1",
        )  # fmt: skip
        rows.work("press", kind="other", title="A press release", venue="Acme Vision GmbH", url="https://press.example/1")
        rows.imported("press", "alpha")
        rows.string("Acme Vision GmbH")
        rows.affiliated("press", "Acme Vision GmbH")
        quote = {"alias": "Alpha Faces", "quote": "trained on Alpha Faces", "version": "import"}
        rows.insert("mention", work_id=rows.works["press"], slug="alpha", provider="import", position=0, **quote)
    text = published(rows, tmp_path / "o", "all")
    assert "2 families of patents are listed; none of them has been seen to name the dataset." in text
    assert "US9900002B2 Example Vision, Inc." in text and "Untitled" not in text
    data = works_of(tmp_path / "o")
    by_title = {work[0]: (str(number), data["verdicts"][work[5]][0]) for number, work in enumerate(data["works"])}
    assert by_title["A press release"][1] == "names it" and by_title["US9900001B2"][1] == "listed by an import"
    assert data["given"] == {by_title["A press release"][0]: ["Acme Vision GmbH"], by_title["US9900002B2"][0]: ["Example Vision, Inc."]}
    assert ["import", "an imported list"] in data["givers"]
    assert "3 works came in by files that whoever made this page imported." in text and "3 works: files imported by" in text
    with writing(rows.db):
        rows.insert("mention", work_id=rows.works["US9900001B2"], slug="alpha", provider="import", position=0, **quote)
    assert "2 families of patents are listed; 1 of them was seen to name or cite the dataset." in published(rows, tmp_path / "o", "all")
    plain = (tmp_path / "o/alpha/plain.html").read_text(encoding="utf-8")
    assert 'id="publication_number:US9900002B2"' in plain and '<tr id="0aaaaaa05">' in plain


def test_other_kinds_and_other_sectors_are_two_choices_of_the_chart(rows: Rows, tmp_path: Path) -> None:
    with writing(rows.db):
        rows.institution("0aaaaaa10", "Example Guild", "SE", 59.3, 18.1, "other")
        rows.string("Example Guild", "0aaaaaa10")
        for name, kind, string in (("page", "other", "Example Clinic"), ("guild", "paper", "Example Guild")):
            rows.work(name, kind=kind, title=name, year=2020, url=f"https://x.example/{name}")
            rows.cites(name, "alpha")
            rows.affiliated(name, string)
    published(rows, tmp_path / "o", "all")
    page = (tmp_path / "o/alpha/index.html").read_text(encoding="utf-8")
    menu = page.split("data-charts")[1].split("</select>")[0]
    found = re.findall(r'label="(\w+)">(.*?)</optgroup>', menu)
    groups = {group: re.findall(r'value="([\w-]+)">([^<]*)', options) for group, options in found}
    assert groups["Kind"] == [("paper", "papers"), ("other", "other documents")]
    assert ("other-sector", "other institutions") in groups["Sector"] and "other documents" not in dict(groups["Sector"]).values()
    sets = re.findall(r'data-set="([\w-]+)"', page)
    assert sorted(sets) == sorted({"all", *(value for options in groups.values() for value, _ in options)})


def test_who_publishes_is_cited_and_can_be_written_to(rows: Rows, tmp_path: Path) -> None:
    text = published(rows, tmp_path / "o", PUBLISHER="Example & Sons", CORRECTIONS="https://example.org/answers")
    assert r"author = {{Example \& Sons}}" in text and r"publisher = {Example \& Sons}" in text
    assert "Contact: https://example.org/answers" in text and "Write to https://example.org/answers" in text
    assert "author = {{whereused}}" in published(rows, tmp_path / "o")


def test_a_licence_is_named_once_however_it_is_spelt(rows: Rows) -> None:
    with writing(rows.db):
        for name, licence, sentence in (
            ("a", "CC-BY-4.0", "Cities, CC BY 4.0."), ("b", "CC0-1.0", "Records, CC0."), ("c", "CC-BY-4.0", "Points, CC BY-NC 4.0."),
        ):  # fmt: skip
            rows.insert("provider", name=name, licence=licence, attribution=sentence)
    told = load_attributions(rows.db)
    assert [told[name] for name in "abc"] == ["Cities, CC BY 4.0.", "Records, CC0.", "Points, CC BY-NC 4.0 (CC-BY-4.0)."]


def test_what_is_next_is_told(rows: Rows, tmp_path: Path) -> None:
    with writing(rows.db):
        rows.work("disputed", title="Disputed", year=2020, doi="10.5555/d")
        rows.cites("disputed", "alpha")
        rows.decide("disputed", "alpha", "used")
        rows.label("disputed", "alpha", "not_used", reviewer=2)
        disputed = {"label": "open", "purposes": [], "reason": "disagreement", "decided_at": DAY.format(5)}
        rows.insert("decision", work_id=rows.works["disputed"], slug="alpha", **disputed)
    database = str(tmp_path / "w.db")
    steps = (
        "alpha: 1 conflict: `whereused adjudicate alpha --reviewer NAME` · 1 affiliation waits: `whereused places alpha --reviewer NAME`"
        " · 1 work unlabelled: `whereused verify alpha --reviewer NAME`"
    )
    told = CliRunner().invoke(main, ["--db", database, "publish", "alpha", "--out", str(tmp_path / "o")], catch_exceptions=False)
    assert steps in told.stderr.splitlines() and told.stderr.count("WHEREUSED_CORRECTIONS") == 1
    assert CliRunner().invoke(main, ["--db", database, "status"], catch_exceptions=False).stdout.endswith(f"Next:\n  {steps}\n")
    reading: Database = open_for_reading(Path(database))
    assert find_status(reading, ["alpha"])["datasets"][0]["waiting"] == {"conflicts": 1, "affiliations": 1, "works": 1}
    reading.close()
    for command in (["publish", "alhpa", "--out", str(tmp_path / "x")], ["export", "alhpa", "--format", "csv"]):
        assert "did you mean alpha?" in str(CliRunner().invoke(main, ["--db", database, *command]).exception)
    assert load_config(environ={"WHEREUSED_PUBLISHER": "x", "WHEREUSED_CONFIG": "none.toml"}).get("PUBLISHER") == "x"
