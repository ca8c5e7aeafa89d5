"""Patents in exports: one family once with its members, where the passage stands and its translation, news that say patent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.connect import Database, open_for_reading, open_for_writing, writing
from db.queries.works import load_works
from publish.export import load_export, stream
from publish.news import as_text, find_news
from publish.page.chart import make_chart
from publish.page.data import page_data
from publish.page.render import render_plain
from publish.page.view import make_view
from publish.tables import count_countries, country_rows
from tests.publish.rows import DAY, Rows, fill_base, fill_places

QUOTE, ENGLISH = "本发明在Alpha Faces上进行训练。", "The invention is trained on Alpha Faces."


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Database]:
    """A family of two publications that a search of full texts found, and a paper, at one company."""
    db = open_for_writing(tmp_path / "w.db")
    with writing(db):
        rows = Rows(db)
        fill_base(rows)
        fill_places(rows)
        rows.insert("provider", name="lens")
        rows.work("us", kind="patent", title="Matcher", year=2019, publication_number="US9900001B2")
        rows.work("cn", group="us", kind="patent", title="Matcher", year=2018, publication_number="CN999000001A")
        rows.work("paper", title="A paper", year=2018, doi="10.5555/p")
        rows.cites("paper", "alpha")
        for name in ("us", "cn", "paper"):
            rows.affiliated(name, "Example Company Ltd")
        rows.insert(
            "finding", work_id=rows.works["cn"], slug="alpha", provider="lens", how="full text", run_id=2, retrieved_at=DAY.format(2)
        )
        rows.insert(
            "mention", work_id=rows.works["cn"], slug="alpha", provider="lens", position=0, alias="Alpha Faces", quote=QUOTE,
            section="claim 3", translation=ENGLISH, version="1",
        )  # fmt: skip
        rows.decide("cn", "alpha", "used", purposes=("train",))
    db.close()
    db = open_for_reading(tmp_path / "w.db")
    yield db
    db.close()


def test_a_family_is_one_work_with_its_members_and_its_translation(opened: Database) -> None:
    collection = json.loads("".join(stream(opened, "alpha", format="geojson", include="all")))
    (feature,) = collection["features"]
    assert [(work["kind"], work["status"]) for work in feature["properties"]["works"]] == [("paper", "candidate"), ("patent", "verified")]
    patent = feature["properties"]["works"][1]
    assert patent["patent"] == {"family": ["US9900001B2", "CN999000001A"], "section": "claim 3", "translation": ENGLISH}
    assert patent["evidence"] == {"quote": QUOTE, "page": None, "provider": "lens"}
    assert patent["found_by"]["how"] == "full text"
    assert "patent" not in feature["properties"]["works"][0]
    [line] = stream(opened, "alpha", format="geojsonl", include="all")
    assert json.loads(line)["properties"] == feature["properties"]
    table = "".join(stream(opened, "alpha", format="csv", include="all")).splitlines()
    assert [",US9900001B2; CN999000001A," in line for line in table] == [False, False, True]
    told = [json.loads(line) for line in stream(opened, "alpha", format="jsonl", include="verified")]
    assert [mention["translation"] for mention in told[0]["mentions"]] == [ENGLISH]


def test_the_charts_show_papers_and_patents_apart_and_together(opened: Database) -> None:
    works = list(load_works(opened, "alpha"))
    paper, patent = {(2018, "paper"): 1}, {(2019, "patent"): 1}
    for kind, cells in ((None, paper | patent), ("paper", paper), ("patent", patent)):
        total, verified = count_countries(works, "all", kind=kind)
        assert dict(total["US"]) == cells
    total, verified = count_countries(works, "all")
    assert country_rows("alpha", total, verified) == [["alpha", "US", 2018, 1, 0, 1, 0, 0, 0], ["alpha", "US", 2019, 1, 1, 0, 1, 0, 1]]
    column = make_chart(total).columns[0]
    assert [(part.kind, part.years) for part in column.parts] == [("paper", (1, 0)), ("patent", (0, 1))]
    assert column.words == "United States, 2 works: 1 paper, 1 patent. 2018: 1 paper; 2019: 1 patent"
    export = load_export(opened, "alpha", "all")
    view = make_view(export, works, json.loads("".join(stream(opened, "alpha", format="geojson", include="all"))))
    assert {"all", "paper", "patent"} <= {chart.key for chart in view.charts}
    assert [row.verdict for row in view.rows] == ["used: training", "cites"]
    shown = page_data(view)["works"]
    assert shown[0][6:] == [QUOTE, 0, 0, "claim 3", ENGLISH]
    assert len(shown[1]) <= 9  # papers carry neither
    plain = render_plain(view)
    assert f'<blockquote dir="auto">{QUOTE}</blockquote> <blockquote class="translation">{ENGLISH}</blockquote>' in plain
    assert "<cite>claim 3, as given by Lens</cite>" in plain


def test_news_say_what_is_a_patent(opened: Database) -> None:
    news = find_news(opened, "alpha", "2026-01-01")
    assert sorted((work["kind"], work["id"]) for work in news["new_works"]) == [
        ("paper", "doi:10.5555/p"),
        ("patent", "publication_number:US9900001B2"),
    ]
    assert "patent: Matcher (2019)" in as_text(news)
