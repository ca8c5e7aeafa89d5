"""Writes rows for the tests of publishing, whose times and contents never change.

Rows refer to each other by names, never by row ids, so that the same content can be written in any order.
The works and institutions are made up and say so.
"""

from __future__ import annotations

import json
from typing import Any

from db.connect import Database

DAY = "2026-03-{:02d}T10:00:00Z"
SECTORS = ("academic", "commercial", "government", "military", "nonprofit", "healthcare", "other")


class Rows:
    """Writes rows under names and remembers which row id each name got."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.works: dict[str, int] = {}
        self.groups: dict[str, int] = {}
        self.strings: dict[str, int] = {}

    def insert(self, table: str, **values: Any) -> int:
        """One row; lists become JSON."""
        cells = [json.dumps(value) if isinstance(value, (list, dict)) else value for value in values.values()]
        marks = ", ".join("?" * len(cells))
        cursor = self.db.conn.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", cells)
        return int(cursor.lastrowid or 0)

    def dataset(self, slug: str, name: str, **values: Any) -> None:
        """A dataset with one paper, which is a work of its own."""
        self.insert("dataset", slug=slug, name=name, origin="catalogue", **values)
        self.insert("dataset_alias", slug=slug, alias=name)
        self.work(f"{slug} paper", title=f"{name}: the paper that made it", year=2015, doi=f"10.5555/{slug}")
        self.insert(
            "dataset_paper", slug=slug, position=1, title=f"{name}: the paper that made it", year=2015,
            doi=f"10.5555/{slug}", work_id=self.works[f"{slug} paper"],
        )  # fmt: skip

    def work(self, name: str, *, group: str | None = None, authors: list[str] | None = None, **values: Any) -> int:
        """A work with its ids; ``group`` is the name of another version of it."""
        ids = {
            scheme: values.pop(scheme) for scheme in ("s2", "doi", "arxiv", "file", "publication_number", "url", "row") if scheme in values
        }
        group_id = self.groups[group] if group else self.insert("work_group", preferred_work_id=None)
        row = {"kind": "paper", "title": name, "provider": "semantic_scholar", "run_id": 1, "retrieved_at": DAY.format(1)} | values
        work_id = self.insert("work", group_id=group_id, authors=authors or [], **row)
        self.works[name], self.groups[name] = work_id, group_id
        if not group:
            self.db.conn.execute("UPDATE work_group SET preferred_work_id = ? WHERE group_id = ?", [work_id, group_id])
        for scheme, value in ids.items():
            self.insert("external_id", scheme=scheme, value=value, work_id=work_id)
        return work_id

    def cites(self, name: str, slug: str, *, withdrawn: bool = False, context: str | None = None, run: int = 1) -> None:
        """The work cites the dataset's paper, as Semantic Scholar shows it."""
        citation_id = self.insert("citation", citing_work_id=self.works[name], cited_work_id=self.works[f"{slug} paper"])
        self.insert(
            "citation_sighting", citation_id=citation_id, provider="semantic_scholar", url=f"https://api.example.org/paper/{slug}/citations",
            first_pass=1, last_pass=1, run_id=run, retrieved_at=DAY.format(run), withdrawn_at=DAY.format(5) if withdrawn else None,
        )  # fmt: skip
        if context:
            self.insert("citation_context", citation_id=citation_id, provider="semantic_scholar", position=1, text=context)

    def imported(self, name: str, slug: str) -> None:
        """The work came from a file of the user's."""
        self.insert("finding", work_id=self.works[name], slug=slug, provider="import", how="import", run_id=2, retrieved_at=DAY.format(2))

    def fulltext(self, name: str, *, read: bool = True) -> None:
        """A stored full text."""
        sha256 = f"{abs(hash_of(name)):064x}"
        self.insert("document", sha256=sha256, media_type="application/pdf", bytes=1000, stored_at=DAY.format(2))
        self.insert(
            "fulltext", work_id=self.works[name], url=f"https://example.org/{sha256[:8]}.pdf", provider="arxiv", rank=0, status="stored",
            sha256=sha256, licence="CC-BY-4.0", run_id=2, retrieved_at=DAY.format(2),
        )  # fmt: skip
        if read:
            self.insert("document_state", sha256=sha256, stage="read", status="done", version="1", updated_at=DAY.format(2))

    def institution(self, key: str, name: str, country: str, lat: float | None, lon: float | None, sector: str = "academic") -> None:
        """A record of the registry."""
        self.insert(
            "institution", ror_id=f"https://ror.org/{key}", name=name, country_code=country, city=f"City of {name}", latitude=lat,
            longitude=lon, sector=sector, status="active", gazetteer="test 1.0",
        )  # fmt: skip

    def place(
        self, key: str, name: str, country: str, lat: float | None, lon: float | None, granularity: str, provider: str = "geonames"
    ) -> None:
        """A city, region or country, or an institution that a service found."""
        self.insert(
            "place", provider=provider, provider_key=key, name=name, country_code=country, latitude=lat, longitude=lon,
            granularity=granularity,
        )  # fmt: skip

    def string(self, text: str, ror: str | None = None, *, place: str | None = None, score: float = 0.95, method: str = "alias") -> None:
        """An affiliation string and where it leads."""
        self.strings[text] = self.insert("affiliation_string", text=text)
        status = "matched" if ror else "placed" if place else "none"
        reason = None if ror else "no institution of that name"
        self.insert(
            "string_state", string_id=self.strings[text], status=status, reason=reason, version="2", gazetteer="test 1.0",
            updated_at=DAY.format(3),
        )  # fmt: skip
        if not ror and not place:
            return
        row = self.db.conn.execute("SELECT place_id FROM place WHERE provider_key = ?", [place]).fetchone()
        self.insert(
            "string_match", string_id=self.strings[text], position=1, ror_id=f"https://ror.org/{ror}" if ror else None,
            place_id=row[0] if row else None, score=score, method=method,
        )  # fmt: skip

    def affiliated(self, name: str, *texts: str) -> None:
        """The strings that a work prints."""
        for position, text in enumerate(texts, 1):
            self.insert(
                "affiliation", work_id=self.works[name], tier="front matter", position=position, string_id=self.strings[text], page=1,
                version="1",
            )  # fmt: skip

    def mention(self, name: str, slug: str, quote: str, *, page: int = 3, in_references: int = 0, position: int = 1) -> None:
        """A passage of the full text."""
        self.insert(
            "mention", work_id=self.works[name], slug=slug, provider="fulltext", position=position, alias=slug, quote=quote, page=page,
            section="Experiments", in_references=in_references, version="1",
        )  # fmt: skip

    def label(self, name: str, slug: str, label: str, *, reviewer: int = 1, purposes: tuple[str, ...] = ()) -> None:
        """A reviewer's verdict."""
        self.insert(
            "label",
            work_id=self.works[name],
            slug=slug,
            reviewer_id=reviewer,
            label=label,
            purposes=list(purposes),
            labelled_at=DAY.format(4),
        )

    def decide(self, name: str, slug: str, label: str, *, purposes: tuple[str, ...] = (), at: str = DAY.format(4)) -> None:
        """A label of the first reviewer and the final decision that follows from it."""
        if label != "open":
            self.label(name, slug, label, purposes=purposes)
        self.insert(
            "decision", work_id=self.works[name], slug=slug, label=label, purposes=list(purposes), reason="single reviewer", reviewer_id=1,
            decided_at=at,
        )  # fmt: skip


def hash_of(text: str) -> int:
    """A number that is the same in every process."""
    return int.from_bytes(text.encode()[:16].ljust(16, b"\0"), "big")
