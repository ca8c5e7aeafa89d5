"""What a document costs the database does not grow with the number of documents that are stored."""

from __future__ import annotations

from pathlib import Path

from crawler.reading.reader import READER_VERSION
from db.connect import writing
from db.read import save_failure, save_reading
from db.read_plan import load_waiting
from db.read_rows import AffiliationRow, AuthorRow, FrontMatterRows, MentionRow, MentionRows
from tests.reading.world import World

FRONT = FrontMatterRows("A Title", (AuthorRow("Ann Lee", (0,)),), (AffiliationRow("University of Leeds, UK", 1),), READER_VERSION)
PASSAGES = MentionRows((MentionRow("megaface", "MegaFace", "We train on MegaFace.", 2, None, False),), (), "m", None)


def steps_of_one(world: World, n: int) -> tuple[float, int]:
    """(steps of SQLite's machine for the list of what waits, per document; for saving and failing one of them) with ``n`` stored."""
    with writing(world.db):
        for number in range(n):
            work_id = number + 1
            sha256 = f"{number:064x}"
            world.db.conn.execute("INSERT INTO work_group (group_id) VALUES (?)", [work_id])
            world.db.conn.execute(
                "INSERT INTO work (work_id, group_id, kind, title, provider, retrieved_at) VALUES (?1, ?1, 'paper', 't', 'import', 'now')",
                [work_id],
            )
            world.db.conn.execute("INSERT INTO document VALUES (?, 'application/pdf', 1, 'now')", [sha256])
            values = [work_id, f"u:{number}", sha256]
            world.db.conn.execute(
                "INSERT INTO fulltext (work_id, url, provider, rank, status, sha256) VALUES (?, ?, 'import', 0, 'stored', ?)", values
            )
            world.db.conn.execute(
                """INSERT INTO finding (work_id, slug, provider, how, run_id, retrieved_at)
                   VALUES (?, 'megaface', 'import', 'import', ?, 'now')""",
                [work_id, world.run_id],
            )
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    world.db.conn.set_progress_handler(count, 1)
    load_waiting(world.db, ["megaface"], reader=READER_VERSION, mentions="m", again=False)
    waiting, steps = steps / n, 0
    save_reading(world.db, f"{n // 2:064x}", FRONT, PASSAGES, run_id=world.run_id)
    save_failure(world.db, f"{n // 2:064x}", "broken", {"read": READER_VERSION, "mentions": "m"})
    return waiting, steps


def test_a_document_costs_the_same_among_many(tmp_path: Path) -> None:
    (tmp_path / "few").mkdir()
    (tmp_path / "many").mkdir()
    few, many = steps_of_one(World(tmp_path / "few"), 50), steps_of_one(World(tmp_path / "many"), 1000)
    assert many[0] < 1.2 * few[0]
    assert many[1] < 1.2 * few[1]
