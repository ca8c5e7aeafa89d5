"""Rows as they shouldn't be: each is counted or stands in the reject file with its reason."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from photos.engine import open_engine
from photos.load import load
from photos.rejects import Rejects
from photos.tracking import Track
from tests.photos.conftest import Desk
from tests.photos.rows import row, table, write


def test_every_line_is_accounted_for(desk: Desk, tmp_path: Path) -> None:
    lines = [table([row(n)]).rstrip(b"\n") for n in range(14)]
    lines[1] = b"\t".join(lines[1].split(b"\t")[:10])
    lines[2] += b"\r"
    lines[3] = table([row(3, text="x" * 2_000_000)]).rstrip(b"\n")
    lines[4] = lines[4].replace(b"A+title", b"A\0title")
    lines[5] = lines[5].replace(b"caf%C3%A9", b"%zz,100%,%C3")
    lines[6] = lines[6].replace(b"A+title", b'\xff\xfe "quoted')
    lines[7] = b""
    lines[8] += b"\tmore"
    lines[9] = table([row(9, text="x" * 17 * 1024**2)]).rstrip(b"\n")
    lines[10] = table([row(10, photo="12x")]).rstrip(b"\n")
    lines[11] = table([row(11, owner="somebody")]).rstrip(b"\n")
    lines[12] = table([row(12, kind="2")]).rstrip(b"\n")
    (tmp_path / "nasty.tsv").write_bytes(b"\n".join(lines))
    found = desk.audit(tmp_path / "nasty.tsv")
    assert desk.rejects() == [
        ("2", "10 fields in place of 25"), ("5", "NUL byte"), ("8", "blank line"),
        ("9", "26 fields in place of 25"),
        ("10", "line of more than 16 MiB"),
        ("11", "photo id is no number"), ("12", "owner is no NSID"), ("13", "marker is neither 0 nor 1"),
    ]  # fmt: skip
    assert found["figures"]["n_items"] + len(desk.rejects()) == len(lines)
    assert found["rejected"]["NUL byte"] == 1
    assert found["figures"]["n_distinct_tags"] == 5


def test_a_file_with_windows_line_ends_is_read(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "crlf.tsv").write_bytes(table(row(n) for n in range(30)).replace(b"\n", b"\r\n"))
    assert desk.audit(tmp_path / "crlf.tsv")["figures"]["n_items"] == 30


def test_odd_dates_and_places_are_counted_as_such(desk: Desk, tmp_path: Path) -> None:
    rows = [
        row(1, date="1864-01-01 00:00:00.0"),
        row(2, date=""),
        row(3, longitude="-1.0", latitude="-1.0"),
        row(4, longitude="5.0", latitude="52"),
    ]
    found = desk.audit(write(tmp_path / "y", rows))
    assert found["year"] == [["1864", 1], ["2007", 1], ["2008", 1], ["", 1]]
    assert (found["figures"]["n_geotagged"], found["figures"]["n_placeholders"]) == (2, 1)


def test_an_unknown_licence_is_counted_and_not_guessed_from_its_name(desk: Desk, tmp_path: Path) -> None:
    rows = [row(1, **{"licence name": "Attribution License", "licence": "http://example.org/x"}), row(2, licence="")]
    desk.audit(write(tmp_path / "y", rows))
    assert desk.licences() == {"unknown": 1, "unstated": 1, "total": 2, "commercial use not told by the licence": 2}


_FIELD = st.one_of(
    st.sampled_from(["", "0", "1", "x", "12@N00", "10000001@N01", "4000000009", "\0", "\r", '"', "é", " 7", "+5", "1e5", "007"])
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 24), _FIELD), max_size=6), st.booleans())
def test_the_fast_reader_agrees_with_the_careful_one(tmp_path: Path, changes: list[tuple[int, str]], ends: bool) -> None:
    rows = [row(n) for n in range(8)]
    for n, (place, value) in enumerate(changes):
        rows[n][place] = value
    content = table(rows) if ends else table(rows)[:-1]
    told = []
    for name, data in (("fast", content), ("careful", content + (b"" if ends else b"\n") + b"\0\n")):  # NUL sends it to the careful reader
        (tmp_path / name).write_bytes(data)
        with open_engine(tmp_path) as engine, Rejects(tmp_path / "rejects.csv") as rejects:
            load(engine, [tmp_path / name], [], rejects, Track())
            kept = engine.rows("SELECT * FROM photo ORDER BY ALL")
            told.append((kept, rejects.total - (name == "careful")))
    assert told[0] == told[1]
