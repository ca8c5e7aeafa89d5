"""An owner finds their own photos by exact identifiers, and nobody finds an id in the index."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.photos.conftest import Desk
from tests.photos.rows import row, write
from whereused import main

OWNER = "10000003@N03"


@pytest.fixture
def audited(desk: Desk, tmp_path: Path) -> Desk:
    desk.audit(write(tmp_path / "yfcc.tsv", (row(n) for n in range(700))), "--dataset", "megaface")
    return desk


def find(desk: Desk, *args: str) -> dict[str, object]:
    (answer,) = json.loads(desk.call("photos", "find", "--json", *args))["answers"]
    assert isinstance(answer, dict)
    return answer


def test_an_owner_gets_counts_licences_and_links(audited: Desk) -> None:
    answer = find(audited, "--nsid", OWNER)
    ids = sorted(4_000_000_000 + n for n in range(700) if n % 7 == 3)
    assert answer["dataset"] == "megaface"
    assert answer["photos"] == len(ids) == 100
    assert answer["links"] == [f"https://www.flickr.com/photos/{OWNER}/{photo}/" for photo in ids]
    assert answer["licences"] == {
        "BY-NC 2.0": 17, "BY-NC-SA 2.0": 17, "BY-NC-ND 2.0": 17, "BY 2.0": 17, "BY-ND 2.0": 16, "BY-SA 2.0": 16,
    }  # fmt: skip


def test_every_way_to_ask_leads_to_the_same(audited: Desk) -> None:
    assert find(audited, "--username", "name_3") == find(audited, "--nsid", OWNER) == find(audited, "--username", "NAME_3")
    by_id = find(audited, "--photo-id", "4000000003")
    assert by_id["photos"] == 1
    assert by_id["licences"] == {"BY-NC 2.0": 1}
    for address in (
        f"https://www.flickr.com/photos/{OWNER}/4000000003/in/photostream",
        "farm8.staticflickr.com/7205/4000000003_df7747990d_b.jpg",
    ):
        assert find(audited, "--photo-url", address)["licences"] == by_id["licences"]
    assert find(audited, "--tag", "salt, pepper") == {"dataset": "megaface", "photos": 700, "licences": {}, "links": []}


@pytest.mark.parametrize(
    "asked", [("--nsid", "10000003@N04"), ("--username", "name_"), ("--photo-id", "400000000"), ("--tag", "salt"), ("--username", "")]
)
def test_only_exact_identifiers_are_answered(audited: Desk, asked: tuple[str, str]) -> None:
    audited.call("photos", "find", *asked, code=2 if not asked[1] else 1)


@pytest.mark.parametrize(
    "asked",
    [
        ("--nsid", "somebody"),
        ("--photo-url", "https://example.org/photos/a/12345/"),
        ("--photo-id", "x"),
        ("--photo-id", "9" * 5000),
        ("--photo-id", "1e5"),
        (),
    ],
)
def test_a_slip_of_the_pen_is_told(audited: Desk, asked: tuple[str, ...]) -> None:
    assert len(audited.call("photos", "find", *asked, code=2)) < 200


def test_no_id_lies_in_index_cache_or_report_and_the_key_is_private(audited: Desk) -> None:
    key = audited.folder / "w.db.photos.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    kept = [path for path in (audited.folder / "w.db.files" / "photos").iterdir() if path.is_file()]
    assert {path.suffix for path in kept} >= {".index", ".parquet"}
    secrets = [
        OWNER.encode(),
        b"4000000003",
        (4_000_000_003).to_bytes(8, "big"),
        (4_000_000_003).to_bytes(8, "little"),
        b"name_3",
        key.read_bytes(),
    ]
    for path in [*kept, *audited.out.iterdir()]:
        content = path.read_bytes()
        assert not [secret for secret in secrets if secret in content], path
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in kept if path.suffix in (".index", ".parquet"))


def test_another_key_or_none_is_told(audited: Desk) -> None:
    key = audited.folder / "w.db.photos.key"
    key.write_bytes(b"x" * 32)
    assert "another key" in audited.call("photos", "find", "--nsid", OWNER, code=2)
    key.unlink()
    assert "missing" in audited.call("photos", "find", "--nsid", OWNER, code=2)


def test_the_letter_names_photos_licences_and_the_laws_to_ask_about(audited: Desk) -> None:
    text = audited.call("photos", "find", "--nsid", OWNER, "--letter")
    assert "MegaFace: 100 photographs" in text
    assert "and 50 more" in text
    assert all(word in text for word in ("BIPA", "GDPR", "no legal advice", "lawyer", "remove my photographs", "attribution"))


def test_the_next_question_is_answered_from_the_last_reading(audited: Desk, tmp_path: Path) -> None:
    before = (audited.out / "audit.json").read_text()
    (tmp_path / "yfcc.tsv").unlink()
    audited.call("photos", "audit", "--dataset", "megaface", "--out", tmp_path / "again")
    again = json.loads((tmp_path / "again" / "audit.json").read_text())
    first = json.loads(before)
    for facts in (first, again):
        facts["figures"].pop("audited_at")
        facts["figures"].pop("run_id")
    assert first == again
    assert find(audited, "--nsid", OWNER)["photos"] == 100


def test_ids_that_are_no_numbers_are_told_and_never_another_photo(desk: Desk, tmp_path: Path) -> None:
    """In a table that counts licences they count; the look-up neither finds them nor takes "1e5" for a hundred thousand."""
    ids = ["123", "abc", "1e5", "../../x", "9" * 5000, "٣٤", ""]
    table = tmp_path / "own.csv"
    table.write_text("photo_id,owner,license\n" + "".join(f"{name},1000000{n}@N00,4\n" for n, name in enumerate(ids)) + "x,,\n")
    done = CliRunner().invoke(main, ["--db", str(desk.db), "photos", "audit", str(table), "--dataset", "megaface", "--out", str(desk.out)])
    assert "6 photos have no id that is a number" in done.stderr and "7 rows read, 1 rejected" in done.stderr, done.stderr
    assert desk.rejects() == [("9", "photo id is no number")]
    assert find(desk, "--photo-id", "123")["photos"] == 1
    for photo in ("100000", "34"):
        desk.call("photos", "find", "--photo-id", photo, code=1)
