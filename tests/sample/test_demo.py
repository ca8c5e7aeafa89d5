"""``whereused demo`` as a user calls it: in a process of its own that can reach nothing but this machine."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import pytest

from crawler.sample.folder import GAZETTEER, REGISTRY, demo_config, prepare_folder, save_registry
from crawler.sample.imports import PATENTS
from crawler.sample.sheets import FLAG
from crawler.sample.works import SampleWork, load_slugs, load_works
from crawler.sample.world import WITHOUT_PDF
from db.config import load_config
from db.errors import UsageError
from geocode.gazetteer import import_dump
from tests.sample.conftest import Run
from tests.sample.test_facts import RECORDS

# Parts of an institution that are printed with it and have a record of their own.
ALSO_PRINTED = {"3dmm-regression": {"https://ror.org/01e85r662"}}


def parents(ror: str) -> set[str]:
    return {r["id"] for r in RECORDS[ror]["relationships"] if r["type"] == "parent"}


def find_work(title: str | None) -> SampleWork | None:
    return next((work for work in load_works() if work.title == title), None)


def test_it_is_done_within_a_minute_and_reaches_only_this_machine(demo: Run) -> None:
    busy = os.getloadavg()[0] > 2 * (os.cpu_count() or 1)  # then the clock tells of the neighbours
    assert demo.seconds < (100 if busy else 60)
    assert demo.reached == ""


def test_it_says_where_everything_lies(demo: Run) -> None:
    *_, geojson, page = demo.done.stdout.splitlines()
    assert page == f"map: {demo.out / 'site' / 'index.html'}"
    assert (demo.out / "site" / "index.html").is_file()
    assert f"{demo.out / 'site' / 'megaface' / 'institutions.geojson'}" in geojson
    assert "Traceback" not in demo.done.stderr and "Warning" not in demo.done.stderr


def test_nothing_of_the_user_is_touched(demo: Run) -> None:
    assert [path for path in demo.home.rglob("*") if path.is_file()] == []
    assert (demo.out / "mine.txt").read_text() == "the user's own"
    assert not (demo.out / "site" / "old.html").exists()


def test_nothing_is_left_that_leads_nowhere(demo: Run) -> None:
    """No log, lock or half of a file; no address of the provider that is gone, in whatever was written."""
    files = [path for path in demo.out.rglob("*") if path.is_file()]
    assert not [path.name for path in files if path.name.endswith(("-wal", "-shm", ".lock", ".partial"))]
    published = [path for path in (demo.out / "site").rglob("*") if path.is_file()]
    assert not [path.name for path in published if b"127.0.0.1" in path.read_bytes()]


def test_the_summary_equals_what_was_published(demo: Run) -> None:
    rows = {line.split()[0]: line.split()[1:] for line in demo.done.stdout.splitlines()[1 : 1 + len(load_slugs())]}
    assert list(rows) == list(load_slugs())
    for slug, cells in rows.items():
        assert [int(cell) for cell in cells] == list(demo.collection(slug)["counts"].values())


def test_at_least_thirty_institutions_in_ten_countries(demo: Run) -> None:
    found = {
        feature["properties"]["ror_id"]: feature["properties"]["country_code"]
        for slug in load_slugs()
        for feature in demo.collection(slug)["features"]
        if feature["properties"]["ror_id"]
    }
    assert len(found) >= 30 and len(set(found.values())) >= 10
    assert f"{len(found)} institutions in {len(set(found.values()))} countries" in demo.done.stdout


def test_no_work_is_attributed_to_an_institution_that_did_not_write_it(demo: Run) -> None:
    n_pairs = 0
    for slug in load_slugs():
        for feature in demo.collection(slug)["features"]:
            ror = feature["properties"]["ror_id"]
            for listed in feature["properties"]["works"]:
                work = find_work(listed["title"])
                assert work is not None
                if ror:
                    own = {r for r in work.ror_ids if r}
                    named = own | {p for r in own for p in parents(r)} | ALSO_PRINTED.get(work.key, set())
                    assert ror in named, (work.key, feature["properties"]["institution"])
                    n_pairs += 1
    assert n_pairs > 60


def test_places_are_those_of_the_registry(demo: Run) -> None:
    for slug in load_slugs():
        for feature in demo.collection(slug)["features"]:
            if ror := feature["properties"]["ror_id"]:
                place = RECORDS[ror]["locations"][0]["geonames_details"]
                assert feature["geometry"]["coordinates"] == pytest.approx([place["lng"], place["lat"]], abs=0.2)


def test_every_work_is_found_with_its_facts_and_no_other(demo: Run) -> None:
    for slug in load_slugs():
        expected = {work.title: work for work in load_works() if slug in {citation.slug for citation in work.citations}}
        found = {line["title"]: line for line in demo.works(slug) if line["kind"] == "paper"}
        assert set(found) == set(expected)
        for title, work in expected.items():
            assert (found[title]["year"], found[title]["venue"]) == (work.year, work.venue)
            ids = found[title]["ids"]
            assert (ids.get("doi"), ids.get("arxiv")) == (work.doi.lower() if work.doi else None, work.arxiv)


def test_the_affiliations_are_read_as_printed(demo: Run) -> None:
    n_read = 0
    for slug in load_slugs():
        for line in demo.works(slug):
            work = find_work(line["title"])
            if work and work.key != WITHOUT_PDF:
                read = list(dict.fromkeys(a["text"] for a in line["affiliations"]))  # a string can lead to two institutions
                assert read == [" ".join(text.split()) for text in work.affiliations]
                n_read += 1
    assert n_read > 50


def test_decisions_are_the_samples_and_say_so(demo: Run) -> None:
    for slug in load_slugs():
        for line in demo.works(slug):
            work = find_work(line["title"])
            citation = next((c for c in work.citations if c.slug == slug), None) if work else None
            decision = line["decision"]
            if citation is None or citation.decision is None:
                assert decision is None
            else:
                assert (decision["label"], sorted(decision["purposes"])) == (citation.decision, sorted(citation.purposes))
                assert decision["reason"] == "sample"
        assert demo.collection(slug)["sample"] is True


def test_quotes_say_that_they_are_none(demo: Run) -> None:
    quotes = [m for slug in load_slugs() for line in demo.works(slug) for m in line["mentions"] if m["section"] != "References"]
    assert quotes and all(mention["quote"].startswith(FLAG) and mention["quote"].count(FLAG) == 1 for mention in quotes)


def test_each_work_is_quoted_on_what_it_uses(demo: Run) -> None:
    for slug in load_slugs():
        for line in demo.works(slug):
            work = find_work(line["title"])
            for citation in work.citations if work and work.key != WITHOUT_PDF else ():
                if citation.slug == slug and citation.label == "used" and citation.named_in_text:
                    sections = [str(m["section"]) for m in line["mentions"] if m["dataset"] == slug and m["quote"].startswith(FLAG)]
                    assert any("experiments" in section.lower() for section in sections), (work and work.key, slug)


def test_the_patent_stands_in_the_table_and_not_on_the_map(demo: Run) -> None:
    (patent,) = PATENTS
    (line,) = [line for line in demo.works("megaface") if line["kind"] == "patent"]
    assert line["ids"]["publication_number"] == patent.publication_number == "CN108256450A"
    assert (line["title"], line["year"], line["affiliations"], line["decision"]) == (patent.title, 2018, [], None)
    with (demo.out / "site" / "megaface" / "citations.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row for row in csv.DictReader(file) if patent.title in row.values()]
    assert not any(w["kind"] == "patent" for f in demo.collection("megaface")["features"] for w in f["properties"]["works"])


def test_a_web_page_is_no_full_text(demo: Run) -> None:
    titles = {work.title for work in load_works() if work.key == WITHOUT_PDF}
    (line,) = [line for line in demo.works("megaface") if line["title"] in titles]
    assert line["fulltext"]["status"] in ("refused", "failed") and line["affiliations"] == []


def test_the_pages_say_that_they_show_a_sample(demo: Run) -> None:
    for path in (demo.out / "site" / "index.html", *(demo.out / "site" / slug / "index.html" for slug in load_slugs())):
        page = path.read_text(encoding="utf-8")
        assert re.search(r"<strong>Sample\.</strong>", page)
        assert "Data from Semantic Scholar" not in page


# ---------------------------------------------------------------- its folder


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(UsageError, match="no folder of an earlier demo"):
        prepare_folder(tmp_path)
    with pytest.raises(UsageError, match="is a file"):
        prepare_folder(tmp_path / "thesis.txt")
    assert (tmp_path / "thesis.txt").exists()


def test_a_link_in_place_of_the_site_is_removed_and_not_followed(tmp_path: Path) -> None:
    elsewhere, out = tmp_path / "elsewhere", tmp_path / "out"
    elsewhere.mkdir()
    (elsewhere / "page.html").touch()
    prepare_folder(out)
    (out / "site").symlink_to(elsewhere)
    prepare_folder(out)
    assert (elsewhere / "page.html").exists() and not (out / "site").exists()


def test_an_installed_gazetteer_is_taken_and_no_key(tmp_path: Path, few_cities: None) -> None:
    user = load_config(environ={"WHEREUSED_GAZETTEER": str(tmp_path / "real.db"), "WHEREUSED_SEMANTIC_SCHOLAR_KEY": "secret"})
    own = demo_config(user, tmp_path, {"WHEREUSED_ALLOW_LOOPBACK": "1"})
    assert own.gazetteer == tmp_path / GAZETTEER and own.allow_loopback and own.key("SEMANTIC_SCHOLAR") is None
    (tmp_path / "real.db").touch()
    assert demo_config(user, tmp_path, {}).gazetteer == tmp_path / GAZETTEER, "an index of another version is no reason to fail"
    save_registry(tmp_path)
    import_dump(user, tmp_path / REGISTRY)
    assert demo_config(user, tmp_path, {}).gazetteer == tmp_path / "real.db"
