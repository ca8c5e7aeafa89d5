"""Works that name a dataset without citing its paper, and facts of works that came from elsewhere."""

from __future__ import annotations

import gzip
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.sample.provider import Fault
from tests.crawl.process import Running
from tests.crawl.second import Second, open_work
from tests.crawl.test_searching import BULK
from tests.crawl.world import MEGAFACE, Crawl, citing, citing_id, edge, provider_of
from tests.helpers.dump import canonical_dump

FOUND = "SELECT e.value, f.how FROM finding f JOIN external_id e USING (work_id) WHERE f.slug = 'megaface' AND e.scheme = ? ORDER BY 1, 2"
NAMED = "We report results on MegaFace. Nothing else is new."


def snippet(corpus: int | str, text: str, section: str | None = "Experiments") -> dict[str, Any]:
    """A row of the search in passages, as it was recorded: the corpus id is a string, a paper is told by little more."""
    return {
        "snippet": {"text": text, "snippetKind": "body", "section": section, "snippetOffset": {"start": 0, "end": 9}, "annotations": None},
        "score": 0.5,
        "paper": {"corpusId": str(corpus), "title": f"Paper {corpus}", "authors": ["Ada Part"], "openAccessInfo": None},
    }


@pytest.fixture
def second() -> Second:
    return Second()


@pytest.fixture
def crawl(second: Second, tmp_path: Path) -> Iterator[Crawl]:
    papers = [citing(i) for i in range(5)]
    papers += [citing(50, abstract=NAMED), citing(51, title="Faces, and a face of MF2"), citing(52, abstract="MF2 is a gene.")]
    papers += [citing(53, title="mega faces of mountains"), citing(54, title="Megaface, again", abstract=None)]
    with provider_of({MEGAFACE: [edge(i) for i in range(3)]}, papers, also=second) as provider:
        yield Crawl(tmp_path / "w.db", provider)


def test_a_name_in_title_or_abstract_makes_a_candidate(crawl: Crawl) -> None:
    done = crawl("megaface", "--no-fulltext")
    assert done.code == 0, done.err
    assert crawl.rows(FOUND, "s2") == [(citing_id(n), BULK) for n in (50, 51, 54)], "nor the dataset's own papers, nor a mountain"
    assert crawl.rows("SELECT provider, alias, quote, section FROM mention ORDER BY work_id") == [
        ("semantic_scholar", "MegaFace", "We report results on MegaFace.", "abstract"),
        ("semantic_scholar", "MF2", "Faces, and a face of MF2", "title"),
        ("semantic_scholar", "Megaface", "Megaface, again", "title"),
    ]
    assert "3 of them name it; 3 of those without a citation" in done.err
    (url,) = crawl.rows("SELECT DISTINCT url FROM finding")
    assert url[0].startswith(f"{crawl.provider.url}/graph/v1/paper/search/bulk?query=%22MegaFace%22")
    before = canonical_dump(crawl.db)
    again = crawl("megaface", "--no-fulltext")
    assert again.code == 0
    assert [line for line in canonical_dump(crawl.db).splitlines() if "search_list" not in line and "crawl_list" not in line] == [
        line for line in before.splitlines() if "search_list" not in line and "crawl_list" not in line
    ] or "0 new" in again.err


def test_citations_only(crawl: Crawl) -> None:
    assert crawl("megaface", "--no-fulltext", "--no-search").code == 0
    assert crawl.one("SELECT count(*) FROM finding") == 0
    assert len(crawl.asked) == len(crawl.provider.requests)
    assert crawl("megaface", "--no-fulltext").code == 0
    crawl.provider.requests.clear()
    assert crawl("--due", "--no-fulltext").code == 0
    assert crawl.provider.requests == [], "neither lists nor searches are due"


