"""Second opinions: OpenAlex and OpenCitations beside Semantic Scholar."""

from __future__ import annotations

import gzip
import json
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.sample.provider import Fault
from crawler.shapes.opencitations import parse_rows
from tests.crawl.second import Second, open_work
from tests.crawl.world import MEGAFACE, Crawl, citing, edge, provider_of
from tests.helpers.dump import canonical_dump

SHOWN = "SELECT count(*) FROM citation_sighting WHERE provider = ? AND withdrawn_at IS NULL"


@pytest.fixture
def second() -> Second:
    return Second(works=[open_work(i) for i in range(20, 270)], citing=[f"omid:br/061{i} doi:10.5555/face.{i}" for i in range(25, 40)])


@pytest.fixture
def crawl(second: Second, tmp_path: Path) -> Iterator[Crawl]:
    with provider_of({MEGAFACE: [edge(i) for i in range(30)]}, [citing(i) for i in range(30)], also=second) as provider:
        yield Crawl(tmp_path / "w.db", provider)


def ask(crawl: Crawl, *args: str, **settings: str) -> tuple[int | None, str]:
    done = crawl("megaface", "--no-fulltext", *args, **settings)
    return done.code, done.err


def test_second_opinions_meet_in_the_same_works(crawl: Crawl) -> None:
    assert ask(crawl)[0] == 0
    code, err = ask(crawl, "--provider", "openalex", "--provider", "opencitations")
    assert code == 0, err
    assert "(by OpenAlex)\n  250 rows, 250 citing works" in err
    assert "(by OpenCitations)\n  15 rows, 15 citing works" in err
    assert [crawl.one(SHOWN, name) for name in ("semantic_scholar", "openalex", "opencitations")] == [30, 250, 15]
    assert crawl.one("SELECT count(*) FROM citation") == 270, "30 by one, 240 more by the other"
    assert crawl.one("SELECT count(DISTINCT cited_work_id) FROM citation") == 1
    both = "SELECT title, provider FROM work JOIN external_id USING (work_id) WHERE scheme = 'openalex' AND value = 'W1020'"
    assert crawl.rows(both) == [("On the recognition of faces in crowds, part 20", "semantic_scholar")]
    assert crawl.one("SELECT abstract FROM work JOIN external_id USING (work_id) WHERE value = 'W1200'") == "Many faces and faces"


def test_affiliations_are_a_tier_of_their_own(crawl: Crawl, second: Second) -> None:
    assert ask(crawl, "--provider", "openalex")[0] == 0
    sql = """SELECT a.tier, s.text, s.email_domains, r.ror_id, count(*) FROM affiliation a JOIN affiliation_string s USING (string_id)
             LEFT JOIN affiliation_ror r USING (affiliation_id) GROUP BY 1, 2, 3, 4"""
    text = "Dept. of Faces, University of Somewhere, Town."
    assert crawl.rows(sql) == [("openalex", text, '["cs.somewhere.edu"]', "https://ror.org/00cvxb145", 250)]
    ids = crawl.rows("SELECT affiliation_id FROM affiliation ORDER BY 1")
    assert ask(crawl, "--provider", "openalex")[0] == 0
    assert crawl.rows("SELECT affiliation_id FROM affiliation ORDER BY 1") == ids, "nothing is rewritten"
    for work in second.works:
        work["authorships"] = None
    assert ask(crawl, "--provider", "openalex")[0] == 0
    assert crawl.rows("SELECT affiliation_id FROM affiliation ORDER BY 1") == ids, "silence takes nothing away"


def test_spent_budget_stops_and_the_next_call_goes_on(crawl: Crawl, second: Second) -> None:
    second.budget = 1
    code, err = ask(crawl, "--provider", "openalex")
    assert code == 3
    assert "OpenAlex asks to wait 43210 s" in err and "goes on from there" in err
    assert crawl.one(SHOWN, "openalex") == 100
    second.budget = None
    crawl.provider.requests.clear()
    assert ask(crawl, "--provider", "openalex")[0] == 0
    assert [r.query["cursor"] for r in crawl.provider.requests if r.path == "/openalex/works" and "search" not in r.query] == [
        "c100",
        "c200",
        "c300",
    ]
    assert crawl.one(SHOWN, "openalex") == 250
    assert crawl.one("SELECT pass FROM crawl_list WHERE provider = 'openalex'") == 1


def test_our_own_budget_is_kept(crawl: Crawl, second: Second) -> None:
    second.cost = 0.04
    code, err = ask(crawl, "--provider", "openalex", openalex_budget="0.05")
    assert code == 3
    assert "OpenAlex: today's budget of 0.05 USD is spent" in err
    assert crawl.rows("SELECT n_calls, cost_usd FROM provider_cost") == [(2, 0.08)]
    crawl.provider.requests.clear()
    assert ask(crawl, "--provider", "openalex", openalex_budget="0.05")[0] == 3
    assert not [r for r in crawl.provider.requests if r.path == "/openalex/works"]


