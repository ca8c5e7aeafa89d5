from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.verify.factory import Scene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path / "whereused.db")
    yield scene
    scene.db.close()


@pytest.fixture
def queue(scene: Scene) -> Scene:
    """Six works, Work 1 the most probable use."""
    for number in range(1, 7):
        scene.work(f"Work {number}", score=1 - number / 10, mentions=1)
    return scene
