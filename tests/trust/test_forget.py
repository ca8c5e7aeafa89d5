"""Who asks to be forgotten is gone from every file of the database, and no later crawl, reading, import or session brings them back."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from tests.photos.conftest import Desk
from tests.photos.rows import row as photo_row
from tests.photos.rows import write
from tests.trust.conftest import Calm
from tests.trust.house import STAGES, House
from whereused import main

OWNER = "10000003@N03"


def call(house: House, *args: str, code: int = 0, answer: str = "") -> str:
    STAGES["any"] = (args, answer)
    try:
        done = house.run("any")
    finally:
        del STAGES["any"]
    assert done.code == code, done.err
    return done.err


def holds(house: House, text: str) -> list[str]:
    files = [path for path in house.folder.glob("w.db*") if path.is_file()]
    return [path.name for path in files if text.encode() in path.read_bytes()]


def test_an_author(calm: Calm, tmp_path: Path) -> None:
    house = calm.before["publish"].copied(tmp_path / "house")
    assert holds(house, "Ada Part7") and holds(house, "Ann Lee")
    assert "gone from 1 lists of authors, 0 readings" in call(house, "forget", "--author", "PART7, Ada")
    assert "4 readings" in call(house, "forget", "--author", "Ann Lee")
    assert holds(house, "Ada Part7") == holds(house, "Ann Lee") == []
    call(house, "crawl", "megaface", "--no-fulltext")
    call(house, "read", "--again", "--workers", "1")
    ris = "TY  - JOUR\nAU  - Lee, Ann\nAU  - Kept, Bo\nTI  - An imported work on faces\nPY  - 2020\nER  - \n"
    (house.folder / "more.ris").write_text(ris)
    call(house, "import", "more.ris", "--dataset", "megaface")
    assert holds(house, "Ada Part7") == holds(house, "Ann Lee") == holds(house, "Lee, Ann") == []
    assert holds(house, "Ada Part8") and holds(house, "Kept, Bo")
    assert "nearly so: Ada Part8" in call(house, "forget", "--author", "Ada Part88")
    assert "may come again" in call(house, "forget", "--author", "Ada Part88", "--undo")
    assert "not kept out" in call(house, "forget", "--author", "Ada Part88", "--undo")
    call(house, "forget", "--reviewer", "ann", "--undo", code=2)
    call(house, "forget", "--author", "...", code=2)
    call(house, "forget", code=2)


def test_a_reviewer_does_not_come_back_by_accident(calm: Calm, tmp_path: Path) -> None:
    house = calm.before["publish"].copied(tmp_path / "house")
    call(house, "forget", "--reviewer", "ann")
    told = call(house, "verify", "megaface", "--reviewer", "Ann", "--plain", code=2, answer="q\n")
    assert "asked to be forgotten" in told
    call(house, "verify", "megaface", "--reviewer", "bob", "--plain", answer="q\n")


def test_an_owner_of_photos(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    files = write(tmp_path / "yfcc.tsv", (photo_row(n) for n in range(700)))
    desk.audit(files, "--dataset", "megaface")
    asked = CliRunner().invoke(main, ["-q", "--db", str(desk.db), "forget", "--owner", OWNER])
    assert asked.exit_code == 0 and "100 photos are gone" in asked.output, asked.output
    for again in (False, True):
        if again:  # a new audit of the same files, changed, so that no cache stands for them
            write(files, (photo_row(n) for n in range(707)))
            desk.audit(files, "--dataset", "megaface")
        desk.call("photos", "find", "--nsid", OWNER, code=1)
        desk.call("photos", "find", "--photo-id", "4000000003", code=1)
        assert f'"photos": {101 if again else 100}' in desk.call("photos", "find", "--json", "--nsid", "10000002@N02")
        assert OWNER.encode() not in b"".join(path.read_bytes() for path in tmp_path.glob("w.db*") if path.is_file())
    desk_error = CliRunner().invoke(main, ["-q", "--db", str(desk.db), "forget", "--owner", "somebody"])
    assert "no NSID" in str(desk_error.exception)