def test_pages_of_a_search_and_a_lost_token(crawl: Crawl) -> None:
    provider = crawl.provider
    provider.papers |= {citing_id(n): citing(n, abstract=NAMED, publicationDate=f"20{10 + n % 12}-05-01") for n in range(100, 160)}
    provider.bulk_page, provider.bulk_ends_at = 7, 14
    done = crawl("megaface", "--no-fulltext")
    assert done.code == 0, done.err
    assert crawl.one("SELECT count(*) FROM finding") == 63
    asked = [r.query for r in provider.requests if r.path.endswith("/bulk")]
    assert [a.get("token") for a in asked[:3]] == [None, "7", None]
    assert {a.get("publicationDateOrYear") for a in asked} == {None, ":2015-12-31", "2016-01-01:"}
    limited = crawl("megaface", "--no-fulltext", search_limit="20")
    assert "not all are taken" in limited.err


def test_a_killed_search_goes_on(crawl: Crawl, tmp_path: Path) -> None:
    provider = crawl.provider
    provider.papers |= {citing_id(n): citing(n, abstract=NAMED) for n in range(100, 140)}
    provider.bulk_page = 9
    provider.snippets += [snippet(1_000_060, "On MegaFace we gain.")]
    provider.papers[citing_id(60)] = citing(60)
    undisturbed = Crawl(tmp_path / "u.db", provider)
    assert undisturbed("megaface", "--no-fulltext").code == 0
    for moment in (("db.searches:_save_quotes", 25), ("db.completing:_with_asked", 1)):
        crawl.db.unlink(missing_ok=True)
        assert crawl.start("megaface", "--no-fulltext", dies_at=moment).wait()[0] == -signal.SIGKILL
        provider.requests.clear()
        assert crawl("megaface", "--no-fulltext").code == 0
        assert canonical_dump(crawl.db) == canonical_dump(undisturbed.db), moment
        tokens = [r.query.get("token") for r in provider.requests if r.path.endswith("/bulk")]
        assert "9" not in tokens, "read pages are not read again"


def test_passages_and_their_facts(crawl: Crawl) -> None:
    """The search in passages tells corpus ids; what is new is asked for in a batch, once."""
    provider = crawl.provider
    provider.snippets += [
        snippet(1_000_060, "Trained on the MegaFace set. Second sentence."),
        snippet(1_000_060, "Again MegaFace, by ada@cs.example.edu.", None),
        snippet(1_000_061, "A dataset of faces of mountains."),
        snippet(1_000_001, "We take MegaFace."),
        snippet(777, "MegaFace of nobody knows."),
    ]
    provider.papers[citing_id(60)] = citing(60)
    done = crawl("megaface", "--no-fulltext")
    assert done.code == 0, done.err
    found = [value for value, how in crawl.rows(FOUND, "corpus") if how == "snippet search: MegaFace dataset"]
    assert found == ["1000001", "1000060", "777"]
    assert crawl.rows("SELECT title, year FROM work JOIN external_id USING (work_id) WHERE value = '1000060'") == [
        ("On the recognition of faces in crowds, part 60", 2015)
    ]
    quotes = "SELECT quote, section FROM mention JOIN external_id USING (work_id) WHERE value = '1000060' ORDER BY position"
    assert crawl.rows(quotes) == [("Trained on the MegaFace set.", "Experiments"), ("Again MegaFace, by @cs.example.edu.", "body")]
    batches = [r for r in provider.requests if r.path.endswith("/batch")]
    assert len(batches) == 1
    assert crawl.rows("SELECT asked, known FROM metadata_search ORDER BY 1") == [("corpus:1000060", 1), ("corpus:777", 0)]
    provider.requests.clear()
    assert crawl("megaface", "--no-fulltext").code == 0
    assert not [r for r in provider.requests if r.path.endswith("/batch")], "neither what is known nor what is not, for a month"


