"""What the verified uses took in, in the audit and on the dataset's page."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from db.connect import open_for_reading
from db.queries.photos import load_audit, load_uses, wilson
from publish.run import run as publish
from tests.photos.conftest import Desk
from tests.photos.rows import row, write
from tests.publish.rows import build


@pytest.fixture
def alpha(desk: Desk, tmp_path: Path) -> Desk:
    build(desk.db)
    desk.audit(write(tmp_path / "yfcc.tsv", (row(n) for n in range(60))), "--dataset", "alpha")
    return desk


def test_uses_by_country_sector_and_company(alpha: Desk) -> None:
    with (alpha.out / "uses.csv").open() as file:
        rows = {(row["scope"], row["name"]): row for row in csv.DictReader(file)}
    total = rows["total", "all verified uses"]
    assert (total["verified_uses"], total["uses_by_companies"]) == ("7", "1")  # versions of a work once; reopened and refused ones not
    assert (total["attribution_duties"], total["commercial_prohibitions"]) == ("420", "30")
    company = rows["company", "Example Company"]
    assert (company["verified_uses"], company["images_closed_to_commercial_use"]) == ("1", "30")
    assert (company["images_asking_attribution"], company["images_asking_share_alike"]) == ("60", "20")
    assert rows["sector", "academic"]["images_closed_to_commercial_use"] == "0"  # though one of its works has a company's affiliation too
    assert rows["country", "FR"]["images_closed_to_commercial_use"] == "0"
    assert not [name for scope, name in rows if "Unsure" in name]
    assert rows["sector", "healthcare"]["images_closed_to_commercial_use"] == "0"


def test_the_sentence_and_its_limits(alpha: Desk) -> None:
    page = (alpha.out / "audit.html").read_text()
    assert "7 verified uses: each took in 60 images whose licence asks to name the author (420 duties in all)" in page
    assert "grey area" in page
    assert "no" in page and "legal advice" in page


def test_the_page_of_the_dataset_shows_the_audit_where_one_ran(alpha: Desk) -> None:
    from db.config import Config

    publish(Config(db=alpha.db, verbosity=-1), ["alpha", "beta"], out=alpha.folder / "site", include="verified")
    page = (alpha.folder / "site" / "alpha" / "index.html").read_text()
    assert 'id="licences"' in page
    assert "BY-NC-SA 2.0" in page
    assert "7 verified uses" in page
    assert 'id="photos"' not in (alpha.folder / "site" / "beta" / "index.html").read_text()


def test_a_second_audit_takes_the_place_of_the_first(alpha: Desk, tmp_path: Path) -> None:
    alpha.audit(write(tmp_path / "other.tsv", (row(n, licence="") for n in range(5))), "--dataset", "alpha")
    db = open_for_reading(alpha.db)
    audit = load_audit(db, "alpha")
    assert audit is not None
    assert [row.name for row in audit.licences] == ["unstated"]
    assert audit.duties.n == 5
    assert db.conn.execute("SELECT count(*) FROM photo_link").fetchone()[0] == 5
    assert load_uses(db, "beta")[0].uses == 0
    db.close()


def test_an_unknown_dataset_is_told_before_anything_is_read(desk: Desk, tmp_path: Path) -> None:
    path = write(tmp_path / "y", [row(1)])
    assert "nosuch" in desk.call("photos", "audit", path, "--out", desk.out, "--dataset", "nosuch", code=2)


def test_wilsons_interval() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = wilson(10, 100)
    assert (round(low, 4), round(high, 4)) == (0.0552, 0.1744)  # as printed in tables of the interval
    assert wilson(0, 50)[0] == 0.0
    assert wilson(50, 50)[1] == 1.0
