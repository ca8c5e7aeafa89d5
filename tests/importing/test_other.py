"""Other uses: press and product pages, by a table with URL, date, organisation and quote."""

from __future__ import annotations

from pathlib import Path

from crawler.importing.entry import Problem
from crawler.importing.other import OtherUse, is_other_table, parse_other
from tests.importing.files import query, run_import

TABLE = """URL,Date,Organisation,Quote,Title
https://News.example.org/faces,2019-10-11,The Example Times,"Photos of children went into MegaFace, a database of faces.",How photos travel
https://news.example.org/faces,2019-10-11,The Example Times,The database was used by hundreds.,How photos travel
https://vendor.example.com/product,2017,Example Vision GmbH,Ranked first in the MegaFace challenge.,
not an address,2018,Someone,A quote.,
https://empty.example.org/,2018,,,
"""


def test_rows_and_problems() -> None:
    found = list(parse_other(TABLE, name="uses.csv"))
    uses = [row for row in found if isinstance(row, OtherUse)]
    assert [(use.url, use.year, use.day) for use in uses] == [
        ("https://news.example.org/faces", 2019, "2019-10-11"),
        ("https://news.example.org/faces", 2019, "2019-10-11"),
        ("https://vendor.example.com/product", 2017, None),
    ]
    assert [str(row) for row in found if isinstance(row, Problem)] == [
        "uses.csv line 5: 'not an address' is no web address; left out",
        "uses.csv line 6: neither a quote nor an organisation; left out",
    ]


def test_such_a_table_is_recognised() -> None:
    assert is_other_table(TABLE)
    assert is_other_table("date;link;company;evidence\n")
    assert not is_other_table("title,doi,url\n")


def test_import_and_again(tmp_path: Path) -> None:
    file, db = tmp_path / "uses.csv", tmp_path / "w.db"
    file.write_text(TABLE)
    for _ in range(2):  # a second time changes nothing
        done = run_import(db, file)
        assert done.returncode == 0, done.stderr
        assert query(db, "SELECT kind, title, year, publication_date, venue FROM work ORDER BY work_id") == [
            ("other", "How photos travel", 2019, "2019-10-11", "The Example Times"),
            ("other", "https://vendor.example.com/product", 2017, None, "Example Vision GmbH"),
        ]
        assert query(db, "SELECT alias, quote, provider FROM mention ORDER BY work_id, position") == [
            ("MegaFace", "Photos of children went into MegaFace, a database of faces.", "import"),
            ("MegaFace", "The database was used by hundreds.", "import"),
            ("MegaFace challenge", "Ranked first in the MegaFace challenge.", "import"),
        ]
        assert query(db, "SELECT a.tier, s.text FROM affiliation a JOIN affiliation_string s USING (string_id) ORDER BY 2") == [
            ("import", "Example Vision GmbH"), ("import", "The Example Times"),
        ]  # fmt: skip
        assert query(db, "SELECT slug, how, url FROM finding") == [("megaface", "import", "uses.csv")] * 2


def test_a_table_without_addresses_says_so(tmp_path: Path) -> None:
    file = tmp_path / "uses.csv"
    file.write_text("organisation,quote\nA,B\n")
    done = run_import(tmp_path / "w.db", file, "--format", "other")
    assert done.returncode == 1
    assert "no column URL" in done.stderr and "Traceback" not in done.stderr
