"""`whereused crawl` for patents by Lens, the USPTO and Google Patents, against stand-ins with their errors."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from crawler.patents.uspto import parse_application
from db.config import Config
from tests.importing.files import query
from tests.patents import files
from tests.patents.here import crawl, known, run_import
from tests.patents.ops_service import NPL
from tests.patents.services import Asked, Google, Lens, Odp, Reply, application, lens_record, serving

HOWS = "SELECT value, how FROM finding JOIN external_id USING (work_id) WHERE scheme = 'publication_number' ORDER BY value, how"


def test_lens_and_uspto_bring_families_once_through_their_errors(tmp_path: Path) -> None:
    db = tmp_path / "w.db"
    citation = {"nplcit": {"text": NPL, "lens_id": "004-047-148-411-345", "external_ids": ["10.1109/CVPR.2016.527", "21113258"]}}
    citing = [lens_record(f"EP390000{at}A", f"2019-0{at}-02", citations=[citation]) for at in range(1, 6)]
    member = {"document_id": {"jurisdiction": "EP", "doc_number": "3900001", "kind": "A"}}
    naming = [
        lens_record("CN910000001A", "2020-01-02", claims=[{"claims": [{"claim_text": ["1. 在ＭｅｇａＦａｃｅ上测试。"]}]}]),
        lens_record("EP3900008A", "2020-02-02", families={"simple_family": {"members": [member]}}),
        lens_record("EP3900009A", "2020-02-03", description={"text": "Nothing of it."}),
    ]

    def lens_fault(at: int, asked: Asked) -> Reply | None:
        """Too many requests at first; a scroll that ran out in the middle; a broken answer; a minute that is used up."""
        told = {
            1: (429, b'{"message":"Too many requests"}', {"x-rate-limit-retry-after-millis": "40"}),
            3: (400, b'{"message":"Scroll context expired"}', {}),
            5: (502, b"<html>bad gateway</html>", {}),
        }
        return told.get(at)

    def odp_fault(at: int, asked: Asked) -> Reply | None:
        return (429, b'{"message":"Too Many Requests"}', {}) if at == 2 else None

    records = [application(at, granted=at % 2 == 0, published=at != 4) for at in range(12)] + [
        application(99, granted=False, published=False)
    ]
    with (
        serving(Lens(citing=citing, naming=naming, fault=lens_fault)) as lens,
        serving(Odp(records=records, largest=30, fault=odp_fault)) as odp,
    ):
        done = crawl(db, lens.environ | odp.environ, "lens uspto epo_ops google_patents")
        assert done.returncode == 0, done.stderr
        assert [asked.json["pagination"]["limit"] for asked in odp.asked] == [100, 50, 50, 25]
        again = crawl(db, lens.environ | odp.environ, "uspto lens", "--due")
        assert again.returncode == 0, again.stderr
        assert len(odp.asked) == 4  # read within a week
        gone, odp.records = odp.records[0], odp.records[1:]
        assert crawl(db, odp.environ, "uspto").returncode == 0
        withdrawn = (
            "SELECT value FROM finding JOIN external_id USING (work_id) WHERE withdrawn_at IS NOT NULL AND scheme <> 'lens' ORDER BY 1"
        )
        assert query(db, withdrawn) == [("US10900000B2",), ("US20200000000A1",)]
        odp.records = [gone, *odp.records]
        assert crawl(db, odp.environ, "uspto").returncode == 0
        assert query(db, withdrawn) == []
    assert "megaface: patents by Lens: " in done.stderr
    assert "megaface: patents by the USPTO: 13 hits" in done.stderr
    assert "1 US applications without a publication" in done.stderr
    assert (
        "the EPO: without WHEREUSED_EPO_OPS_KEY (ID:SECRET, free, https://developers.epo.org) titles and abstracts are not" in done.stderr
    )
    assert "Google Patents: its pages are fetched only where you set WHEREUSED_GOOGLE_PATENTS=1" in done.stderr
    hows = query(db, HOWS)
    assert ("EP3900005A", "citation") in hows
    assert ("EP3900005A", "npl citation") in hows
    assert [row for row in hows if row[0] == "CN910000001A"] == [("CN910000001A", "full text"), ("CN910000001A", "text")]
    assert [row for row in hows if row[0] == "EP3900009A"] == [("EP3900009A", "full text")]
    assert len({value for value, _ in hows}) == 8 + 11 + 6
    assert query(db, "SELECT count(DISTINCT group_id) FROM work WHERE kind = 'patent'") == [(7 + 12,)]
    strings = {text for (text,) in query(db, "SELECT text FROM affiliation_string")}
    assert strings == {"EXAMPLE VISION CO LTD, China", "Example Vision Co., Ltd., Seoul, South Korea"}


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        ((403, b'{"message":"Missing Authentication Token"}', {}), "the USPTO refuses (403): check WHEREUSED_USPTO_KEY"),
        ((413, b'{"code":413,"message":"Payload Too Large"}', {}), "the USPTO finds an answer of 10 records too long (413)"),
    ],
)
def test_a_portal_that_refuses_ends_in_one_line(tmp_path: Path, fault: Reply, line: str) -> None:
    with serving(Odp(fault=lambda _at, _asked: fault)) as odp:
        done = crawl(tmp_path / "w.db", odp.environ, "uspto")
    assert done.returncode == 3
    assert line in done.stderr
    assert "Traceback" not in done.stderr


def test_lens_is_left_alone_while_its_minute_is_used_up(tmp_path: Path) -> None:
    """A minute of a server that allows 200 requests a second is 0.3 s; the header comes with the first answer."""
    records = [lens_record(f"EP390000{at}A", f"2019-0{at}-02") for at in range(1, 5)]

    def used_up(at: int, asked: Asked) -> Reply | None:
        if at > 1:
            return None
        status, body, _ = lens.reply(asked)
        return status, body, {"x-rate-limit-remaining-request-per-minute": "0"}

    with serving(Lens(citing=records, fault=used_up)) as lens:
        done = crawl(tmp_path / "w.db", lens.environ | {"WHEREUSED_RATE_LENS": "200"}, "lens")
    assert done.returncode == 0, done.stderr
    first, second = (asked.at for asked in lens.asked[:2])
    assert second - first > 0.29
    assert len(query(tmp_path / "w.db", HOWS)) >= 4


def test_no_hits_are_a_404_and_no_failure(tmp_path: Path) -> None:
    with serving(Odp()) as odp, serving(Lens()) as lens:
        done = crawl(tmp_path / "w.db", odp.environ | lens.environ, "uspto lens")
    assert done.returncode == 0, done.stderr
    assert "patents by the USPTO: 0 hits" in done.stderr


def test_google_pages_come_once_and_the_first_refusal_is_the_last(tmp_path: Path) -> None:
    numbers = [f"CN99900000{at}A" for at in range(1, 6)]
    db = known(tmp_path, numbers)
    text = "本发明在ＭｅｇａＦａｃｅ数据集上测试。"
    pages = {number: files.page(number, family=62000001 + at, description=text) for at, number in enumerate(numbers) if at != 1}
    with serving(Google(pages=pages | {numbers[3]: files.CHALLENGE})) as google:
        done = crawl(db, google.environ, "google_patents")
        assert done.returncode == 3
        assert "Google Patents gives a captcha or consent page" in done.stderr
        asked = [one.path for one in google.asked]
        assert asked == [f"/patent/{number}/en" for number in numbers[:4]]
        again = crawl(db, google.environ, "google_patents")
        assert (again.returncode, len(google.asked)) == (3, 4)
        assert "has refused within the last day" in again.stderr
        with sqlite3.connect(db) as raw:
            raw.execute("DELETE FROM host_refusal")  # a day later
        google.pages |= pages
        assert crawl(db, google.environ, "google_patents").returncode == 0
        assert [one.path for one in google.asked[4:]] == [f"/patent/{number}/en" for number in numbers[3:]]
    told = query(
        db, "SELECT status, count(*), count(sha256) FROM patent_part WHERE provider = 'google_patents' GROUP BY status ORDER BY status"
    )
    assert told == [("none", 1, 0), ("told", 4, 4)]
    assert len(list((tmp_path / "w.db.files" / "patents").rglob("*.html.gz"))) == 4
    quotes = query(db, "SELECT DISTINCT section, quote, translation FROM mention WHERE slug = 'megaface'")
    assert quotes == [("description, paragraph 0045", "本发明在MegaFace数据集上测试。", "The collection is used.")]


@pytest.mark.parametrize(
    ("robots", "fault", "line", "n_asked"),
    [
        ("User-agent: *\nDisallow: /patent/\n", None, "Google Patents: robots.txt forbids it; nothing is fetched from it", 0),
        ("", (403, b"Forbidden", {}), "Google Patents refuses (403); it is left alone for a day", 1),
        ("", (503, b"busy", {}), "Google Patents answers with status 503; it is left alone for a day", 1),
        (
            "",
            (429, b"slow down", {"Retry-After": "2"}),
            "Google Patents still says 429 (too many requests) after 0 waits; it is left alone",
            1,
        ),
    ],
)
def test_google_says_no(tmp_path: Path, robots: str, fault: Reply | None, line: str, n_asked: int) -> None:
    db = known(tmp_path, ["CN999000001A", "CN999000002A"])
    with serving(Google(robots=robots, fault=lambda _at, _asked: fault)) as google:
        done = crawl(db, google.environ, "google_patents")
    assert (done.returncode, len(google.asked)) == (3, n_asked)
    assert line in done.stderr
    assert "Traceback" not in done.stderr


def test_the_documented_host_is_never_asked_faster() -> None:
    from crawler.providers import GOOGLE_PATENTS_PAGES, key_hints

    assert GOOGLE_PATENTS_PAGES.interval(Config(values={"RATE_GOOGLE_PATENTS": "100"})) == 6.0
    assert GOOGLE_PATENTS_PAGES.interval(Config(values={"RATE_GOOGLE_PATENTS": "0.1"})) == 10.0
    hints = key_hints(Config(values={"LENS_KEY": "k"}))
    assert hints.pop("lens") is None
    assert {"semantic_scholar", "openalex", "opencitations", "epo_ops", "uspto"} == set(hints)
    assert all(hint and "https://" in hint and "\n" not in hint for hint in hints.values())


def test_an_application_becomes_its_publications() -> None:
    early, patent = parse_application(application(7))
    assert (early.number, early.publication_date, patent.number, patent.publication_date) == (
        "US20200000007A1", "2020-03-28", "US10900007B2", "2021-01-26",
    )  # fmt: skip
    assert early.facts.members == (patent.number,)
    assert early.title == "FACE MATCHER EVALUATED ON MEGAFACE"
    (alone,) = parse_application(application(7, published=False))
    assert alone.number == "US10900007B1"
    design = {"applicationMetaData": {"patentNumber": "D1116209", "applicationTypeCode": "DSN", "grantDate": "2026-01-06"}}
    assert [found.number for found in parse_application(design)] == ["USD1116209"]
    assert parse_application({"applicationNumberText": "PCT/US23/69770"}) == ()


def test_imported_pages_need_no_fetching_and_no_key(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(files.page("CN999000001A", family=62000001, description="在MegaFace上测试。"), encoding="utf-8")
    assert run_import(tmp_path / "w.db", page).returncode == 0
    assert query(tmp_path / "w.db", "SELECT count(*) FROM mention") == [(1,)]
