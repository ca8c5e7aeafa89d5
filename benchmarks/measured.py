"""Figures that scripts of this folder measured, kept for the plan of docs/scaling.md: ``measured.json``, a section for each script."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("measured.json")


def load() -> dict[str, Any]:
    """Section → its figures."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    return found


def save(section: str, figures: dict[str, Any]) -> None:
    """Replace a section."""
    told = load() | {section: figures}
    FILE.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")
