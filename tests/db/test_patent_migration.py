"""A database of before: what the EPO told stays known, and the names of inventors go."""

from __future__ import annotations

import sqlite3
from importlib.resources import files

from db.migrations import statements

AT = "2026-03-01T10:00:00Z"


def test_inventors_go_and_what_was_asked_stays_known() -> None:
    conn = sqlite3.connect(":memory:")
    scripts = sorted(
        (file.name, file.read_text(encoding="utf-8")) for file in files("db.migrations").iterdir() if file.name.endswith(".sql")
    )
    for name, sql in scripts:
        if name < "0014":
            for statement in statements(sql):
                conn.execute(statement)
    conn.executemany("INSERT INTO provider (name) VALUES (?)", [("epo_ops",), ("import",)])
    conn.execute("INSERT INTO work_group (group_id) VALUES (1)")
    for work, number in ((1, "CN999000001A"), (2, "CN999000002A")):
        conn.execute(
            """INSERT INTO work (work_id, group_id, kind, title, authors, field_providers, provider, retrieved_at)
               VALUES (?, 1, ?, 'Face matcher', '["Ada Part"]', '{"authors": "import", "title": "import"}', 'epo_ops', ?)""",
            [work, "patent" if work == 1 else "paper", AT],
        )
        conn.execute("INSERT INTO external_id (scheme, value, work_id) VALUES ('publication_number', ?, ?)", [number, work])
    conn.execute("INSERT INTO patent (work_id, provider, retrieved_at) VALUES (1, 'epo_ops', ?)", [AT])
    conn.executemany(
        "INSERT INTO patent_party (work_id, role, position, name, provider) VALUES (1, ?, 0, ?, 'epo_ops')",
        [("inventor", "Ada Part"), ("applicant", "EXAMPLE VISION CO LTD")],
    )
    conn.execute("INSERT INTO crawl_problem (provider, subject, reason, recorded_at) VALUES ('epo_ops', 'CN999000003A', 'none', ?)", [AT])
    for statement in statements(dict(scripts)["0014_patent_crawl.sql"]):
        conn.execute(statement)
    assert conn.execute("SELECT name, city FROM patent_party").fetchall() == [("EXAMPLE VISION CO LTD", None)]
    assert conn.execute("SELECT authors, field_providers FROM work ORDER BY work_id").fetchall() == [
        ("[]", '{"title":"import"}'),
        ('["Ada Part"]', '{"authors": "import", "title": "import"}'),
    ]
    assert conn.execute("SELECT publication_number, part, status FROM patent_part ORDER BY 1").fetchall() == [
        ("CN999000001A", "biblio", "told"),
        ("CN999000003A", "biblio", "none"),
    ]
    conn.close()
