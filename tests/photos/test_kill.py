"""A call that is killed leaves nothing half: the same call again ends in the same content."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.crawl.process import Running
from tests.photos.conftest import Desk
from tests.photos.rows import row, write


@pytest.mark.parametrize("place", ["photos.run:measure", "photos.run:save_cache", "photos.run:save_audit"])
def test_killed_and_called_again(desk: Desk, tmp_path: Path, place: str) -> None:
    path = write(tmp_path / "yfcc.tsv", (row(n) for n in range(100)))
    args = ["--db", str(desk.db), "photos", "audit", str(path), "--dataset", "megaface", "--out", str(desk.out)]
    assert Running(args, dict(os.environ), dies_at=(place, 1)).wait()[0] == -signal.SIGKILL
    desk.audit(path, "--dataset", "megaface")
    assert desk.licences()["total"] == 100
    assert "megaface\t15" in desk.call("photos", "find", "--nsid", "10000001@N01")
    kept = sorted(file.name for file in (desk.folder / "w.db.files" / "photos").iterdir())
    assert kept == ["megaface.index", "megaface.json", "megaface.parquet", "megaface.rejects.csv"]
