"""What happens in the databases of the tests of publishing: each story one kind of work."""

from __future__ import annotations

from tests.publish.writer import DAY, Rows

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


def _second_source(rows: Rows) -> None:
    """Of no dataset: a second work that prints the laboratory, without which a military place stays off the map."""
    rows.work("elsewhere", title="Of no dataset", year=2020, doi="10.5555/e1")
    rows.affiliated("elsewhere", "Example Defence Laboratory")


STORIES = (_used_twice, _candidate, _date_line, _withdrawn, _nowhere, _unsure, _decided_otherwise, _other_dataset, _second_source)
