"""What documents print of affiliations beside what OpenAlex tells."""

from __future__ import annotations

from pathlib import Path

from db.connect import open_for_writing, writing
from db.queries.comparison import compare_affiliations
from publish.affiliations import as_text, find_comparison
from tests.publish.rows import Rows


def told(rows: Rows, name: str, *keys: str) -> None:
    """A string of OpenAlex with its own ROR ids."""
    rows.strings.setdefault("told", rows.insert("affiliation_string", text=f"as OpenAlex has it, {name}"))
    string_id = rows.insert("affiliation_string", text=f"OpenAlex on {name}")
    at = rows.insert("affiliation", work_id=rows.works[name], tier="openalex", position=0, string_id=string_id, version="openalex")
    for key in keys:
        rows.insert("affiliation_ror", affiliation_id=at, ror_id=f"https://ror.org/{key}", name=f"Body {key}")


def test_both_hands(tmp_path: Path) -> None:
    db = open_for_writing(tmp_path / "w.db")
    rows = Rows(db)
    with writing(db):
        rows.insert("run", run_id=1, command="crawl", version="1", status="done", started_at="2026-03-01T10:00:00Z")
        for provider in ("semantic_scholar", "openalex"):
            rows.insert("provider", name=provider)
        rows.dataset("megaface", "MegaFace")
        for key in ("01aaaaa11", "02bbbbb22"):
            rows.institution(key, f"Made-up {key}", "US", 1.0, 2.0)
        rows.string("Made-up One", "01aaaaa11")
        rows.string("nowhere")
        for name in ("same", "more", "other", "printed", "told", "neither", "preprint"):
            rows.work(name, group="same" if name == "preprint" else None)
            rows.cites(name, "megaface")
        for name in ("preprint", "more", "other", "printed"):
            rows.affiliated(name, "Made-up One")
        rows.affiliated("told", "nowhere")
        told(rows, "same", "01aaaaa11")  # the published version, the document is the preprint's
        told(rows, "more", "01aaaaa11", "03ccccc33")
        told(rows, "other", "02bbbbb22")
        told(rows, "told", "02bbbbb22")
        told(rows, "neither")
    found = compare_affiliations(db, "megaface")
    assert found.n_works == {"agree": 2, "conflict": 1, "pdf_only": 1, "openalex_only": 1}
    assert found.n_institutions == {"agree": 2, "conflict": 2, "pdf_only": 1, "openalex_only": 2}
    assert [work.title for work in found.conflicts] == ["other"]
    text = as_text(find_comparison(db, ()))
    assert "megaface: 2 agree, 1 conflict, 1 PDF only, 1 OpenAlex only" in text
    assert "  other: PDF: Made-up 01aaaaa11 | OpenAlex: Made-up 02bbbbb22" in text
    db.close()