def test_key_is_sent_and_never_stored(crawl: Crawl) -> None:
    code, err = ask(crawl, "--provider", "openalex", openalex_key="s3cret-key")
    assert code == 0
    assert {r.query.get("api_key") for r in crawl.provider.requests if r.path.startswith("/openalex")} == {"s3cret-key"}
    assert "s3cret-key" not in err
    assert b"s3cret-key" not in crawl.db.read_bytes()


def test_a_bad_key_is_one_line_and_the_others_go_on(crawl: Crawl) -> None:
    crawl.provider.key = "the right one"
    code, err = ask(crawl, "--provider", "semantic_scholar", "--provider", "openalex", semantic_scholar_key="a wrong one")
    assert code == 3
    assert err.count("Semantic Scholar refuses (403): check WHEREUSED_SEMANTIC_SCHOLAR_KEY") == 1, err
    assert "a wrong one" not in err
    assert crawl.one(SHOWN, "openalex") == 250
    assert sum(r.path.startswith("/graph/") for r in crawl.provider.requests) <= 4, "what was under way, and no more"


def test_only_a_whole_list_withdraws(crawl: Crawl, second: Second) -> None:
    assert ask(crawl, "--provider", "openalex")[0] == 0
    del second.works[:10]
    second.count = 250  # it counts more than it shows
    assert ask(crawl, "--provider", "openalex")[0] == 0
    assert crawl.one(SHOWN, "openalex") == 250
    second.count = None
    assert ask(crawl, "--provider", "openalex")[0] == 0
    assert crawl.one(SHOWN, "openalex") == 240


def test_a_list_that_comes_empty_is_suspect(crawl: Crawl, second: Second) -> None:
    assert ask(crawl, "--provider", "opencitations")[0] == 0
    second.citing.clear()
    code, err = ask(crawl, "--provider", "opencitations")
    assert code == 0
    assert "suspect: none of the 15 citing works that stood before was shown" in err
    assert crawl.one(SHOWN, "opencitations") == 15
    second.citing[:] = [f"doi:10.5555/face.{i}" for i in range(25, 37)]  # a fifth is gone
    assert "suspect: 3 of the 15" in ask(crawl, "--provider", "opencitations")[1]
    assert "suspect" not in ask(crawl, "--provider", "opencitations")[1]
    assert crawl.one("SELECT count(*) FROM crawl_list WHERE suspect IS NOT NULL") == 0


def test_shapes_of_opencitations() -> None:
    rows = [
        {"citing": "omid:br/06 doi:10.1/A.b pmid:12 openalex:W5", "creation": "2019-04-10"},
        {"citing": "10.57/x", "creation": "2017-08"},  # COCI v1
        {"citing": "omid:br/0616"},
        {"citing": ""}, None,
    ]  # fmt: skip
    edges = list(parse_rows(rows))
    assert [edge.paper.ids[0][0] for edge in edges] == ["doi", "row", "row"] or len(edges) == 3
    assert edges[0].paper.publication_date == "2019-04-10" and edges[0].paper.year == 2019
    assert edges[1].paper.year == 2017


# ---------------------------------------------------------------- full texts


def test_openalex_and_unpaywall_name_places(crawl: Crawl, second: Second) -> None:
    """A work whose own link gives nothing is had from OpenAlex's place, one that has none from Unpaywall's."""
    url, provider = crawl.provider.url, crawl.provider
    provider.pdfs |= {"a.pdf": b"%PDF-1.4 a", "b.pdf": b"%PDF-1.4 b", "1801.00001": b"%PDF-1.4 c"}
    provider.papers[citing(3)["paperId"]]["openAccessPdf"] = {"url": "{url}/pdf/none.pdf"}
    provider.citations[MEGAFACE] = [edge(i) for i in range(3, 6)]
    second.works[:] = [
        open_work(3, best_oa_location={"is_oa": True, "pdf_url": f"{url}/pdf/a.pdf", "license": "cc-by"}),
        open_work(4, locations=[{"is_oa": False, "pdf_url": f"{url}/pdf/closed.pdf"}]),
        open_work(5, locations=[{"is_oa": True, "landing_page_url": "http://arxiv.org/abs/1801.00001", "pdf_url": "http://arxiv.org/pdf/1801.00001v2"}]),
    ]  # fmt: skip
    second.unpaywall = {
        "10.5555/face.4": {"oa_locations": [{"url_for_pdf": None}, {"url_for_pdf": f"{url}/pdf/b.pdf", "host_type": "repository"}]}
    }
    settings = {"contact": "maps@example.org"}
    done = crawl("megaface", "--provider", "semantic_scholar", "--provider", "openalex", **settings)
    assert done.code == 0, done.err
    assert crawl.rows("SELECT provider, rank, status FROM fulltext ORDER BY work_id, rank") == [
        ("semantic_scholar", 0, "failed"), ("openalex", 2, "stored"), ("unpaywall", 3, "stored"), ("arxiv", 1, "stored"),
    ]  # fmt: skip
    asked = [r for r in provider.requests if r.path.startswith("/unpaywall/")]
    assert [(r.path, r.query) for r in asked] == [("/unpaywall/10.5555/face.4", {"email": "maps@example.org"})]
    assert b"maps@example.org" not in crawl.db.read_bytes()
    provider.requests.clear()
    assert crawl("megaface", **settings).code == 0
    assert not [r for r in provider.requests if r.path.startswith(("/unpaywall/", "/pdf/"))], "nothing is asked again within a day"


