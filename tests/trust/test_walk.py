"""A stranger's way: every command in a block of code of the documents, in their order, in the folder of the provider to practise with."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.crawl.process import Running

# What is not run here, and why; a line that begins so.
NOT_RUN = {
    "make ": "sets up the environment in which this runs; CI calls it",
    ". .venv/": "the same",
    "cd practice": "the commands below are run there",
    "export ": "settings of the user's own",
    "python -m crawler.sample": "runs until it is stopped; the fixture does it",
    "whereused gazetteer update": "asks Zenodo; geocode/releases asks a stand-in",
    "whereused gazetteer import registry-sample.json": "takes seconds; sample/demo does it, and the fixture has its like",
    "whereused serve": "runs until it is stopped; publish/serve",
    "whereused import bq-results.csv": "a file that BigQuery makes; patents/import has one",
    "whereused --db again.db crawl --replay": "needs an archive; crawl/replay",
    "pip install": "fetches packages",
    "dask ": "a cluster; tests/cluster has one",
    "whereused read --cluster": "the same",
    "whereused geocode --cluster": "the same",
    "redis-server ": "a Redis; tests/frontier has one",
    "whereused fetch-worker": "the same",
    "whereused crawl megaface --frontier": "the same",
}
DOCUMENTS = ("README.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))))
ANSWERS = {"verify": "u test\nn\nu train because Table 2\n"}


def lines_of(document: str) -> Iterator[str]:
    """The lines of its blocks of commands, without what stands behind #."""
    for block in re.findall(r"```sh\n(.*?)```", (ROOT / document).read_text(encoding="utf-8"), re.DOTALL):
        yield from filter(None, (re.sub(r"(^|\s+)#.*", "", line).strip() for line in block.splitlines()))


def commands() -> Iterator[tuple[str, list[str], str | None]]:
    """(line, arguments, file for stdout) of each call that is run."""
    for line in (line for document in DOCUMENTS for line in lines_of(document)):
        if line.startswith(tuple(NOT_RUN)):
            continue
        for part in re.split(r"&&|[;|()]", line):
            words = shlex.split(part)
            if words[:1] == ["whereused"]:
                target = words.index(">") if ">" in words else None
                yield line, words[1:target], words[target + 1] if target else None


@pytest.fixture
def practice(tmp_path: Path, gazetteer: Path) -> Iterator[Path]:
    """The folder of `python -m crawler.sample`, while that runs."""
    command = [sys.executable, "-m", "crawler.sample", str(tmp_path / "practice"), "--calm"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        assert "answers at http://127.0.0.1:" in process.stdout.readline()
        shutil.copy(gazetteer, tmp_path / "practice" / "gazetteer.db")
        yield tmp_path / "practice"
        process.terminate()


def test_every_command_of_the_documents_does_what_they_say(practice: Path) -> None:
    ran: list[list[str]] = []
    for line, arguments, target in commands():
        if arguments in ran:
            continue
        running = Running(arguments, os.environ, ANSWERS.get(arguments[0], ""), prepare=partial(os.chdir, practice))
        code, out, err = running.wait()
        assert code == 0, (line, err)
        assert "Traceback" not in err, (line, err)
        ran.append(arguments)
        if target:
            assert out, line
            (practice / target).write_text(out)
    names = {arguments[0] for arguments in ran}
    assert {"crawl", "read", "geocode", "verify", "places", "publish", "datasets", "run", "status", "news"} <= names
    page = (practice / "site" / "megaface" / "index.html").read_text(encoding="utf-8")
    assert "ArcFace" in page and "<strong>Sample.</strong>" in page
    assert "Bundled sample of whereused" in page and "Data from Semantic Scholar" not in page, "credits others with what was made up"
    assert "<strong>Sample.</strong>" in (practice / "site" / "my_faces" / "index.html").read_text(encoding="utf-8")


def test_no_block_of_commands_is_passed_over() -> None:
    """A line that neither calls whereused nor is named above would stand there unchecked."""
    lines = [line for document in DOCUMENTS for line in lines_of(document)]
    assert [line for line in lines if "whereused" not in line and not line.startswith(tuple(NOT_RUN))] == []
    assert [start for start in NOT_RUN if not any(line.startswith(start) for line in lines)] == []
