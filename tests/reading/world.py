"""A database with stored documents, as crawl and import leave them."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from db.config import Config
from db.connect import open_for_writing, writing
from db.fulltexts import StoredFile
from db.records import ProviderFacts, WorkRecord
from db.runs import save_run_start
from db.works import save_finding, save_provider, save_work
from tests.reading.pages import Sheet


class World:
    """The database of one test, and its folder of files."""

    def __init__(self, folder: Path) -> None:
        self.config = Config(db=folder / "w.db", verbosity=-1)
        self.db = open_for_writing(self.config.db)
        self.run_id = save_run_start(self.db, "import", "test")
        with writing(self.db):
            for name in ("semantic_scholar", "import"):
                save_provider(self.db, ProviderFacts(name))
            for slug in ("megaface", "lfw"):
                self.db.conn.execute("INSERT INTO dataset (slug, name, origin) VALUES (?, ?, 'catalogue')", [slug, slug])
            self.db.conn.executemany("INSERT INTO dataset_alias VALUES (?, ?, 0)", [("megaface", "MegaFace"), ("lfw", "LFW")])

    def work(self, name: str, *, title: str | None = None, provider: str = "import", slug: str = "megaface") -> int:
        """A work known by this file name (or this corpus id)."""
        scheme = "file" if provider == "import" else "corpus"
        with writing(self.db):
            work_id = save_work(self.db, WorkRecord(title=title, ids=((scheme, name),)), provider=provider, run_id=self.run_id)
            save_finding(self.db, work_id, slug, provider="import", how="import", url=None, run_id=self.run_id)
        return work_id

    def document(self, work_id: int, data: bytes, *, rank: int = 0) -> str:
        """A stored full text of a work; the hash of its bytes."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.config.files / "pdf" / sha256[:2] / f"{sha256}.pdf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        file = StoredFile(sha256, len(data))
        with writing(self.db):
            self.db.conn.execute("INSERT OR IGNORE INTO document VALUES (?, ?, ?, 'now')", [sha256, file.media_type, file.n_bytes])
            self.db.conn.execute(
                "INSERT INTO fulltext (work_id, url, provider, rank, status, sha256) VALUES (?, ?, 'import', ?, 'stored', ?)",
                [work_id, f"file:{sha256}", rank, sha256],
            )
        return sha256

    def rows(self, sql: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query, on a connection of its own."""
        conn = sqlite3.connect(self.config.db)
        try:
            return conn.execute(sql, list(values)).fetchall()
        finally:
            conn.close()


def paper(title: str, *, author: str = "Ann Lee", place: str = "University of Leeds, UK", sentence: str = "We train on MegaFace.") -> bytes:
    """A paper of two pages."""
    sheet = Sheet().title(title).text(297, 120, f"{author}^(1)", centred=True).text(297, 140, f"^(1){place}", centred=True).body(180)
    sheet.new_page().text(70, 80, "3 Experiments", size=13, font="Times-Bold").text(70, 100, sentence)
    return sheet.pdf()
