"""`whereused import` of patents, as a user calls it: every format, families, assignees, passages, and what is no patent."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from tests.importing.files import count, query
from tests.importing.files import run_import as run_import_alone
from tests.patents import files
from tests.patents.here import run_import


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "w.db"


def families(db: Path) -> set[frozenset[str]]:
    rows = query(db, "SELECT group_id, value FROM work JOIN external_id USING (work_id) WHERE scheme = 'publication_number'")
    return {frozenset(value for group, value in rows if group == one) for one, _ in rows}


def assignees(db: Path) -> set[tuple[str, str]]:
    sql = """SELECT e.value, s.text FROM affiliation a JOIN affiliation_string s USING (string_id) JOIN external_id e USING (work_id)
              WHERE a.tier = 'assignee' AND e.scheme = 'publication_number'"""
    return set(query(db, sql))


def hows(db: Path) -> set[tuple[str, str, str]]:
    sql = "SELECT e.value, f.provider, f.how FROM finding f JOIN external_id e USING (work_id) WHERE e.scheme = 'publication_number'"
    return set(query(db, sql))


def test_google_csv(db: Path) -> None:
    done = run_import_alone(db, write(db.parent, "gp-search.csv", files.GOOGLE))
    assert (done.returncode, done.stdout) == (0, "")
    assert "3 works for megaface, 3 of them new; 3 patent families; 0 passages naming it" in done.stderr
    assert ("US9900001B2", "Example Vision Co., Ltd.") in assignees(db)
    assert ("US9900001B2", "Sample Optics, Inc.") in assignees(db)
    assert ("CN999000001A", "例视科技有限公司, China") in assignees(db)
    assert query(db, "SELECT kind, year, publication_date, authors FROM work WHERE title = 'Face matcher' ORDER BY year") == [
        ("patent", 2017, "2017-07-13", "[]"),
        ("patent", 2018, "2018-02-20", "[]"),
    ]
    assert query(db, "SELECT count(*) FROM patent_party WHERE role = 'inventor'") == [(0,)]  # persons are not kept


def test_lens_csv_tells_citations_and_families(db: Path) -> None:
    run_import(db, write(db.parent, "gp-search.csv", files.GOOGLE))
    done = run_import(db, write(db.parent, "lens-export.csv", files.LENS))
    assert done.returncode == 0, done.stderr
    assert frozenset({"US9900001B2", "US20170199999A1"}) in families(db)
    assert ("US9900001B2", "lens", "npl citation") in hows(db)
    assert ("EP3999991A1", "lens", "npl citation") not in hows(db)
    assert query(db, "SELECT slug, section, in_references FROM mention") == [("megaface", "non-patent citation 1", 1)]
    assert query(db, "SELECT value FROM external_id WHERE scheme = 'lens' ORDER BY 1") == [
        ("111-222-333-444-555",),
        ("111-222-333-444-55X",),
    ]


def test_espacenet_csv_and_xlsx_say_the_same(db: Path) -> None:
    first = run_import(db, write(db.parent, "espacenet.csv", files.ESPACENET))
    assert first.returncode == 0, first.stderr
    assert "2 works for megaface, 2 of them new; 2 patent families" in first.stderr
    assert {("US20170199999A1", "EXAMPLE VISION CO LTD, South Korea"), ("EP3999991A1", "MUSTERWERK GMBH, Germany")} <= assignees(db)
    before = [count(db, table) for table in ("work", "affiliation_string", "patent")]
    second = run_import(db, files.write_xlsx(db.parent / "espacenet.xlsx"))
    assert second.returncode == 0, second.stderr
    assert "2 works for megaface, 0 of them new" in second.stderr
    assert [count(db, table) for table in ("work", "affiliation_string", "patent")] == before
    assert query(db, "SELECT docdb_family_id FROM patent ORDER BY 1") == [("59000001",), ("73000001",)]


def test_a_list_of_numbers(db: Path) -> None:
    done = run_import(db, write(db.parent, "list.txt", files.NUMBERS), "--format", "patent-numbers")
    assert done.returncode == 0
    assert "'not a number' is no publication number" in done.stderr
    assert families(db) == {frozenset({n}) for n in ("US9900001B2", "CN999000001A", "EP3999991A1")}


def test_a_list_of_numbers_is_told_by_its_content(db: Path) -> None:
    assert run_import(db, write(db.parent, "list.txt", "US 9,900,001 B2\nWO 98/50423 A1\n")).returncode == 0
    assert families(db) == {frozenset({"US9900001B2"}), frozenset({"WO1998050423A1"})}


def test_application_and_grant_with_one_number_are_one_family(db: Path) -> None:
    run_import(db, write(db.parent, "list.txt", "CN108999999A\nCN108999999B\nEP3999991\nEP3999991A1\nJPS6012345A\nJPS6012345B2\n"))
    assert frozenset({"CN108999999A", "CN108999999B"}) in families(db)
    assert frozenset({"EP3999991", "EP3999991A1"}) in families(db)
    assert frozenset({"JPS6012345A"}) in families(db)  # another invention than JPS6012345B2


def test_bigquery_result_brings_passages(db: Path) -> None:
    done = run_import(db, write(db.parent, "result.csv", files.BIGQUERY))
    assert "3 works for megaface, 3 of them new; 2 patent families; 2 passages naming it" in done.stderr
    assert set(query(db, "SELECT alias, quote FROM mention")) == {
        ("MegaFace", "本发明在MegaFace数据集上测试。"),
        ("MegaFace", "The network was trained on the MegaFace dataset."),
    }
    assert ("CN999000001A", "google_patents_bigquery", "text") in hows(db)
    assert query(db, "SELECT count(*) FROM use_score WHERE slug = 'megaface'") == [(2,)]


def test_a_folder_of_saved_pages(db: Path) -> None:
    folder = db.parent / "pages"
    folder.mkdir()
    members = ("CN999000001A", "US20170199999A1")
    npl = "KEMELMACHER: <a href='x'>The MegaFace Benchmark: 1 Million Faces for Recognition at Scale</a>, 2016"
    write(
        folder,
        "a.html",
        files.page("CN999000001A", family=62, members=members, description="在Mega<br>Face数据集上测试。", current="New Owner Ltd"),
    )
    write(folder, "b.html", files.page("US20170199999A1", family=62, members=members, npl=npl))
    write(folder, "c.html", files.CHALLENGE)
    done = run_import(db, folder)
    assert done.returncode == 0, done.stderr
    assert "c.html: a captcha or consent page, no patent; open it in a browser and save it again" in done.stderr
    assert "2 works for megaface, 2 of them new; 1 patent family; 2 passages naming it; 1 entry left out" in done.stderr
    assert families(db) == {frozenset(members)}
    assert query(db, "SELECT quote, translation, section, in_references FROM mention ORDER BY in_references") == [
        ("在MegaFace数据集上测试。", "The collection is used.", "description, paragraph 0045", 0),
        ("KEMELMACHER: The MegaFace Benchmark: 1 Million Faces for Recognition at Scale, 2016", None, "non-patent citation 1", 1),
    ]
    assert assignees(db) == {(number, "Example Vision Co Ltd") for number in members}
    assert ("CN999000001A", "google_patents", "text") in hows(db)
    assert ("US20170199999A1", "google_patents", "npl citation") in hows(db)
    assert {row[0] for row in query(db, "SELECT name FROM patent_party WHERE role = 'current assignee'")} == {"New Owner Ltd"}
    assert count(db, "patent_family_member") == 2


def test_pages_alone_that_are_no_patents_end_with_1(db: Path) -> None:
    done = run_import(db, write(db.parent, "x.html", files.CHALLENGE))
    assert done.returncode == 1
    assert "nothing usable came in" in done.stderr
    assert count(db, "work") == 0


def test_importing_again_changes_nothing(db: Path) -> None:
    paths = [write(db.parent, "b.csv", files.BIGQUERY), write(db.parent, "l.csv", files.LENS)]
    tables = ("work", "work_group", "id_claim", "affiliation", "mention", "finding", "patent_party", "npl_citation")
    for path in paths:
        run_import(db, path)
    before = {table: query(db, f"SELECT * FROM {table}") for table in tables if table != "mention"} | {"n": count(db, "mention")}
    for path in paths:
        assert "0 of them new" in run_import(db, path).stderr
    assert {table: query(db, f"SELECT * FROM {table}") for table in tables if table != "mention"} | {"n": count(db, "mention")} == before


ROS = "reftype,confscore,oaid,patent,wherefound\n" + "".join(f"app,10,{n},us-{8000000 + n}-b2,frontonly\n" for n in range(1000, 1200))


@pytest.mark.parametrize("packing", ["plain", "gz", "zip"])
def test_reliance_on_science_is_filtered_by_the_papers_of_the_dataset(db: Path, packing: str) -> None:
    table = "reftype,confscore,magid,pmid,doi,patent,wherefound\n" + "".join(
        f"app,9,{n},,{'10.1109/CVPR.2016.527' if n in (17, 23) else f'10.5555/{n}'},us-{9000000 + n}-b2,bodyonly\n" for n in range(300)
    )
    path = db.parent / {"plain": "pcs.csv", "gz": "pcs.csv.gz", "zip": "pcs.zip"}[packing]
    if packing == "gz":
        path.write_bytes(gzip.compress(table.encode()))
    elif packing == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("pcs.csv", table)
    else:
        path.write_text(table)
    done = run_import(db, path)
    assert done.returncode == 0, done.stderr
    assert families(db) == {frozenset({"US9000017B2"}), frozenset({"US9000023B2"})}
    assert {how for _, _, how in hows(db)} == {"npl citation"}


def test_reliance_on_science_without_a_usable_id_says_so(db: Path) -> None:
    done = run_import(db, write(db.parent, "pcs_oa.csv", ROS))
    assert done.returncode == 2
    assert "names papers by openalex, and no paper of the dataset has such an id yet" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "format", "words"),
    [
        ("x.csv", "a,b\n1,2\n", "lens-csv", "no header with a column of publication numbers"),
        ("x.xlsx", "no workbook", "auto", "no readable workbook"),
        ("x.txt", "hello\n", "patent-numbers", "holds no publication number"),
        ("x.csv", "a,b\n1,2\n", "reliance-on-science", "no table of Reliance on Science"),
    ],
)
def test_a_wrong_file_is_one_clear_line(db: Path, name: str, content: str, format: str, words: str) -> None:
    done = run_import(db, write(db.parent, name, content), "--format", format)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
