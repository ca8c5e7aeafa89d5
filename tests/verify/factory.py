"""A database with works to judge, written row by row as the stages before would leave it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from db.config import Config
from db.connect import Database, now, open_for_writing, writing

SLUG = "faces"
ALIAS = "ManyFaces"


@dataclass
class Scene:
    """Adds rows to one database; each method is one transaction."""

    path: Path
    n: int = 0
    db: Database = field(init=False)

    def __post_init__(self) -> None:
        self.db = open_for_writing(self.path)
        with writing(self.db):
            for provider in ("fulltext", "semantic_scholar", "import"):
                self._add("provider", name=provider)
            self.dataset(SLUG, "ManyFaces", ALIAS, "Many Faces")
        self.seed = self.work(None, found=False)
        with writing(self.db):
            self._add("dataset_paper", slug=SLUG, position=0, title="Work that made the dataset", work_id=self.seed)

    @property
    def config(self) -> Config:
        return Config(db=self.path)

    def _add(self, table: str, **values: Any) -> int:
        sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"
        return int(self.db.conn.execute(sql, list(values.values())).lastrowid or 0)

    def dataset(self, slug: str, name: str, *aliases: str) -> None:
        self._add("dataset", slug=slug, name=name, origin="catalogue")
        for alias in aliases:
            self._add("dataset_alias", slug=slug, alias=alias)

    def work(
        self,
        title: str | None,
        *,
        score: float | None = None,
        year: int | None = 2020,
        mentions: int = 0,
        ids: dict[str, str] | None = None,
        group: int | None = None,
        found: bool = True,
        kind: str = "paper",
    ) -> int:
        """A work found by import, with ``mentions`` passages in its body."""
        self.n += 1
        with writing(self.db):
            group_id = group or self._add("work_group", preferred_work_id=None)
            work = self._add(
                "work", group_id=group_id, kind=kind, title=title, year=year, venue="Venue", provider="semantic_scholar", retrieved_at=now()
            )
            if not group:
                self.db.conn.execute("UPDATE work_group SET preferred_work_id = ? WHERE group_id = ?", [work, group_id])
            for scheme, value in (ids if ids is not None else {"doi": f"10.1234/w{self.n}"}).items():
                self._add("external_id", scheme=scheme, value=value, work_id=work)
            if found:
                self._add("finding", work_id=work, slug=SLUG, provider="import", how="import", retrieved_at=now())
            if score is not None:
                self._add("use_score", work_id=work, slug=SLUG, score=score, reasons=json.dumps(["trained on"]), version="1")
        for _ in range(mentions):
            self.mention(work, f"We test on {ALIAS}, run {_ + 1} of {mentions}.")
        return work

    def mention(self, work: int, quote: str, **values: Any) -> None:
        position = self.db.conn.execute("SELECT count(*) FROM mention WHERE work_id = ?", [work]).fetchone()[0]
        row = {"provider": "fulltext", "alias": ALIAS, "page": 1 + position, "section": "Experiments", "version": "1"} | values
        with writing(self.db):
            self._add("mention", **{"work_id": work, "slug": SLUG, "position": position, "quote": quote, **row})

    def context(self, work: int, text: str, *intents: str) -> None:
        with writing(self.db):
            citation = self._add("citation", citing_work_id=work, cited_work_id=self.seed)
            sighting = {"provider": "semantic_scholar", "url": "https://example.org/list", "retrieved_at": now()}
            self._add("citation_sighting", citation_id=citation, first_pass=1, last_pass=1, **sighting)
            self._add(
                "citation_context", citation_id=citation, provider="semantic_scholar", position=0, text=text, intents=json.dumps(intents)
            )

    def institution(
        self, work: int, text: str, name: str | None, sector: str = "academic", city: str = "Seattle", country: str = "US"
    ) -> None:
        with writing(self.db):
            string = self._add("affiliation_string", text=text)
            position = self.db.conn.execute("SELECT count(*) FROM affiliation WHERE work_id = ?", [work]).fetchone()[0]
            self._add("affiliation", work_id=work, tier="front matter", position=position, string_id=string, version="1")
            if name:
                ror = f"https://ror.org/{string:09d}"
                self._add(
                    "institution", ror_id=ror, name=name, country_code=country, city=city, sector=sector, status="active", gazetteer="test"
                )
                self._add("string_match", string_id=string, position=0, ror_id=ror, score=1.0, method="exact name")

    def pdf(self, work: int, content: bytes = b"%PDF-1.4 test") -> Path:
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.config.files / "pdf" / sha256[:2] / f"{sha256}.pdf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        with writing(self.db):
            self._add("document", sha256=sha256, media_type="application/pdf", bytes=len(content), stored_at=now())
            self._add("fulltext", work_id=work, url="file:x", provider="import", rank=0, status="stored", sha256=sha256)
            self.db.conn.execute("UPDATE mention SET sha256 = ? WHERE work_id = ?", [sha256, work])
        return path

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.db.conn.execute(sql, values).fetchall()

    def standing(self) -> list[tuple[str, str, list[str]]]:
        """(title, label, purposes) of the labels that count, in the order of the works."""
        rows = self.rows(
            "SELECT w.title, l.label, l.purposes FROM standing_label l JOIN work w USING (work_id) ORDER BY w.work_id, l.round"
        )
        return [(title, label, json.loads(purposes)) for title, label, purposes in rows]

    def decision(self, work: int) -> tuple[str, str, str] | None:
        """(label, purposes, reason) of the latest decision on a work or its versions."""
        found = self.rows(
            "SELECT d.label, d.purposes, d.reason FROM decision d JOIN work w USING (work_id) WHERE w.group_id = "
            "(SELECT group_id FROM work WHERE work_id = ?) ORDER BY decision_id DESC LIMIT 1",
            work,
        )
        return found[0] if found else None
