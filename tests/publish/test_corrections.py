"""Answers of those who are named: recorded once, never changed, listed on the page and in the bundle."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp

import pytest
from click.testing import CliRunner, Result

from db.connect import open_for_writing, writing
from tests.publish.rows import Rows, build
from whereused import main

ADD = ["corrections", "add", "alpha", "--received", "2026-03-06", "--who", "Example Company"]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return build(tmp_path / "w.db")


def whereused(database: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--db", str(database), *words])


def test_an_answer_is_listed_everywhere(database: Path, tmp_path: Path) -> None:
    what = "We evaluated on it <b>once</b>; =1+1"
    for _ in range(2):  # the same again adds nothing
        told = whereused(database, *ADD, "--what", what, "--about", "https://ror.org/0aaaaaa02", "--outcome", "noted")
        assert told.exit_code == 0, told.output
    assert whereused(database, *ADD, "--what", what, "--outcome", "corrected", "--reason", "label changed").exit_code == 0
    assert whereused(database, "corrections", "list", "alpha").stdout.count("Example Company") == 2
    assert whereused(database, "publish", "alpha", "beta", "--out", str(tmp_path / "o"), "--include", "all").exit_code == 0
    with (tmp_path / "o/alpha/corrections.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["kind"], row["date"], row["outcome"]) for row in rows] == [
        ("answer", "2026-03-06", "corrected"),
        ("answer", "2026-03-06", "noted"),
    ]
    page = (tmp_path / "o/alpha/index.html").read_text(encoding="utf-8")
    assert "We evaluated on it &lt;b&gt;once&lt;/b&gt;" in page and "corrected: <bdi>label changed</bdi>" in page
    assert "Nobody has answered so far." in (tmp_path / "o/beta/index.html").read_text(encoding="utf-8")


def decide(database: Path, *labels: tuple[str, str]) -> None:
    """Decisions on a work of the dataset gamma, one after the other: (label, time of the day)."""
    db = open_for_writing(database)
    with writing(db):
        [work_id] = db.conn.execute("SELECT work_id FROM external_id WHERE value = '10.5555/g'").fetchone() or [None]
        for label, clock in labels:
            values = [work_id, label, f"2026-04-{clock}Z"]
            columns = "work_id, label, decided_at, slug, purposes, reason, reviewer_id"
            db.conn.execute(f"INSERT INTO decision ({columns}) VALUES (?, ?, ?, 'gamma', '[]', 'x', 1)", values)
    db.close()


def listed(database: Path, out: Path, *words: str) -> list[tuple[str, str, str]]:
    """(date, work, what changed) of the list of corrections of gamma, once it is published."""
    assert whereused(database, "publish", "gamma", "--out", str(out), *words).exit_code == 0
    with (out / "gamma/corrections.csv").open(encoding="utf-8", newline="") as file:
        return [(row["date"], row["about"], row["reason"]) for row in csv.DictReader(file) if row["kind"] == "decision"]


def test_only_what_was_published_is_corrected(database: Path, tmp_path: Path) -> None:
    """Undo, slips and open conflicts stay private; the decision that closes a published one is told."""
    db = open_for_writing(database)
    with writing(db):
        rows = Rows(db)
        rows.work("g", title="Of gamma", year=2020, doi="10.5555/g")
        rows.imported("g", "gamma")
        ahead = "2031-01-01T00:00:00Z"  # a run by a clock that was wrong
        rows.insert("run", run_id=4, command="read", version="0.1", status="done", started_at=ahead, ended_at=ahead)
    db.close()
    site = tmp_path / "site"
    decide(database, ("used", "01T09:00:00"))
    [seen] = [entry["decision"] for entry in news(database)["new_decisions"]]
    assert seen == "used"
    decide(database, ("open", "01T09:00:02"))
    assert news(database)["corrected"] == news(database)["new_decisions"] == [], "an undo before anything was published is no news"
    decide(database, ("wrong_work", "01T10:00:00"), ("open", "01T10:00:02"), ("not_used", "02T10:00:00"), ("used", "03T10:00:00"))
    assert news(database)["corrected"] == []
    assert [entry["decision"] for entry in news(database)["new_decisions"]] == ["used"]
    assert listed(database, site) == []  # the first publication: nobody has seen anything else
    once = {path.name: path.read_bytes() for path in (site / "gamma").iterdir()}
    assert listed(database, site) == [] and once == {path.name: path.read_bytes() for path in (site / "gamma").iterdir()}
    decide(database, ("open", "05T10:00:00"))  # a second reviewer differs
    assert listed(database, site) == []
    decide(database, ("used", "05T11:00:00"), ("created", "05T11:00:03"), ("open", "05T11:00:04"))  # settled, a slip, taken back
    assert listed(database, site) == []
    decide(database, ("not_used", "06T10:00:00"))
    told = ("2026-04-06", "doi:10.5555/g", "used → not_used")
    assert listed(database, site) == [told]
    assert "No published decision has been changed" not in (site / "gamma/index.html").read_text(encoding="utf-8")
    decide(database, ("used", "08T10:00:00"))  # no page of verified uses has shown that it was not used …
    assert listed(database, site) == []
    decide(database, ("not_used", "09T10:00:00"))
    assert listed(database, site, "--include", "all") == [("2026-04-09", *told[1:])]
    decide(database, ("used", "10T10:00:00"))  # … but this one has
    assert listed(database, site) == [("2026-04-10", told[1], "not_used → used"), ("2026-04-09", *told[1:])]
    assert [(entry["at"][:10], entry["id"], f"{entry['before']} → {entry['decision']}") for entry in news(database)["corrected"]] == [
        ("2026-04-09", *told[1:]),
        ("2026-04-10", told[1], "not_used → used"),
    ]
    assert news(database)["new_decisions"] == [], "a correction is told once"
    shutil.rmtree(site)
    assert len(listed(database, tmp_path / "elsewhere")) == 2, "the list outlives its folder"
    once = database.read_bytes()
    whole = {path.name: path.read_bytes() for path in (tmp_path / "elsewhere/gamma").iterdir()}
    assert len(listed(database, tmp_path / "again")) == 2
    assert database.read_bytes() == once, "the same publication again is nothing new to the database"
    assert {path.name: path.read_bytes() for path in (tmp_path / "again/gamma").iterdir()} == whole


def test_what_older_versions_published_is_taken_over(database: Path, tmp_path: Path) -> None:
    """From the manifest of the folder, or of that of --diff, in all shapes that it had; what can't be of this database is passed over."""
    db = open_for_writing(database)
    with writing(db):
        rows = Rows(db)
        rows.work("g", title="Of gamma", year=2020, doi="10.5555/g")
        rows.imported("g", "gamma")
    db.close()
    decide(database, ("used", "03T10:00:00"), ("not_used", "06T10:00:00"), ("created", "08T10:00:00"))
    first = tmp_path / "first.db"
    shutil.copy(database, first)
    out = tmp_path / "out"
    assert listed(first, out) == [], "nobody has seen anything but what stands"
    manifest = json.loads((out / "gamma/manifest.json").read_text(encoding="utf-8"))
    assert manifest.pop("publications") == [{"as_of": "2026-04-08T10:00:00Z", "include": "verified", "decisions": 3}]

    def folder(**told: object) -> Path:
        (old := Path(mkdtemp(dir=tmp_path)) / "gamma").mkdir()
        (old / "manifest.json").write_text(json.dumps(manifest | told), encoding="utf-8")
        shutil.copy(database, tmp_path / "w2.db")
        return old.parent

    own = {"as_of": "2026-04-07T00:00:00Z", "include": "all"}
    correction = [("2026-04-08", "doi:10.5555/g", "not_used → created")]
    assert listed(tmp_path / "w2.db", folder(**own)) == correction
    assert listed(tmp_path / "w2.db", tmp_path / "anew") == correction, "and the database remembers it"
    old = folder(publications=[{**own, "decisions": 2}])
    shutil.copy(out / "gamma/institutions.geojson", old / "gamma")
    shutil.copy(out / "gamma/citations.csv", old / "gamma")
    assert listed(tmp_path / "w2.db", tmp_path / "next", "--diff", str(old)) == correction
    for later in (
        {**own, "decisions": 4},
        {**own, "as_of": "2027-01-01T00:00:00Z", "decisions": 2},
    ):  # another database's, or a backup is back
        site = folder(publications=[later])
        before = (site / "gamma/manifest.json").read_bytes()
        refused = whereused(tmp_path / "w2.db", "publish", "gamma", "--out", str(site))
        assert refused.exit_code == 1 and "a later state than this database has" in str(refused.exception)
        assert [path.name for path in (site / "gamma").iterdir()] == ["manifest.json"] and remembered(tmp_path / "w2.db") == []
        assert (site / "gamma/manifest.json").read_bytes() == before
        assert listed(tmp_path / "w2.db", site, "--accept-suspect") == [], "what that one showed speaks for nothing here"
    strange = [{**own, "as_of": "x"}, {**own, "include": "<b>"}, 7]
    assert listed(tmp_path / "w2.db", folder(publications=strange)) == []
    assert listed(tmp_path / "w2.db", folder(**own, sample=True)) == [], "a folder of practice"


