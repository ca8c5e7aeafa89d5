"""Wrote the databases of released layouts that lie here, as SQL: `python -m tests.trust.old.make`.  Never edit or rewrite a released one.

Each is a database that ends with one migration, holding a little of what a version of then would have written.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlite_utils import Database, Migrations

from db.migrations import MIGRATIONS, statements

HERE = Path(__file__).parent
RELEASED = ("0001_initial", "0002_review", "0004_photos", "0006_harvest", "0007_patents")
T = "'2026-01-0{}T10:00:00Z'"
STORY = f"""
INSERT INTO provider (name) VALUES ('semantic_scholar'), ('import'), ('fulltext'), ('geonames');
INSERT INTO run VALUES (1, 'crawl', '0.1', 'done', NULL, {T.format(1)}, {T.format(1)});
INSERT INTO dataset (slug, name, origin) VALUES ('faces', 'Many Faces', 'user');
INSERT INTO dataset_alias (slug, alias) VALUES ('faces', 'ManyFaces');
INSERT INTO work_group VALUES (1, 1), (2, 2), (3, 3);
INSERT INTO work (work_id, group_id, kind, title, year, provider, title_key, run_id, retrieved_at, authors) VALUES
  (1, 1, 'paper', 'The seed', 2015, 'semantic_scholar', 'theseed', 1, {T.format(1)}, '["Ann Example"]'),
  (2, 2, 'paper', 'It uses β-faces', 2018, 'semantic_scholar', 'itusesβfaces', 1, {T.format(1)}, '["Bo Example"]'),
  (3, 3, 'paper', 'It cites only', 2019, 'semantic_scholar', 'itcitesonly', 1, {T.format(1)}, '[]');
INSERT INTO external_id VALUES ('s2', '{"1" * 40}', 1, 1), ('doi', '10.5555/two', 2, 1), ('doi', '10.5555/three', 3, 1);
INSERT INTO dataset_paper (slug, position, title, s2, work_id) VALUES ('faces', 0, 'The seed', '{"1" * 40}', 1);
INSERT INTO citation VALUES (1, 2, 1), (2, 3, 1);
INSERT INTO citation_sighting (citation_id, provider, url, first_pass, last_pass, run_id, retrieved_at, withdrawn_at) VALUES
  (1, 'semantic_scholar', 'https://x.example', 1, 1, 1, {T.format(1)}, NULL),
  (2, 'semantic_scholar', 'https://x.example', 1, 1, 1, {T.format(1)}, {T.format(2)});
INSERT INTO crawl_list (provider, work_id, pass, state, n_rows, n_new, started_at, completed_at, run_id) VALUES
  ('semantic_scholar', 1, 1, 'done', 2, 2, {T.format(1)}, {T.format(1)}, 1);
INSERT INTO document VALUES ('{"a" * 64}', 'application/pdf', 9, {T.format(1)});
INSERT INTO fulltext (work_id, url, provider, rank, status, sha256) VALUES (2, 'https://x.example/2.pdf', 'import', 0, 'stored', '{"a" * 64}');
INSERT INTO document_state VALUES ('{"a" * 64}', 'read', 'done', NULL, '1', {T.format(1)});
INSERT INTO authorship VALUES (1, 2, 'front matter', 0, 'Bo Example');
INSERT INTO affiliation_string VALUES (1, 'Example University, Leeds', '["example.org"]'), (2, 'Nowhere Institute', '[]');
INSERT INTO affiliation VALUES (1, 2, 'front matter', 0, 1, 1, '{"a" * 64}', '1'), (2, 2, 'front matter', 1, 2, 1, '{"a" * 64}', '1');
INSERT INTO authorship_affiliation VALUES (1, 1);
INSERT INTO mention (work_id, slug, provider, position, alias, quote, version) VALUES (2, 'faces', 'fulltext', 0, 'ManyFaces', 'We train on ManyFaces.', '1');
INSERT INTO use_score VALUES (2, 'faces', 0.9, '[]', '1');
INSERT INTO institution VALUES ('https://ror.org/0aaaaaa01', 'Example University', 'GB', 'Leeds', 53.8, -1.5, 'academic', 'active', 'v1');
INSERT INTO string_state (string_id, status, version, gazetteer, updated_at) VALUES (1, 'matched', '1', 'v1', {T.format(1)}), (2, 'none', '1', 'v1', {T.format(1)});
INSERT INTO string_match (string_id, position, ror_id, score, method) VALUES (1, 0, 'https://ror.org/0aaaaaa01', 0.95, 'alias');
INSERT INTO reviewer (reviewer_id, name, pseudonym, added_at) VALUES (1, 'Ann Private', 'reviewer-1', {T.format(1)});
INSERT INTO place_decision (string_id, ror_id, reviewer_id, decided_at) VALUES (1, 'https://ror.org/0aaaaaa01', 1, {T.format(3)}), (2, NULL, 1, {T.format(3)});
INSERT INTO label (label_id, work_id, slug, reviewer_id, label, purposes, note, labelled_at) VALUES
  (1, 2, 'faces', 1, 'not_used', '[]', NULL, {T.format(3)}), (2, 2, 'faces', 1, 'used', '["train"]', 'table 4', {T.format(4)});
INSERT INTO decision (work_id, slug, label, purposes, reason, reviewer_id, decided_at) VALUES (2, 'faces', 'used', '["train"]', 'single reviewer', 1, {T.format(4)});
"""  # noqa: E501


def make(last: str) -> str:
    """The SQL of a database whose newest migration is ``last``."""
    db, older = Database(sqlite3.connect(":memory:", isolation_level=None)), Migrations("whereused")
    for name, sql in MIGRATIONS.all_names():
        if name <= last:
            older(name=name)(lambda db, sql=sql: [db.conn.execute(s) for s in statements(sql)])
    older.apply(db)
    db.conn.executescript(STORY)
    if last >= "0002_review":
        db.conn.execute("UPDATE place_decision SET kind = 'none' WHERE ror_id IS NULL")
    db.conn.execute("UPDATE _sqlite_migrations SET applied_at = '2026-01-01'")
    return "\n".join(db.conn.iterdump()) + "\n"


if __name__ == "__main__":
    for name in RELEASED:
        path = HERE / f"{name}.sql"
        if not path.exists():
            path.write_text(make(name), encoding="utf-8")
