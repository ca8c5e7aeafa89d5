"""The demo's own folder: a database, a gazetteer and a site beside which nothing of the user's is touched."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from db.config import PREFIX, Config
from db.errors import StorageError, UsageError
from db.gazetteer import SAMPLE, open_gazetteer

MARKER = ".whereused-demo"
DATABASE, GAZETTEER, REGISTRY, SITE = "demo.db", "gazetteer.db", f"{SAMPLE}.json", "site"


def prepare_folder(out: Path) -> None:
    """An empty place for the demo.  What an earlier demo left there is removed, what others put there stays.

    UsageError where ``out`` is a file, or a folder that holds something and was not made by the demo.
    """
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file; name a folder with --out")
    if out.is_dir() and any(out.iterdir()) and not (out / MARKER).is_file():
        raise UsageError(f"{out} is not empty and no folder of an earlier demo; name another one with --out")
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / MARKER).write_text("Made by `whereused demo`, which removes its database, gazetteer and site when it runs again.\n")
        for path in (*out.glob(f"{DATABASE}*"), *out.glob(f"{GAZETTEER}*"), *out.glob("patents-*.csv"), out / REGISTRY, out / SITE):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"{out} can't be prepared ({error.strerror}); name another folder with --out") from error


def demo_config(config: Config, out: Path, environ: Mapping[str, str]) -> Config:
    """The settings of the demo: its own database, the provider of ``environ``, and none of the user's keys.

    The user's gazetteer is taken where there is one, as it is only read.
    """
    values = {name.removeprefix(PREFIX): value for name, value in environ.items()} | {"STATE": str(out / f"{DATABASE}.state")}
    gazetteer = config.gazetteer if _is_usable(config.gazetteer) else out / GAZETTEER
    return replace(config, db=out / DATABASE, gazetteer=gazetteer, values=values)


def _is_usable(gazetteer: Path) -> bool:
    """Whether there is an index that this version reads; one of another version is no reason to fail."""
    try:
        open_gazetteer(gazetteer).close()
    except UsageError:
        return False
    return True


def save_registry(out: Path) -> Path:
    """Write the registry records of the sample's institutions, in the shape of a ROR dump, under a name that tells what they are."""
    path = out / REGISTRY
    path.write_bytes(files("crawler.sample").joinpath("gazetteer.json").read_bytes())
    return path
