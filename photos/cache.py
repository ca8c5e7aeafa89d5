"""The table of an audited dataset as Parquet, so that the next question needn't read the files again.

Owners stand in it as keyed hashes, as in the index; ids of photos are not in it.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from db.errors import StorageError
from photos.engine import Engine, quoted
from photos.load import Loaded, Source
from photos.rejects import Rejects
from photos.tables import show_file

FORM = 3  # grows when the table or a reader changes: older caches are then read anew
_KEPT = ("taken", "licence", "tags", "geo", "kind", "country", "rights", "age", "cell")


def fingerprint(files: Iterable[Path], joined: Iterable[Path]) -> list[list[object]]:
    """What tells whether files are still the same: path, size, time of change."""
    return [
        [role, str(path.resolve()), path.stat().st_size, path.stat().st_mtime_ns]
        for role, paths in (("file", files), ("join", joined)) for path in paths
    ]  # fmt: skip


def save_cache(engine: Engine, target: Path, marks: list[list[object]], loaded: Loaded, rejects: Rejects) -> int:
    """Write the table ``photo`` with its facts beside it; needs the macro ``mac`` of the index.  Returns the bytes."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    kept = ", ".join(_KEPT).replace("licence", "coalesce(licence, '') AS licence")
    engine.run(
        f"""COPY (WITH hidden AS (SELECT owner, left(mac('owner:' || owner), 16) AS hash FROM (SELECT DISTINCT owner FROM photo))
                  SELECT hash AS owner, {kept} FROM photo LEFT JOIN hidden ON hidden.owner = photo.owner)
            TO {quoted(partial)} (FORMAT parquet, COMPRESSION zstd)"""
    )
    facts = asdict(loaded) | {"form": FORM, "marks": marks, "reasons": dict(rejects.reasons)}
    for source in facts["sources"]:
        source["path"] = str(source["path"])
    facts["changes"] = [[*what, n] for what, n in loaded.changes.items()]
    try:
        target.with_suffix(".json").unlink(missing_ok=True)  # without its facts a cache isn't used
        partial.replace(target)
        target.chmod(0o600)
        shutil.copyfile(rejects.path, target.with_suffix(".rejects.csv"))
        target.with_suffix(".json").write_text(json.dumps(facts), encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{target} can't be written ({error.strerror}); free some space and run the same command") from error
    return target.stat().st_size


def load_cache(engine: Engine, target: Path, marks: list[list[object]] | None, out: Path) -> tuple[Loaded, dict[str, int]] | None:
    """The cached table and its facts, where it stands for the same files; ``marks`` None for whatever was read last."""
    try:
        facts = json.loads(target.with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if facts["form"] != FORM or (marks is not None and facts["marks"] != marks) or not target.is_file():
        return None
    show_file(engine, target, ("owner", *_KEPT))
    shutil.copyfile(target.with_suffix(".rejects.csv"), out)
    sources = [Source(Path(source["path"]), source["format"], source["rows"], source["rejected"]) for source in facts["sources"]]
    changes = Counter({(year, before, after): n for year, before, after, n in facts["changes"]})
    loaded = Loaded(sources, facts["faces"], facts["without_match"], facts["duplicates"], facts["without_id"], changes)
    return loaded, facts["reasons"]