def test_large_batches_time_out_and_old_ids_are_kept(crawl: Crawl, second: Second) -> None:
    provider = crawl.provider
    second.citing[:] = [f"doi:10.5555/face.{n}" for n in range(100, 145)]
    provider.papers |= {citing_id(n): citing(n) for n in range(100, 140)}
    provider.merged["DOI:10.5555/face.144"] = citing_id(139)
    provider.faults.append(Fault("status", where="/batch", status=504, times=2))
    done = crawl("megaface", "--no-fulltext", "--provider", "semantic_scholar", "--provider", "opencitations")
    assert done.code == 0, done.err
    assert crawl.one("SELECT count(*) FROM work WHERE title LIKE '%part 1__'") == 40
    assert len([r for r in provider.requests if r.path.endswith("/batch")]) == 4, "once again, then in two halves"
    assert crawl.one("SELECT count(*) FROM metadata_search WHERE known = 0") == 4
    groups = "SELECT count(DISTINCT group_id) FROM work JOIN external_id USING (work_id) WHERE value IN ('10.5555/face.144', ?)"
    assert crawl.one(groups, citing_id(139)) == 1, "the asked and the answered id belong to one work"


def test_full_text_search_of_openalex(crawl: Crawl, second: Second) -> None:
    second.hits = [open_work(n) for n in range(300, 430)]
    second.hits[3]["abstract_inverted_index"] = {"We": [0], "use": [1], "MegaFace.": [2]}
    done = crawl("megaface", "--no-fulltext", "--provider", "openalex", openalex_key="s3cret-key")
    assert done.code == 0, done.err
    how = BULK.replace("search:", "full-text search:").replace(" | ", " OR ").replace(" + ", " AND ")
    assert crawl.one("SELECT count(*) FROM finding WHERE how = ? AND provider = 'openalex'", how) == 130
    assert crawl.rows("SELECT quote FROM mention") == [("We use MegaFace.",)]
    assert crawl.one("SELECT count(*) FROM affiliation WHERE tier = 'openalex'") == 130
    assert b"s3cret-key" not in crawl.db.read_bytes()
    assert "openalex: " not in done.err
    assert crawl("megaface", "--no-fulltext", "--provider", "openalex", openalex_budget="0.0000001").code == 3


def test_a_provider_that_fails_is_left_alone(crawl: Crawl) -> None:
    crawl.provider.faults.append(Fault("status", status=403, times=-1))
    done = crawl("megaface", "--no-fulltext")
    assert done.code == 3
    assert done.err.count("Semantic Scholar refuses (403)") <= 2, "one line of the report, one of the error"
    assert not [r for r in crawl.provider.requests if r.path.startswith("/graph/v1/snippet") or r.path.endswith("/bulk")]


def test_a_refused_search_is_said(crawl: Crawl) -> None:
    crawl.provider.faults.append(Fault("body", where="/snippet/", status=400, body=b'{"error":"no"}', times=-1))
    done = crawl("megaface", "--no-fulltext")
    assert done.code == 0
    assert "Semantic Scholar refuses the search (no)" in done.err
    assert crawl.one("SELECT count(*) FROM finding") == 3


def test_a_failure_is_told_once(crawl: Crawl) -> None:
    crawl.provider.faults.append(Fault("status", where="/paper/ARXIV", status=500, times=-1))
    done = crawl("megaface", "--no-fulltext")
    assert done.code == 3
    assert done.err.count("status 500") == 1, "not once for each seed"
    assert len([line for line in done.err.splitlines() if line.startswith("not harvested: ")]) == 1


def test_keys_reach_no_log_no_archive_no_database(crawl: Crawl, second: Second) -> None:
    second.works[:] = [open_work(n) for n in range(5)]
    keys = {name: f"pl@nted/{name}+key" for name in ("openalex_key", "semantic_scholar_key", "opencitations_key")}
    providers = ("semantic_scholar", "openalex", "opencitations", "crossref")
    args = [arg for name in providers for arg in ("--provider", name)]
    done = crawl("megaface", "--archive", *args, options=["-vv"], contact="maps@example.org", **keys)
    assert done.code == 0, done.err
    assert "DEBUG scrapy" in done.err and "api_key=(kept back)" in done.err, "all that Scrapy logs is shown, without the key"
    files = [path for path in crawl.db.parent.rglob("*") if path.is_file()]
    told = [done.err, done.out, *(gzip.decompress(path.read_bytes()).decode() for path in files if path.suffix == ".gz")]
    told += [path.read_bytes().decode("latin-1") for path in files]
    for text in told:
        for form in ("pl@nted", "pl%40nted"):
            assert form not in text


