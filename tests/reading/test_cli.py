"""The commands as scripts call them."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.reading.world import World, paper
from whereused import main


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_frontmatter_gives_one_object_a_line_in_the_order_of_the_files(tmp_path: Path) -> None:
    good, bad, none = tmp_path / "good.pdf", tmp_path / "bad.pdf", tmp_path / "none.pdf"
    good.write_bytes(paper("A Paper for the Shell"))
    bad.write_bytes(b"<html>Just a moment</html>")
    result = invoke("frontmatter", "--jsonl", bad, good, none)
    assert result.exit_code == 0
    first, second, third = (json.loads(line) for line in result.stdout.splitlines())
    assert second == {
        "file": str(good),
        "sha256": hashlib.sha256(good.read_bytes()).hexdigest(),
        "title": "A Paper for the Shell",
        "authors": [{"name": "Ann Lee", "affiliations": [0]}],
        "affiliations": [{"text": "University of Leeds, UK", "email_domains": []}],
        "error": None,
    }
    assert (first["file"], first["error"]) == (str(bad), "not a PDF: a web page saved under a PDF name")
    assert (third["sha256"], third["error"], third["affiliations"]) == (None, "no such file", [])


def test_frontmatter_names_files_as_they_were_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.pdf").write_bytes(b"no")
    monkeypatch.setattr("os.access", lambda *_, **__: False)  # a file that can't be read has its line too
    result = invoke("frontmatter", "--jsonl", "./a.pdf", "..//none.pdf")
    assert [json.loads(line)["file"] for line in result.stdout.splitlines()] == ["./a.pdf", "..//none.pdf"]


def test_frontmatter_of_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(paper("A Paper from a Pipe"))
    with subprocess.Popen(["cat", str(tmp_path / "a.pdf")], stdout=subprocess.PIPE) as cat:
        assert cat.stdout is not None
        result = invoke("frontmatter", "--jsonl", f"/dev/fd/{cat.stdout.fileno()}")
    assert json.loads(result.stdout)["title"] == "A Paper from a Pipe"


def test_frontmatter_for_people_and_its_failure(tmp_path: Path) -> None:
    good = tmp_path / "good.pdf"
    good.write_bytes(paper("A Paper for the Eye"))
    result = invoke("frontmatter", good)
    assert result.exit_code == 0 and "  Ann Lee [1]\n    1. University of Leeds, UK" in result.stdout
    result = invoke("frontmatter", tmp_path / "none.pdf")
    assert result.exit_code == 1 and "not read: no such file" in result.stdout
    assert str(result.exception) == "no front matter was found in 1 file"


def test_read_says_what_it_did(tmp_path: Path) -> None:
    world = World(tmp_path)
    assert "no full texts are stored" in invoke("--db", world.config.db, "read").stderr
    world.document(world.work("a"), paper("A Paper in the Archive"))
    world.document(world.work("b"), b"%PDF-1.4")
    result = invoke("--db", world.config.db, "read", "megaface", "--workers", "1")
    assert result.exit_code == 0 and result.stdout == ""
    assert result.stderr.splitlines()[-2:] == [
        "read 1 of 2 documents: 1 affiliations, 1 passages that name a dataset",
        "  1 not read: truncated: the end of the file is missing",
    ]
    assert "nothing to read: all 2 stored documents are read" in invoke("--db", world.config.db, "read").stderr
    shown = invoke("--db", world.config.db, "read", "--explain", "a", "--image", tmp_path / "a.png")
    assert shown.exit_code == 0 and shown.stdout.startswith("form: marked\n")


def test_read_of_nothing_usable_is_a_failure(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.document(world.work("b"), b"%PDF-1.4")
    result = invoke("--db", world.config.db, "read")
    assert result.exit_code == 1 and str(result.exception) == "none of 1 documents could be read"
