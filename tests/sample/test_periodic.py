"""What docs/operating.md tells a user to put into cron and systemd works as it stands there."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.sample.folder import GAZETTEER
from crawler.sample.provider import LoopbackProvider
from crawler.sample.world import citations, papers, pdfs
from tests.conftest import ROOT
from tests.sample.conftest import Run

TEXT = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


def block(kind: str) -> str:
    (found,) = re.findall(rf"```{kind}\n(.*?)```", TEXT, re.DOTALL)
    return str(found)


def home(tmp_path: Path) -> Path:
    """The folder of the example, with the command where it says."""
    folder = tmp_path / "whereused"
    (folder / ".venv" / "bin").mkdir(parents=True)
    script = folder / ".venv" / "bin" / "whereused"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m whereused "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return folder


def test_the_line_of_cron_works_with_the_little_that_cron_gives(tmp_path: Path, demo: Run) -> None:
    folder = home(tmp_path)
    fields = block("cron").strip().split(None, 5)
    command = fields[5].replace("/srv/whereused", str(folder))
    with LoopbackProvider(papers(), citations(), pdfs=pdfs()) as provider:
        settings = {name.removeprefix("WHEREUSED_").lower(): value for name, value in provider.environ.items()}
        settings |= {"gazetteer": str(demo.out / GAZETTEER), "semantic_scholar_key": "k"}
        (folder / "whereused.toml").write_text("\n".join(f'{name} = "{value}"' for name, value in settings.items()))
        env = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "LOGNAME": "cron"}
        for _ in range(2):  # the second time nothing is due
            done = subprocess.run(["/bin/sh", "-c", command], env=env, cwd="/", capture_output=True, text=True, timeout=100, check=False)
            assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), (folder / "run.log").read_text()
            n_asked, provider.requests[:] = len([r for r in provider.requests if "/citations" in r.path]), []
    assert n_asked == 0
    assert (folder / "site" / "megaface" / "index.html").is_file()
    assert list((tmp_path / ".local/state/whereused/pace").glob("semantic_scholar-*.json"))
    assert [int(field) for field in (*fields[:2], fields[4])] == [17, 4, 1] and fields[2:4] == ["*", "*"]


@pytest.mark.parametrize(("kind", "sections"), [("service", {"Unit", "Service"}), ("timer", {"Unit", "Timer", "Install"})])
def test_units_are_well_formed(kind: str, sections: set[str]) -> None:
    unit = configparser.ConfigParser(strict=True, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(block(f"systemd-{kind}"))
    assert set(unit.sections()) == sections
    if kind == "service":
        command = unit["Service"]["ExecStart"].split()
        assert command[1:] == ["-q", "run", "--due", "--out", "site"] and block("cron").split(None, 8)[8].startswith(
            ".venv/bin/whereused -q run --due"
        )


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze on this machine")
def test_systemd_finds_no_fault_with_the_units(tmp_path: Path) -> None:
    folder = home(tmp_path)
    for kind in ("service", "timer"):
        text = block(f"systemd-{kind}").replace("/srv/whereused", str(folder)).replace("User=whereused", "User=daemon")
        (tmp_path / f"whereused.{kind}").write_text(text)
    units = [str(tmp_path / f"whereused.{kind}") for kind in ("service", "timer")]
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, timeout=60, check=False)
    told = [line for line in done.stderr.splitlines() if "whereused" in line]
    assert not told, done.stderr
