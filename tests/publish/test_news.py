"""News as feed and message, and the datasets that are not published since their last crawl is suspect."""

from __future__ import annotations

import shutil
from email import message_from_string, policy
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from db.connect import Database, open_for_writing, writing
from publish.atom import as_atom
from publish.news import find_news
from tests.publish.rows import DAY
from whereused import main

ATOM = "{http://www.w3.org/2005/Atom}"


def call(db: Path, *args: str) -> Result:
    return CliRunner().invoke(main, ["--db", str(db), *args])


def entries(feed: str) -> dict[str, ElementTree.Element]:
    """Entries by id; the feed has all that RFC 4287 demands."""
    root = ElementTree.fromstring(feed)
    assert root.tag == f"{ATOM}feed"
    for one in (root, *root.iter(f"{ATOM}entry")):
        assert [len(one.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert str(one.findtext(f"{ATOM}updated")).endswith("Z")
        assert " " not in str(one.findtext(f"{ATOM}id"))
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    found = {str(one.findtext(f"{ATOM}id")): one for one in root.iter(f"{ATOM}entry")}
    assert len(found) == len(root.findall(f"{ATOM}entry")), "no id stands twice"
    times = [str(one.findtext(f"{ATOM}updated")) for one in root.iter(f"{ATOM}entry")]
    assert times == sorted(times, reverse=True)
    assert root.findtext(f"{ATOM}updated") == (times[0] if times else root.findtext(f"{ATOM}updated"))
    return found


def test_feed_is_valid_stable_and_the_same_twice(database: Path, opened: Database) -> None:
    whole = call(database, "news", "alpha", "--since", "2000-01-01", "--format", "atom", "--link", "https://x.org/?a=1&b=2").stdout
    assert whole == call(database, "news", "alpha", "--since", "2000-01-01", "--format", "atom", "--link", "https://x.org/?a=1&b=2").stdout
    news = find_news(opened, "alpha", "2000-01-01")
    known = entries(whole)
    assert len(known) == sum(len(value) for value in news.values() if isinstance(value, list))
    later = entries(as_atom(find_news(opened, "alpha", "1")))
    kept = {key for key in later if "corrected" not in key and ":new_decisions:" not in key}
    assert kept and kept <= known.keys(), "an entry keeps its id whatever the feed begins with"
    links = {one.find(f"{ATOM}link").get("href") for one in known.values()}  # type: ignore[union-attr]
    assert "https://x.org/?a=1&b=2" in links and any(str(link).startswith("https://doi.org/") for link in links)


def test_feed_without_news_is_a_feed(opened: Database) -> None:
    assert entries(as_atom(find_news(opened, "alpha", "2030-01-01"))) == {}


def test_hostile_titles_do_no_harm(opened: Database) -> None:
    news = find_news(opened, "alpha", "2000-01-01")
    news["new_works"][0] |= {"title": "]]><scribble>&\x00\x0b\ud800 ", "id": 'doi:10.1/"><x>'}
    (one,) = [one for one in entries(as_atom(news)).values() if "scribble" in str(one.findtext(f"{ATOM}title"))]
    assert one.findtext(f"{ATOM}title", "").startswith("new work: ]]><scribble>&")


def test_message(database: Path) -> None:
    text = call(database, "news", "alpha", "--since", "1", "--format", "email", "--link", "https://x.org/alpha/").stdout
    message = message_from_string(text, policy=policy.default)
    assert "2 new works" in message["Subject"] and "2 withdrawn citations" in message["Subject"]
    assert message["Date"] and not message["To"]
    assert "Withdrawn but verified (2021): used" in message.get_content()
    assert message.get_content().endswith("https://x.org/alpha/\n")


@pytest.fixture
def copied(database: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(database, tmp_path / "w.db"))


def change(db: Path, sql: str, *values: object) -> None:
    opened = open_for_writing(db)
    with writing(opened):
        opened.conn.execute(sql, values)
    opened.close()


def test_works_that_are_shown_again(copied: Path) -> None:
    change(copied, "UPDATE citation_sighting SET withdrawn_at = ? WHERE withdrawn_at IS NULL", DAY.format(8))
    gone = call(copied, "news", "alpha", "--since", "2026-03-08").stdout
    assert "withdrawn citations" in gone and "again" not in gone
    change(copied, "UPDATE citation_sighting SET withdrawn_at = NULL WHERE withdrawn_at = ?", DAY.format(8))
    news = call(copied, "news", "alpha", "--since", "2026-03-08").stdout
    assert "shown again" in news and "withdrawn" not in news and "new work" not in news


def test_new_institutions_and_countries(opened: Database) -> None:
    everything = find_news(opened, "alpha", "2000-01-01")
    names = {entry["name"] for entry in everything["new_institutions"]}
    assert names and all("Example" in name or name for name in names)
    assert {entry["country_code"] for entry in everything["new_institutions"]} <= {entry["name"] for entry in everything["new_countries"]}
    assert find_news(opened, "alpha", "2030-01-01")["new_institutions"] == []


SUSPECT = """INSERT INTO crawl_list (provider, work_id, pass, state, started_at, suspect)
             SELECT 'semantic_scholar', work_id, 2, 'done', 'then', 'none of the 9 citing works that stood before was shown'
               FROM dataset_paper WHERE slug = 'alpha' ON CONFLICT DO UPDATE SET suspect = excluded.suspect"""


def test_a_suspect_dataset_is_not_published_and_its_earlier_pages_stay(copied: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    assert call(copied, "-q", "publish", "--out", str(out)).exit_code == 0
    before = {path: path.read_bytes() for path in (out / "alpha").iterdir()}
    change(copied, SUSPECT)
    change(copied, "UPDATE dataset SET name = 'Another name'")
    refused = call(copied, "-q", "publish", "--out", str(out))
    assert refused.exit_code == 1
    told = str(refused.exception)
    assert "alpha (semantic_scholar: none of the 9" in told and "--accept-suspect" in told and "\n" not in told
    assert {path: path.read_bytes() for path in (out / "alpha").iterdir()} == before
    assert "Another name" in (out / "beta" / "index.html").read_text(), "other datasets are published"
    assert "alpha" in (out / "index.html").read_text()
    assert call(copied, "-q", "publish", "alpha", "--out", str(tmp_path / "new")).exit_code == 1
    assert not (tmp_path / "new").exists()
    assert call(copied, "-q", "publish", "alpha", "--out", str(out), "--accept-suspect").exit_code == 0
    assert "Another name" in (out / "alpha" / "index.html").read_text()