def test_without_an_address_unpaywall_is_not_asked(crawl: Crawl) -> None:
    assert crawl("megaface", contact="https://maps.example.org").code == 0
    assert not [r for r in crawl.provider.requests if r.path.startswith("/unpaywall/")]


def test_a_host_that_refuses_is_tried_once_a_day(crawl: Crawl) -> None:
    provider = crawl.provider
    for i in range(10):
        provider.papers[citing(i)["paperId"]]["openAccessPdf"] = {"url": f"{{url}}/pdf/{i}.pdf"}
    provider.faults.append(Fault("status", where="/pdf/", status=403, times=-1))

    def pdfs() -> int:
        provider.requests.clear()
        assert crawl("megaface", arxiv_pdf_url="http://arxiv.invalid/pdf").code == 0
        return sum(r.path.startswith("/pdf/") for r in provider.requests)

    assert 3 <= pdfs() <= 10, "three refusals in a row are enough; others may be under way by then"
    assert pdfs() == 0
    a_day_later(crawl)
    assert pdfs() == 1
    assert pdfs() == 0
    a_day_later(crawl)
    provider.faults.clear()
    provider.pdfs |= {f"{i}.pdf": b"%%PDF-1.4 %d" % i for i in range(10)}
    n_given = pdfs()
    assert n_given >= 1, "it is tried, and gives again"
    assert n_given + pdfs() == 10
    assert crawl.one("SELECT count(*) FROM host_refusal") == 0


def a_day_later(crawl: Crawl) -> None:
    conn = sqlite3.connect(crawl.db)
    conn.execute("UPDATE host_refusal SET refused_at = '2020-01-01T00:00:00Z'")
    conn.execute("UPDATE fulltext SET retrieved_at = '2020-01-01T00:00:00Z' WHERE retrieved_at IS NOT NULL")
    conn.commit()
    conn.close()


def test_answers_are_kept_without_secrets(crawl: Crawl) -> None:
    done = crawl(
        "megaface", "--archive", "--provider", "semantic_scholar", "--provider", "openalex",
        openalex_key="s3cret-key", semantic_scholar_key="s3cret-key", contact="maps@example.org",
    )  # fmt: skip
    assert done.code == 0, done.err
    files = sorted(crawl.db.with_name("w.db.files").rglob("*.json.gz"))
    kept = [json.loads(gzip.decompress(path.read_bytes())) for path in files]
    assert len(kept) == sum(not r.path.startswith(("/pdf", "/robots")) for r in crawl.provider.requests)
    assert not [row for row in kept if "s3cret-key" in str(row) or "maps@example.org" in str(row)]
    (page,) = [row for row in kept if f"{MEGAFACE}/citations" in row["url"]]
    assert (page["status"], len(json.loads(page["body"])["data"])) == (200, 30)


def test_nothing_is_kept_unless_asked(crawl: Crawl) -> None:
    assert crawl("megaface").code == 0
    assert not list(crawl.db.parent.rglob("*.gz"))


def test_same_content_after_kill(crawl: Crawl, tmp_path: Path) -> None:
    undisturbed = Crawl(tmp_path / "u.db", crawl.provider)
    providers = ("--no-fulltext", "--provider", "openalex", "--provider", "opencitations")
    assert undisturbed("megaface", *providers).code == 0
    for moment in (("db.citations:_take", 120), ("db.crawl:_end_pass", 1), ("db.crawl:save_affiliations", 240)):
        crawl.db.unlink(missing_ok=True)
        assert crawl.start("megaface", *providers, dies_at=moment).wait()[0] == -signal.SIGKILL
        assert crawl("megaface", *providers).code == 0
        calls = {"provider_cost"}  # a page that was paid for and not saved is paid for again
        assert [line for line in canonical_dump(crawl.db).splitlines() if line.split()[0] not in calls] == [
            line for line in canonical_dump(undisturbed.db).splitlines() if line.split()[0] not in calls
        ], moment
