"""A place of a sensitive sector needs two sources or a reviewer before it is put on the map of verified uses."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from db.config import Config
from db.queries.places import SENSITIVE
from publish.run import run

LABORATORY = "Example Defence Laboratory"
SAY = {
    "one work alone": "DELETE FROM affiliation WHERE work_id = (SELECT work_id FROM work WHERE title = 'Of no dataset')",
    "a provider beside the document": """INSERT INTO affiliation_ror (affiliation_id, ror_id)
        SELECT min(affiliation_id), 'https://ror.org/0aaaaaa04' FROM affiliation JOIN affiliation_string USING (string_id)
         WHERE text = 'Example Defence Laboratory'""",
    "a reviewer": """INSERT INTO place_answer (string_id, ror_id, reviewer_id, decided_at)
        SELECT string_id, 'https://ror.org/0aaaaaa04', 1, '2026-03-04T10:00:00Z' FROM affiliation_string
         WHERE text = 'Example Defence Laboratory'""",
}


def shown(database: Path, out: Path, include: str, says: tuple[str, ...], sector: str) -> tuple[bool, bool]:
    """(the laboratory stands there, as a verified use) in the GeoJSON."""
    out.mkdir()
    path = Path(shutil.copy(database, out / "w.db"))
    conn = sqlite3.connect(path)
    conn.execute("UPDATE institution SET sector = ? WHERE name = ?", [sector, LABORATORY])
    for name in says:
        conn.execute(SAY[name])
    conn.commit()
    conn.close()
    run(Config(db=path, verbosity=-1), ["alpha"], out=out / "site", include=include)
    lines = (out / "site" / "alpha" / "institutions.geojson").read_text(encoding="utf-8").splitlines()
    found = [line for line in lines if f'"institution":"{LABORATORY}"' in line]
    return bool(found), any('"status":"verified"' in line for line in found)


@pytest.mark.parametrize(
    ("sector", "second"),
    [*((sector, None) for sector in SENSITIVE), ("military", "a provider beside the document"), ("government", "a reviewer")],
)
def test_one_source_is_not_enough(database: Path, tmp_path: Path, second: str | None, sector: str) -> None:
    says = ("one work alone", *([second] if second else []))
    assert shown(database, tmp_path / "verified", "verified", says, sector) == ((True, True) if second else (False, False))
    assert shown(database, tmp_path / "all", "all", says, sector) == (True, bool(second))


def test_two_works_are_enough(database: Path, tmp_path: Path) -> None:
    assert shown(database, tmp_path / "two", "verified", (), "government") == (True, True)


def test_other_sectors_need_no_second_source(database: Path, tmp_path: Path) -> None:
    assert shown(database, tmp_path / "one", "verified", ("one work alone",), "academic") == (True, True)