def test_the_shortfall_of_a_dataset(crawl: Crawl) -> None:
    provider = crawl.provider
    provider.citations[MEGAFACE] += [edge(1), {"citingPaper": {"paperId": None, "title": "garbage"}}]
    provider.papers[MEGAFACE]["citationCount"] = 9
    provider.papers[citing_id(0)]["openAccessPdf"] = {"url": "{url}/pdf/a.pdf"}
    provider.papers[citing_id(1)]["openAccessPdf"] = {"url": "{url}/pdf/none.pdf"}
    provider.pdfs["a.pdf"] = b"%PDF-1.4 a"
    done = crawl("megaface", "--no-search")
    line = "megaface by Semantic Scholar: 5 rows came of the 9 that it counts, 1 without an id, 1 repeated, full text of 1 of 4 works"
    assert f"{line} (else: 2 × no place known, 1 × status 404)" in done.err
    code, out, _ = Running(["--db", str(crawl.db), "status", "--json"], crawl.environ()).wait()
    (told,) = json.loads(out)["datasets"][0]["providers"]
    assert code == 0
    assert {name: told[name] for name in ("claimed", "received", "without_id", "duplicates", "with_full_text", "without_full_text")} == {
        "claimed": 9, "received": 5, "without_id": 1, "duplicates": 1, "with_full_text": 1,
        "without_full_text": {"no place known": 2, "status 404": 1},
    }  # fmt: skip


# ---------------------------------------------------------------- crossref


def test_crossref_tells_dois_and_counts(crawl: Crawl, second: Second) -> None:
    second.citing[:] = ["doi:10.5555/face.200", "doi:10.5555/face.201", "omid:br/1 doi:10.48550/arxiv.1801.00001"]
    second.crossref = {"10.5555/face.200": {"DOI": "10.5555/face.200", "title": ["On <i>faces</i>"], "issued": {"date-parts": [[2019, 3]]}}}
    second.crossref["10.1109/cvpr.2016.527"] = {"DOI": "10.1109/CVPR.2016.527", "is-referenced-by-count": 812, "title": ["The Benchmark"]}
    crawl.provider.papers["2" * 40]["externalIds"]["DOI"] = "10.1109/CVPR.2016.527"
    assert crawl("megaface", "--no-fulltext", "--no-search").code == 0
    providers = ("--provider", "opencitations", "--provider", "crossref")
    done = crawl("megaface", "--no-fulltext", *providers, contact="maps@example.org")
    assert done.code == 0, done.err
    asked = [r for r in crawl.provider.requests if r.path.startswith("/crossref/")]
    assert [r.path.removeprefix("/crossref/works/") for r in asked] == ["10.1109/cvpr.2016.527", "10.5555/face.200", "10.5555/face.201"]
    assert {r.query["mailto"] for r in asked} == {"maps@example.org"}
    assert crawl.rows("SELECT title, year, provider FROM work JOIN external_id USING (work_id) WHERE value = '10.5555/face.200'") == [
        ("On faces", 2019, "crossref")
    ]
    assert crawl.rows("SELECT provider, n FROM citation_count") == [("crossref", 812)]
    assert "Crossref counts 812" in done.err
    crawl.provider.requests.clear()
    assert crawl("megaface", "--no-fulltext", *providers).code == 0
    asked = [r.path for r in crawl.provider.requests if r.path.startswith("/crossref/")]
    assert asked == ["/crossref/works/10.1109/cvpr.2016.527"], "the count again, the facts not"
