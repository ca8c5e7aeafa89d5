"""The built wheel: its data files are inside, tests are not, and it works in an environment of its own."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("source")
    tracked = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, tracked.splitlines()):
        if (ROOT / name).is_file():
            target = source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*build, "-w", str(out), str(source)], check=True, capture_output=True)
    return next(out.glob("*.whl"))


def test_holds_data_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for needed in ("whereused.py", "crawler/datasets.toml", "db/migrations/0001_initial.sql", "verify/codebook.toml", "photos/audit.html"):
        assert needed in names
    strangers = {name.split("/")[0] for name in names} - {"whereused.py", "crawler", "geocode", "verify", "photos", "publish", "db"}
    assert all(name.endswith(".dist-info") for name in strangers), strangers


def test_works_in_an_environment_of_its_own(wheel: Path, tmp_path: Path) -> None:
    """The dependencies are borrowed by a .pth file: they are not what is tried here, and this needs no network."""
    home = tmp_path / "env"
    venv.create(home, with_pip=False)
    site = next(home.glob("lib/python*/site-packages"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    python = home / "bin" / "python"
    ask = [python, "-c", "import whereused; print(whereused.__file__)"]
    where = subprocess.run(ask, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert str(site) in where, "the installed tree was tried instead of the wheel"
    run = subprocess.run([python, "-m", "whereused", "datasets", "list"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "megaface" in run.stdout
