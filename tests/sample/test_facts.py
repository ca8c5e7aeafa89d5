"""The facts of the sample: complete in themselves, and true where the papers lie beside the repository."""

from __future__ import annotations

import json
import re
import zipfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from crawler.datasets import find_in_catalogue
from crawler.sample.sheets import FLAG, context, find_seed, make_sheet
from crawler.sample.typeset import LAYOUTS
from crawler.sample.works import load_slugs, load_works, made_up_id, seed_id
from crawler.sample.world import citations, papers

REGISTRY: list[dict[str, Any]] = json.loads(files("crawler.sample").joinpath("gazetteer.json").read_text(encoding="utf-8"))
RECORDS = {record["id"]: record for record in REGISTRY}
# What the manifest says of the form of a preprint, and where it stands.
VENUES = {"FG-format": "arXiv", "arXiv/ACM-format": "arXiv"}
# Ids that the PDF does not print, each found in several public reference lists.
CONFIRMED = {
    "center-loss": ("10.1007/978-3-319-46478-7_31", None),
    "3dmm-regression": (None, "1806.06098"),
    "deepface": ("10.1109/CVPR.2014.220", None),
    "mtcnn": (None, "1604.02878"),
    "centerface": (None, "1911.03599"),
    "camstyle": (None, "1711.10295"),
    "disjoint-mapping": (None, "1807.04836"),
}
# Its record tells no place in the data beside the repository; the city is that of the affiliation.
WITHOUT_RECORD = {"https://ror.org/01dkjkq64"}


def load(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# ---------------------------------------------------------------- in itself


def test_there_is_enough_of_everything() -> None:
    works = load_works()
    located = {ror for work in works for ror in work.ror_ids if ror}
    assert len({work.read_from for work in works}) == len(works) >= 24
    assert len(load_slugs()) >= 3 and "megaface" in load_slugs()
    assert len(located) >= 30
    assert len({RECORDS[ror]["locations"][0]["geonames_details"]["country_code"] for ror in located}) >= 10
    assert len({work.layout for work in works}) >= 6 and {work.layout for work in works} <= set(LAYOUTS)


def test_each_citation_leads_to_a_paper_of_the_catalogue() -> None:
    for work in load_works():
        assert len({citation.slug for citation in work.citations}) == len(work.citations) >= 1
        assert all(find_seed(citation) in find_in_catalogue(citation.slug).papers for citation in work.citations)
        assert not any(find_seed(citation).title == work.title for citation in work.citations), "cites itself"


def test_each_work_has_a_public_id_that_leads_to_it() -> None:
    assert all(work.doi or work.arxiv for work in load_works())


def test_ids_of_the_provider_are_made_up_and_unique() -> None:
    ids = [paper["paperId"] for paper in papers()]
    assert len(set(ids)) == len(ids) and all(re.fullmatch("0{12}[0-9a-f]{28}", i) for i in ids)
    assert {work.paper_id for work in load_works()} == {made_up_id(work.key) for work in load_works()}
    assert set(citations()) <= set(ids)


def test_a_paper_that_introduced_a_dataset_is_one_work() -> None:
    megaface_2 = next(work for work in load_works() if work.key == "megaface-2")
    assert seed_id(find_in_catalogue("megaface").papers[2]) == megaface_2.paper_id


def test_everything_said_of_a_dataset_is_flagged() -> None:
    for work in load_works():
        sheet = make_sheet(work)
        sentences = [*sheet.abstract, *(s for section in sheet.sections for s in section.sentences)]
        sentences += [text for citation in work.citations for text in context(work, citation)[0]]
        assert sentences and all(sentence.startswith(FLAG) for sentence in sentences)


def test_decisions_are_those_of_the_label_or_none() -> None:
    for work in load_works():
        for citation in work.citations:
            assert citation.decision in (None, {"used": "used", "created": "created", "mentioned": "not_used"}.get(citation.label))
            assert bool(citation.purposes) == (citation.label in ("used", "created"))
    decided = [c.decision for work in load_works() for c in work.citations]
    assert {"used", "created", "not_used", None} == set(decided)


# ---------------------------------------------------------------- against the papers


@pytest.mark.gold
def test_works_against_the_papers(gold: Path) -> None:
    manifest = {row["id"]: row for row in load(gold / "papers" / "manifest.jsonl")}
    labelled = {row["id"]: row for row in load(gold / "papers" / "gold.jsonl")}
    for work in load_works():
        told, printed = manifest[work.read_from], labelled[work.read_from]
        assert (work.title, work.title) == (told["title"], printed["title"])
        assert (work.year, work.venue) == (told["year"], VENUES.get(told["venue"], told["venue"]))
        assert (work.doi, work.arxiv) == CONFIRMED.get(work.key, (told.get("doi"), told.get("arxiv")))
        assert work.key not in CONFIRMED or not (told.get("doi") or told.get("arxiv"))
        assert [(n, [i + 1 for i in where]) for n, where in work.authors] == [(a["name"], a["affiliations"]) for a in printed["authors"]]
        assert [" ".join(text.split()) for text in work.affiliations] == [a["text"] for a in printed["affiliations"]]
        assert list(work.ror_ids) == [a["ror_id"] for a in printed["affiliations"]]


@pytest.mark.gold
def test_uses_against_the_papers(gold: Path) -> None:
    pairs = {(row["id"], row["dataset"]): row for row in load(gold / "papers" / "use_gold.jsonl")}
    for work in load_works():
        for citation in work.citations:
            pair = pairs[work.read_from, citation.slug]
            assert (citation.label, list(citation.purposes)) == (pair["label"], pair["purposes"])
            assert citation.named_in_text is not pair["in_references_only"]


@pytest.mark.gold
def test_places_against_the_papers(gold: Path) -> None:
    for row in load(gold / "papers" / "gold.jsonl"):
        if row["id"] in {work.read_from for work in load_works()}:
            for affiliation in row["affiliations"]:
                if affiliation["ror_id"]:
                    place = RECORDS[affiliation["ror_id"]]["locations"][0]["geonames_details"]
                    assert place["country_code"] == affiliation["country"]
                    assert (place["lat"], place["lng"]) == pytest.approx((affiliation["latitude"], affiliation["longitude"]), abs=0.01)


@pytest.mark.gold
def test_institutions_against_the_registry(gold: Path) -> None:
    (dump,) = sorted((gold / "ror").glob("*-ror-data.zip"))
    with zipfile.ZipFile(dump) as archive:
        (name,) = [member for member in archive.namelist() if member.endswith(".json")]
        real = {record["id"]: record for record in json.loads(archive.read(name)) if record["id"] in RECORDS}
    assert set(RECORDS) - set(real) == WITHOUT_RECORD
    for ror, there in real.items():
        here = RECORDS[ror]
        names = {(n["value"], frozenset(n["types"]), n["lang"]) for n in there["names"]}
        assert {(n["value"], frozenset(n["types"]), n["lang"]) for n in here["names"]} <= names
        assert (here["status"], here["established"], here["domains"]) == (there["status"], there["established"], there["domains"])
        assert here["types"] == [t for t in there["types"] if t != "funder"]
        (place,), other = here["locations"], there["locations"][0]
        assert place["geonames_id"] == other["geonames_id"]
        assert place["geonames_details"].items() <= other["geonames_details"].items()
        assert all((r["type"], r["id"]) in {(x["type"], x["id"]) for x in there["relationships"]} for r in here["relationships"])