def test_a_database_that_cannot_be_told_is_published_all_the_same(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In use, or gone when the pages are written: one line; the manifest keeps what was shown, and the next publication takes it over."""
    monkeypatch.setattr("db.connect.BUSY_MS", 50)
    holder = sqlite3.connect(database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    told = whereused(database, "-q", "publish", "alpha", "--out", str(tmp_path / "o"))
    holder.close()
    assert told.exit_code == 0 and told.stderr.count("\n") == 1 and "manifest.json alone" in told.stderr and "in use" in told.stderr
    assert remembered(database) == []
    decided = json.loads((tmp_path / "o/alpha/manifest.json").read_text(encoding="utf-8"))["publications"]
    assert whereused(database, "-q", "publish", "alpha", "--include", "all", "--out", str(tmp_path / "o")).stderr == ""
    assert remembered(database) == [("alpha", "all", decided[0]["decisions"]), ("alpha", "verified", decided[0]["decisions"])]
    with closing(sqlite3.connect(database)) as conn:
        for change in ("UPDATE publication SET decisions = 0", "DELETE FROM publication"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                conn.execute(change)


def remembered(database: Path) -> list[tuple[str, str, int]]:
    with closing(sqlite3.connect(database)) as conn:
        return conn.execute("SELECT slug, include, decisions FROM publication ORDER BY 1, 2, 3").fetchall()


def news(database: Path) -> dict[str, list[dict[str, str]]]:
    """The news of gamma since the first day."""
    told = whereused(database, "news", "gamma", "--since", "2026-01-01", "--json")
    assert told.exit_code == 0
    found: dict[str, list[dict[str, str]]] = json.loads(told.stdout)
    return found


def test_a_file_comes_in_whole_or_not_at_all(database: Path, tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    head = "dataset,received_on,who,what,about,outcome,reason\n"
    file.write_text(head + "alpha,2026-03-01,Org,It is wrong,,open,\n,2026-03-02,Org,To all,,nonsense,\n", encoding="utf-8")
    told = whereused(database, "corrections", "import", str(file))
    assert told.exit_code != 0 and "line 3" in str(told.exception) and "nonsense" in str(told.exception)
    assert whereused(database, "corrections", "list", "alpha").stdout == ""
    file.write_text(head + "alpha,2026-03-01,Org,It is wrong,,open,\n,2026-03-02,Org,To all,,noted,\n", encoding="utf-8")
    assert "2 of 2" in whereused(database, "corrections", "import", str(file)).stderr
    assert len(whereused(database, "corrections", "list", "beta").stdout.splitlines()) == 1


@pytest.mark.parametrize("change", ["UPDATE correction SET outcome = 'declined'", "DELETE FROM correction"])
def test_an_answer_stays_as_it_is(database: Path, change: str) -> None:
    whereused(database, *ADD, "--what", "x", "--outcome", "open")
    db = open_for_writing(database)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.conn.execute(change)
    db.close()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--what", "write to a.person@example.org", "--outcome", "open"], "e-mail"),
        (["--what", " ", "--outcome", "open"], "what is missing"),
        (["--what", "x", "--outcome", "open", "--received", "soon"], "YYYY-MM-DD"),
    ],
)
def test_what_must_not_be_public_or_is_no_day_is_refused(database: Path, words: list[str], told: str) -> None:
    refused = whereused(database, *ADD, *words)
    assert refused.exit_code != 0 and told in str(refused.exception)
    assert "no dataset" in str(whereused(database, "corrections", "add", "nix", *ADD[3:], "--what", "x", "--outcome", "open").exception)
