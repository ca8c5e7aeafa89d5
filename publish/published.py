"""What earlier publications showed, as the manifests in their folders tell: corrections are told against that, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from db.queries.corrections import Shown
from publish.manifest import MANIFEST


def load_shown(slug: str, folders: Iterable[Path]) -> list[Shown]:
    """The publications of a dataset that were made in these folders, each once, the oldest first; none where no manifest of it lies."""
    return sorted({shown for folder in folders for shown in _read(folder / MANIFEST, slug)})


def _read(path: Path, slug: str) -> list[Shown]:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    if not isinstance(manifest, dict) or manifest.get("dataset") != slug:
        return []
    told = manifest.get("publications")
    return [shown for entry in (told if isinstance(told, list) else [manifest]) if (shown := _shown(entry))]


def _shown(entry: Any) -> Shown | None:
    """A publication out of an entry, or out of a whole manifest as earlier versions wrote it."""
    as_of, include, n = (entry.get(name) if isinstance(entry, dict) else None for name in Shown._fields)
    return Shown(as_of, include, n if isinstance(n, int) else -1) if isinstance(as_of, str) and isinstance(include, str) else None
