"""Databases for the tests of publishing: real rows in a real file, whose times and contents never change.

Rows refer to each other by names, never by row ids, so that the same content can be written in any order.
The works and institutions are made up and say so.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from db.connect import Database, open_for_writing, writing

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

    def place(self, key: str, name: str, country: str, lat: float | None, lon: float | None, granularity: str) -> None:
        """A city, region or country."""
        self.insert(
            "place", provider="geonames", provider_key=key, name=name, country_code=country, latitude=lat, longitude=lon,
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


def fill_base(rows: Rows) -> None:
    """Providers, runs, reviewers, datasets."""
    rows.insert(
        "provider",
        name="semantic_scholar",
        licence="ODC-BY-1.0",
        attribution="Citations: Semantic Scholar",
        terms="https://example.org/terms",
    )
    rows.insert("provider", name="arxiv")
    rows.insert("provider", name="import")
    rows.insert("provider", name="fulltext")
    rows.insert("provider", name="geonames", licence="CC-BY-4.0", attribution="Cities: GeoNames, https://www.geonames.org")
    for run, command in enumerate(("crawl", "import", "geocode"), 1):
        rows.insert("run", run_id=run, command=command, version="0.1", status="done", started_at=DAY.format(run), ended_at=DAY.format(run))
    rows.insert("reviewer", reviewer_id=1, name="private name one", pseudonym="reviewer-a", added_at=DAY.format(1))
    rows.insert("reviewer", reviewer_id=2, name="private name two", pseudonym="reviewer-b", added_at=DAY.format(1))
    rows.dataset(
        "alpha",
        "Alpha Faces",
        year=2015,
        institution="Example Institute",
        homepage="https://example.org/alpha",
        notes="A made-up dataset.",
        home_city="Seattle",
        home_country_code="US",
        home_latitude=47.6,
        home_longitude=-122.3,
    )
    rows.dataset("beta", "Beta Faces", year=2017)
    rows.dataset("gamma", "Gamma Faces", year=2018)
    rows.insert("dataset_figure", slug="alpha", name="photos", value=3_311_471)
    rows.insert("dataset_ancestor", slug="beta", ancestor="alpha")
    paging = {"pass": 1, "state": "done", "reported_count": 20, "n_rows": 12, "started_at": DAY.format(1), "completed_at": DAY.format(1)}
    rows.insert("crawl_list", provider="semantic_scholar", work_id=rows.works["alpha paper"], **paging)


HOSTILE = '<script>document.title="fired"</script><img src=x onerror=alert(1)> "A" & \u202eB </script> =1+1'


def fill_places(rows: Rows) -> None:
    """Institutions, two of them at one point and two on either side of the 180th meridian, and coarser places."""
    rows.institution("0aaaaaa01", "Example University", "US", 47.65, -122.30)
    rows.institution("0aaaaaa02", "Example Company", "US", 47.65, -122.30, "commercial")
    rows.institution("0aaaaaa03", "Example Date Line College", "FJ", -16.5, 179.99)
    rows.institution("0aaaaaa04", "Example Defence Laboratory", "NZ", -44.0, -179.99, "military")
    rows.institution("0aaaaaa05", "Example Ministry", "CN", 39.9, 116.4, "government")
    rows.institution("0aaaaaa06", "Example Clinic", "DE", 52.5, 13.4, "healthcare")
    rows.institution("0aaaaaa07", "Example Institute without a Point", "CH", None, None, "nonprofit")
    rows.institution("0aaaaaa08", "Example Unsure College", "GB", 51.5, -0.1)
    rows.institution("0aaaaaa09", "Example Reviewed College", "FR", 48.8, 2.3)
    rows.place("1", "Example City", "JP", 35.7, 139.7, "city")
    rows.place("2", "Example Country", "BR", -10.0, -55.0, "country")
    rows.string("Example University, Seattle", "0aaaaaa01")
    rows.string("Ex. Univ.", "0aaaaaa01", score=0.7, method="similar name")
    rows.string("Example Company Ltd", "0aaaaaa02")
    rows.string("Example Date Line College", "0aaaaaa03", score=0.5, method="exact name")
    rows.string("Example Defence Laboratory", "0aaaaaa04")
    rows.string("Example Ministry", "0aaaaaa05")
    rows.string("Example Clinic", "0aaaaaa06")
    rows.string("Example Institute without a Point", "0aaaaaa07")
    rows.string("Unsure College?", "0aaaaaa08", score=0.6, method="similar name")
    rows.string("Reviewed College?", "0aaaaaa09", score=0.6, method="similar name")
    rows.string("Somewhere in Example City", place="1", score=0.85, method="city")
    rows.string("Somewhere in Brazil", place="2", score=0.5, method="country")
    rows.string("Nowhere at all, mail someone.there@example.org")
    reviewed = {"ror_id": "https://ror.org/0aaaaaa09", "reviewer_id": 1, "decided_at": DAY.format(4)}
    rows.insert("place_answer", string_id=rows.strings["Reviewed College?"], **reviewed)


def _used_twice(rows: Rows) -> None:
    """A preprint and its published version: one work, verified, at two institutions of one point."""
    rows.work(
        "published",
        title="Faces at scale",
        year=2018,
        venue="Conference on Examples",
        doi="10.5555/pub_1",
        authors=["Ada Exämple", "Bo Sample"],
    )
    rows.work("preprint", group="published", title="Faces at scale (preprint)", year=2017, arxiv="1801.00001", s2="a" * 40)
    rows.cites("published", "alpha")
    rows.cites("preprint", "alpha")
    rows.fulltext("preprint")
    rows.affiliated("published", "Example University, Seattle", "Example Company Ltd")
    rows.affiliated("preprint", "Ex. Univ.")
    rows.mention("preprint", "alpha", "Alpha Faces is a dataset.", page=1)
    rows.mention("preprint", "alpha", "We train on Alpha Faces, ask first.author@example.edu.", page=4, position=2)
    rows.mention("preprint", "beta", "Beta Faces [3]", page=9, in_references=1)
    rows.insert("use_score", work_id=rows.works["preprint"], slug="alpha", score=0.9, reasons=["trains"], version="1")
    rows.decide("preprint", "alpha", "used", purposes=("train", "test"))
    rows.label("published", "alpha", "used", reviewer=2, purposes=("train",))


def _candidate(rows: Rows) -> None:
    rows.work(
        "candidate",
        title=HOSTILE,
        year=2019,
        venue="=cmd|' /C calc'!A0",
        s2="b" * 40,
        url="javascript:alert(1)",
        authors=["Mallory {Example"],
    )
    rows.cites("candidate", "alpha", context="They cite Alpha Faces [7] in a <b>sentence</b>.")
    rows.affiliated("candidate", "Example Ministry", "Unsure College?")


def _date_line(rows: Rows) -> None:
    rows.work("east", title="East of the line", year=2020, doi="10.5555/east;1", authors=["Ada Exämple"])
    rows.cites("east", "alpha")
    rows.affiliated("east", "Example Date Line College", "Example Defence Laboratory")
    rows.fulltext("east", read=False)
    rows.decide("east", "alpha", "used", purposes=("test",))


def _withdrawn(rows: Rows) -> None:
    """Withdrawn: one verified, which stays, and one not, which goes."""
    rows.work("withdrawn used", title="Withdrawn but verified", year=2021, doi="10.5555/w1")
    rows.cites("withdrawn used", "alpha", withdrawn=True)
    rows.affiliated("withdrawn used", "Example Clinic")
    rows.decide("withdrawn used", "alpha", "used", purposes=("validate",))
    rows.work("withdrawn", title="Withdrawn", year=2021, doi="10.5555/w2")
    rows.cites("withdrawn", "alpha", withdrawn=True)
    rows.affiliated("withdrawn", "Example Clinic")


def _nowhere(rows: Rows) -> None:
    rows.work("patent", kind="patent", title="Method for recognising examples", year=2018, publication_number="CN000000001A")
    rows.imported("patent", "alpha")
    rows.decide("patent", "alpha", "used", purposes=("embodiment",))
    rows.work("null row", title="A row without any id", year=None, row="f" * 32)
    rows.cites("null row", "alpha")
    rows.affiliated("null row", "Nowhere at all, mail someone.there@example.org")
    rows.work("coarse", title="Known by its country", year=2016, file="coarse.pdf")
    rows.imported("coarse", "alpha")
    rows.affiliated("coarse", "Somewhere in Brazil", "Example Institute without a Point")
    rows.decide("coarse", "alpha", "used")


def _unsure(rows: Rows) -> None:
    """Verified uses at a doubtful place, at a reviewed place, and at a city."""
    rows.work("unsure", title="Used, but where?", year=2019, doi="10.5555/u1")
    rows.cites("unsure", "alpha")
    rows.affiliated("unsure", "Unsure College?")
    rows.decide("unsure", "alpha", "used")
    rows.work("reviewed", title="Used at a reviewed place", year=2019, doi="10.5555/u2")
    rows.cites("reviewed", "alpha")
    rows.affiliated("reviewed", "Reviewed College?", "Somewhere in Example City")
    rows.decide("reviewed", "alpha", "used")


def _decided_otherwise(rows: Rows) -> None:
    rows.work("reopened", title="Decided, then reopened", year=2019, doi="10.5555/r1")
    rows.cites("reopened", "alpha")
    rows.affiliated("reopened", "Example University, Seattle")
    rows.decide("reopened", "alpha", "used")
    rows.decide("reopened", "alpha", "open", at=DAY.format(5))
    rows.work("not used", title="Cites it only", year=2020, doi="10.5555/n1")
    rows.cites("not used", "alpha")
    rows.affiliated("not used", "Example University, Seattle")
    rows.decide("not used", "alpha", "not_used")
    rows.work("wrong", title="Another work altogether", year=2020, doi="10.5555/x1")
    rows.cites("wrong", "alpha")
    rows.affiliated("wrong", "Example Clinic")
    rows.decide("wrong", "alpha", "wrong_work")
    rows.work("taken back", title="Label taken back", year=2020, doi="10.5555/t1")
    rows.cites("taken back", "alpha")
    rows.label("taken back", "alpha", "used", reviewer=2)
    rows.label("taken back", "alpha", "retracted", reviewer=2)


def _other_dataset(rows: Rows) -> None:
    rows.work("beta work", title="Only candidates here", year=2022, doi="10.5555/b1")
    rows.cites("beta work", "beta")
    rows.affiliated("beta work", "Example Company Ltd")


STORIES = (_used_twice, _candidate, _date_line, _withdrawn, _nowhere, _unsure, _decided_otherwise, _other_dataset)


def build(path: Path, *, backwards: bool = False) -> Path:
    """The database of the tests; ``backwards`` writes the same content in another order, so that row ids differ."""
    db = open_for_writing(path)
    with writing(db):
        rows = Rows(db)
        fill_base(rows)
        fill_places(rows)
        for story in reversed(STORIES) if backwards else STORIES:
            story(rows)
    db.close()
    return path
