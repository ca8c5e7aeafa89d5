"""What doctor finds and mends."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from pathlib import Path

from db.config import load_config
from db.health import check_settings
from tests.helpers.dump import canonical_dump
from tests.trust.conftest import Calm
from tests.trust.house import STAGES, House


def doctor(house: House, *options: str, **settings: str) -> tuple[int | None, str, str]:
    STAGES["doctor"] = (("doctor", *options), "")
    try:
        done = house.run("doctor", **settings)
    finally:
        del STAGES["doctor"]
    return done.code, done.out, done.err


def stored(dump: str) -> list[str]:
    """The documents, and the works that have them."""
    rows = [line for line in dump.splitlines() if line.startswith(("document {", "fulltext {"))]
    return [line for line in rows if '"status": "failed"' not in line]


def make_ill(house: House) -> tuple[Path, Path]:
    """A document that nobody refers to, a string that no work prints, a damaged PDF, a PDF without a row."""
    conn = sqlite3.connect(house.db, isolation_level=None)
    conn.execute("INSERT INTO document VALUES (?, 'application/pdf', 3, '2026-01-01T00:00:00Z')", ["e" * 64])
    conn.execute("INSERT INTO document_state VALUES (?, 'read', 'done', NULL, '1', '2026-01-01T00:00:00Z')", ["e" * 64])
    conn.execute("INSERT INTO affiliation_string (text) VALUES ('Nobody prints this')")
    conn.execute("INSERT INTO run (command, version, status, started_at) VALUES ('read', '1', 'running', '2020-01-01T00:00:00Z')")
    sha = conn.execute("SELECT sha256 FROM fulltext WHERE status = 'stored' ORDER BY url").fetchone()[0]
    conn.close()
    damaged = house.folder / "w.db.files" / "pdf" / sha[:2] / f"{sha}.pdf"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    strange = damaged.with_name("f" * 64 + ".pdf")
    strange.write_bytes(b"%PDF-1.4 nobody knows")
    os.utime(strange, (0, 0))
    return damaged, strange


def test_what_is_ill_is_found_and_mended_on_request(calm: Calm, tmp_path: Path) -> None:
    house = calm.before["read"].copied(tmp_path / "house")
    whole = canonical_dump(house.db)
    damaged, strange = make_ill(house)
    _, out, _ = doctor(house)
    assert "1 documents, 1 affiliation strings, 1 runs that never ended: nothing refers to them" in out, out
    assert "1 of 5 files" in out and strange.exists()
    code, out, err = doctor(house, "--repair")
    assert code == 0, out + err
    assert "full texts: 2 missing or damaged" in err and "files without rows: 1 moved" in err and "backup: w.db.backup-" in err
    assert "orphans: none" in out
    assert not strange.exists() and (house.folder / "w.db.files" / "unknown" / strange.name).is_file()
    assert house.run("crawl").code == 0, "the damaged one is fetched again"
    assert hashlib.sha256(damaged.read_bytes()).hexdigest() == damaged.stem
    assert stored(canonical_dump(house.db)) == stored(whole)
    assert "missing" not in doctor(house, "--repair")[2]


def test_decisions_that_were_published_and_are_gone(calm: Calm, tmp_path: Path) -> None:
    house = calm.end.copied(tmp_path / "house")
    assert "publications: megaface as of 20" in doctor(house)[1]
    conn = sqlite3.connect(house.db, isolation_level=None)
    conn.execute("DELETE FROM decision_label")
    conn.execute("DELETE FROM decision WHERE decision_id = (SELECT max(decision_id) FROM decision)")
    conn.close()
    code, out, _ = doctor(house)
    assert code == 1 and "BAD  publications: megaface: more decisions were published than" in out, out


def test_what_lies_in_a_shared_place_is_looked_for_there(calm: Calm, tmp_path: Path) -> None:
    house = calm.before["geocode"].copied(tmp_path / "house")
    before = canonical_dump(house.db)
    (house.folder / "w.db.files" / "pdf").rename(tmp_path / "shared")
    code, out, err = doctor(house, "--repair", fulltexts=f"file://{tmp_path / 'shared'}")
    assert code == 0 and "missing or damaged" not in err, out + err
    assert canonical_dump(house.db) == before


def test_keys_that_others_may_read_are_told(tmp_path: Path) -> None:
    file = tmp_path / "whereused.toml"
    config = load_config(environ={"WHEREUSED_CONFIG": str(file)})
    assert check_settings(config).ok, "there is none"
    file.write_text('contact = "x"\nsemantic_scholar_key = "k-4711"\n')
    file.chmod(0o644)
    told = check_settings(config)
    assert not told.ok and "semantic_scholar_key" in told.text and "chmod 600" in told.text and "k-4711" not in told.text
    file.chmod(0o600)
    assert check_settings(config).ok
    file.write_text('contact = "x"\n')
    file.chmod(0o644)
    assert check_settings(config).ok, "no key, no secret"
