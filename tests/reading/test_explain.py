"""The picture of how page one was read."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from crawler.reading import explain
from tests.helpers.dump import canonical_dump
from tests.reading.pages import Sheet
from tests.reading.world import World, paper
from whereused import main


def colours(path: Path) -> set[tuple[int, ...]]:
    with Image.open(path) as image:
        rgb = image.convert("RGB")
        return {colour for _, colour in rgb.crop((0, 0, rgb.width, rgb.height - explain.LEGEND - 2)).getcolors(2**24) or [] if colour}  # type: ignore[misc]


def sheet() -> bytes:
    page = Sheet().title("A Paper to Be Drawn").text(297, 120, "Ann Lee^(1), Bob Ray^(2)", centred=True)
    page.text(297, 140, "^(1)University of Leeds, UK", centred=True).text(297, 155, "^(2)Tencent AI Lab, Shenzhen, China", centred=True)
    return page.text(297, 170, "{ann, bob}@leeds.ac.uk", centred=True).body(200).pdf()


def test_the_blocks_the_marks_and_the_links_are_drawn(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(sheet())
    out = tmp_path / "a.png"
    result = CliRunner().invoke(main, ["read", "--explain", str(tmp_path / "a.pdf"), "--image", str(out)])
    assert result.exit_code == 0 and result.stdout.splitlines()[-1] == f"picture: {out}"
    found = colours(out)
    assert {explain.BLOCKS[name] for name in ("title", "authors", "affiliations")} | {explain.MARKS} <= found
    assert {explain.LINKS[0], explain.LINKS[1]} <= found


@pytest.mark.parametrize("by", ["hash", "number", "id"])
def test_a_stored_document_is_found_by_hash_number_and_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str) -> None:
    monkeypatch.chdir(tmp_path)
    world = World(tmp_path)
    data = paper("A Paper in the Archive")
    work_id = world.work("scan-a")
    world.document(work_id, data)
    before = canonical_dump(world.config.db)
    sha256 = hashlib.sha256(data).hexdigest()
    name = {"hash": sha256[:12], "number": str(work_id), "id": "scan-a"}[by]
    result = CliRunner().invoke(main, ["--db", str(world.config.db), "read", "--explain", name])
    assert result.exit_code == 0 and f"picture: {sha256[:16]}.explained.png" in result.stdout
    assert explain.BLOCKS["title"] in colours(tmp_path / f"{sha256[:16]}.explained.png")
    assert canonical_dump(world.config.db) == before


def test_what_cant_be_read_is_said_and_not_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.pdf").write_bytes(b"<html>Just a moment</html>")
    result = CliRunner().invoke(main, ["read", "--explain", "bad.pdf"])
    assert result.exit_code == 1 and not list(tmp_path.glob("*.png"))
