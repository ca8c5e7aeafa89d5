"""The pictures of a folder that the user has: which they are, and opening one without trusting it."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from db.errors import UsageError

if TYPE_CHECKING:
    from photos.networks import Pixels

ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif")
LARGEST = 60_000_000  # pixels of a picture that is opened
SHOWN = 2048  # pixels of the longer side that are looked at


class NoPictureError(Exception):
    """A file that is no picture that can be used; the text is the reason."""


def list_pictures(folder: Path) -> tuple[list[Path], str]:
    """The picture files under a folder in a fixed order, and a SHA-256 over their names and sizes.  Links are not followed."""
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder")
    found = sorted(_walk(folder))
    if not found:
        raise UsageError(f"{folder} holds no picture ({', '.join(ENDINGS)})")
    mark = sha256()
    for name, size in found:
        mark.update(f"{name}\0{size}\n".encode("utf-8", "surrogateescape"))
    return [folder / name for name, _ in found], mark.hexdigest()


def _walk(folder: Path) -> Iterator[tuple[str, int]]:
    for place, folders, files in os.walk(folder):
        folders.sort()
        for name in files:
            path = Path(place, name)
            if name.lower().endswith(ENDINGS) and not path.is_symlink():
                yield str(path.relative_to(folder)), path.stat().st_size


def open_picture(path: Path) -> Pixels:
    """RGB pixels, upright, at most ``SHOWN`` wide or high.  NoPictureError with the reason where it can't be used."""
    import numpy as np
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Pillow about odd files; the size is looked at below
            with Image.open(path) as image:
                if image.width * image.height > LARGEST:
                    raise NoPictureError("picture too large")
                image.draft("RGB", (SHOWN, SHOWN))
                upright = ImageOps.exif_transpose(image).convert("RGB")
        upright.thumbnail((SHOWN, SHOWN))
        return np.asarray(upright)
    except UnidentifiedImageError:
        raise NoPictureError("no picture") from None
    except MemoryError:
        raise NoPictureError("picture takes too much memory") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise NoPictureError("picture damaged") from None
