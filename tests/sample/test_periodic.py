"""What docs/operating.md tells a user to put into cron and systemd works as it stands there."""

from __future__ import annotations

import configparser
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from crawler.sample.folder import GAZETTEER
from crawler.sample.provider import Fault, LoopbackProvider
from crawler.sample.world import citations, papers, pdfs
from tests.cluster.dask import free_port
from tests.conftest import ROOT
from tests.sample.conftest import Run, environment

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
        call = partial(subprocess.run, env=env, cwd="/", capture_output=True, text=True, timeout=100, check=False)
        for _ in range(2):  # the second time nothing is due
            done = call(["/bin/sh", "-c", command])
            assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), (folder / "run.log").read_text()
            n_asked, provider.requests[:] = len([r for r in provider.requests if "/citations" in r.path]), []
    assert n_asked == 0
    assert (folder / "run.log").read_text().count("everything begins anew there (is its disk mounted?)") == 1
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


def test_scrapyd_runs_it_over_http(tmp_path: Path, demo: Run) -> None:
    """A real Scrapyd with the file of docs/operating.md: jobs by its own API, results in the database, words in the log."""
    folder, port = home(tmp_path), free_port()
    quicker = f"max_proc = 1\nhttp_port = {port}\npoll_interval = 0.1"
    (folder / "scrapy.cfg").write_text(block("scrapyd").replace("max_proc     = 1", quicker))

    def said(job: str) -> str:
        return (folder / "logs" / "whereused" / "run" / f"{job}.log").read_text()

    asked, cancelled = Event(), Event()
    waits = Fault("call", where="/citations", action=lambda _: asked.set() or cancelled.wait(60))
    with LoopbackProvider(papers(), citations(), pdfs=pdfs(), faults=[waits]) as provider:
        env = environment(tmp_path, WHEREUSED_DB=str(folder / "w.db"), WHEREUSED_GAZETTEER=str(demo.out / GAZETTEER), **provider.environ)
        with (tmp_path / "scrapyd.log").open("wb") as log:
            server = subprocess.Popen([sys.executable, "-m", "scrapyd"], cwd=folder, env=env, stdout=log, stderr=log)
        try:
            ask = partial(asked_of, port)
            until(lambda: ask("daemonstatus.json"))
            jobs = {}
            for what in ("cancelled", "wider_face", "no_such_thing"):
                given = {"project": "whereused", "spider": "run", "due": "1", "out": "site"}
                jobs[what] = ask("schedule.json", given | {"slugs": "wider_face" if what == "cancelled" else what})["jobid"]
            until(asked.is_set)
            assert ask("cancel.json", {"project": "whereused", "job": jobs["cancelled"]})["prevstate"] == "running"
            until(lambda: "the command ends in order" in said(jobs["cancelled"]))
            assert ask("listjobs.json?project=whereused")["running"], "the next job would meet the command"
            cancelled.set()
            until(lambda: len(ask("listjobs.json?project=whereused")["finished"]) == 3)
        finally:
            server.terminate()
            server.wait()
    logs = {what: said(job) for what, job in jobs.items()}
    assert "interrupted; what was done is kept" in logs["cancelled"] and "Spider closed (shutdown)" in logs["cancelled"]
    assert "full texts of 3 works: 3 stored" in logs["wider_face"] and "Spider closed (finished)" in logs["wider_face"]
    assert "ERROR" not in logs["wider_face"] and "Warning" not in logs["wider_face"]
    assert "there is no dataset 'no_such_thing'" in logs["no_such_thing"] and "Spider closed (exit code 2)" in logs["no_such_thing"]
    with closing(sqlite3.connect(folder / "w.db")) as db:
        assert db.execute("SELECT command, status FROM run WHERE command <> 'geocode'").fetchall()[:3] == [
            ("crawl", "interrupted"),
            ("crawl", "done"),
            ("read", "done"),
        ]
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert (folder / "site" / "wider_face" / "index.html").is_file()


def asked_of(port: int, path: str, form: dict[str, str] | None = None) -> Any:
    """What the API answers; None where nobody listens."""
    data = urlencode(form).encode() if form else None
    try:
        with urlopen(f"http://127.0.0.1:{port}/{path}", data, timeout=60) as answer:
            return json.load(answer)
    except ConnectionError:
        return None
    except URLError as error:
        assert isinstance(error.reason, ConnectionError)
        return None


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 90
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)
