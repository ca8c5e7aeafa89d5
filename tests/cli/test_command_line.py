"""The command line as a user meets it: exit codes, one-line errors, stdout kept for data."""

from __future__ import annotations

import io
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from db.command_line import global_first, told_in_one_line
from db.errors import UsageError
from tests.helpers.command import whereused as call
from whereused import COMMANDS


def whereused(*args: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return call(*args, cwd=cwd, environ=environ)


def one_page() -> bytes:
    """A PDF of one page."""
    body = io.BytesIO()
    sheet = Canvas(body, invariant=1)
    sheet.drawString(72, 700, "A page")
    sheet.save()
    return body.getvalue()


def one_line(result: subprocess.CompletedProcess[str]) -> str:
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    assert "Traceback" not in result.stderr
    return lines[0]


@pytest.mark.parametrize("command", [*COMMANDS, "backup", "doctor", "run", "demo"])
def test_every_command_has_a_help_page(command: str, tmp_path: Path) -> None:
    result = whereused(command, "--help", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("Usage:")


def test_reading_command_without_a_database_says_what_to_do(tmp_path: Path) -> None:
    result = whereused("export", "megaface", "--format", "geojson", cwd=tmp_path)
    assert result.returncode == 2
    assert "whereused crawl" in one_line(result)
    assert not (tmp_path / "data").exists(), "a reading command made a folder"


def test_corrupt_database_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    bad = tmp_path / "bad.db"
    bad.write_bytes(b"no database at all" * 100)
    for command in (["status"], ["read"], ["export", "megaface", "--format", "csv"]):
        result = whereused("--db", str(bad), *command, cwd=tmp_path)
        assert result.returncode == 2, command
        assert "bad.db" in one_line(result)
    assert bad.read_bytes() == b"no database at all" * 100


def test_setting_that_is_no_number(tmp_path: Path) -> None:
    (tmp_path / "whereused.toml").write_text("db = [1]\n")
    result = whereused("status", cwd=tmp_path)
    assert result.returncode == 2
    assert "whereused.toml" in one_line(result)


def test_flag_wins_over_environment_and_file(tmp_path: Path) -> None:
    (tmp_path / "whereused.toml").write_text('db = "file.db"\n')
    assert "file.db" in one_line(whereused("status", cwd=tmp_path))
    assert "env.db" in one_line(whereused("status", cwd=tmp_path, WHEREUSED_DB="env.db"))
    assert "flag.db" in one_line(whereused("--db", "flag.db", "status", cwd=tmp_path, WHEREUSED_DB="env.db"))


def test_global_options_may_stand_behind_the_command(tmp_path: Path) -> None:
    assert "late.db" in one_line(whereused("status", "--db", "late.db", "-q", cwd=tmp_path, WHEREUSED_DB="env.db"))
    assert global_first(["export", "x", "--db=a", "-o", "f", "-vv"]) == ["--db=a", "-vv", "export", "x", "-o", "f"]
    assert global_first(["frontmatter", "--", "-q", "--db"]) == ["frontmatter", "--", "-q", "--db"]
    assert global_first(["status", "--db"]) == ["status", "--db"]


def test_backup_is_whole_and_never_overwrites(tmp_path: Path) -> None:
    from db.connect import open_for_writing

    open_for_writing(tmp_path / "a.db").close()
    assert whereused("--db", "a.db", "backup", "copy.db", cwd=tmp_path).returncode == 0
    assert sqlite3.connect(tmp_path / "copy.db").execute("PRAGMA integrity_check").fetchone() == ("ok",)
    again = whereused("--db", "a.db", "backup", "copy.db", cwd=tmp_path)
    assert again.returncode == 2
    assert "copy.db exists" in one_line(again)


def test_doctor_finds_a_missing_full_text(tmp_path: Path) -> None:
    from db.connect import open_for_writing, writing

    db = open_for_writing(tmp_path / "a.db")
    with writing(db):
        db.conn.execute("INSERT INTO document VALUES ('ab', 'application/pdf', 3, '2026-01-01T00:00:00Z')")
    db.close()
    result = whereused("--db", "a.db", "doctor", cwd=tmp_path, WHEREUSED_GOOGLE_PATENTS="1")
    assert result.returncode == 1
    assert "1 of 1 files are missing" in result.stdout
    assert "google patents: on" in result.stdout


def test_an_early_interrupt_is_left_to_the_shell() -> None:
    code = (
        "import signal\n"
        "usual = signal.getsignal(signal.SIGINT)\n"
        "import db.interrupts\n"
        "assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL\n"
        "import whereused\n"
        "assert signal.getsignal(signal.SIGINT) is usual is signal.default_int_handler\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_command_loads_no_arrays_before_it_needs_them() -> None:
    code = "import sys, whereused; sys.exit('numpy' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
    subprocess.run([sys.executable, "-c", "import db.connect, numpy; numpy.zeros(1)"], check=True)  # whoever needs them has them


def test_wrong_usage_is_one_line_that_points_to_the_help(tmp_path: Path) -> None:
    for wrong in (["export", "megaface", "--format", "xls"], ["exprot"], ["verify"], ["--nonsense"]):
        result = whereused(*wrong, cwd=tmp_path)
        assert result.returncode == 2, wrong
        assert "--help`" in one_line(result)


def test_an_address_that_is_none_is_named_before_anything_runs(tmp_path: Path) -> None:
    result = whereused("crawl", "megaface", cwd=tmp_path, WHEREUSED_SEMANTIC_SCHOLAR_URL="foo")
    assert result.returncode == 2
    assert "WHEREUSED_SEMANTIC_SCHOLAR_URL" in one_line(result)


def test_no_terminal_obeys_the_line_of_an_error(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("click.utils.should_strip_ansi", lambda *_: False)  # as on a terminal
    with pytest.raises(SystemExit), told_in_one_line():
        raise UsageError("of\x1b[2J\nthree\x9b1m lines\x1b]0;x\x07")
    assert capsys.readouterr().err == "whereused: of [2J three 1m lines ]0;x \n"


def test_a_mistyped_database_is_not_made(tmp_path: Path) -> None:
    for command in ("read", "verify megaface --reviewer a", "status"):
        result = whereused("--db", "typo.db", *command.split(), cwd=tmp_path)
        assert result.returncode == 2, command
        assert "typo.db does not exist" in one_line(result)
    assert not list(tmp_path.glob("typo*"))


def test_unknown_dataset_is_named_by_every_stage(tmp_path: Path) -> None:
    (tmp_path / "pdf").mkdir()
    (tmp_path / "pdf" / os.fsdecode(b"odd\xff name.pdf")).write_bytes(one_page())
    assert whereused("--db", "a.db", "import", "pdf", "--dataset", "megaface", cwd=tmp_path).returncode == 0
    for command in ("read nosuch", "export nosuch --format csv", "publish nosuch --out site", "verify nosuch --reviewer a"):
        result = whereused("--db", "a.db", *command.split(), cwd=tmp_path)
        assert result.returncode == 2, command
        assert "nosuch" in one_line(result)


def test_publish_leaves_a_foreign_page_alone(tmp_path: Path) -> None:
    (tmp_path / "odd\u00e9.pdf").write_bytes(one_page())
    assert whereused("--db", "a.db", "import", "odd\u00e9.pdf", "--dataset", "megaface", cwd=tmp_path).returncode == 0
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "index.html").write_text("keep")
    result = whereused("--db", "a.db", "publish", "--out", "mine", "--include", "all", cwd=tmp_path)
    assert result.returncode == 2
    assert "no page of whereused" in one_line(result)
    assert (tmp_path / "mine" / "index.html").read_text() == "keep"
