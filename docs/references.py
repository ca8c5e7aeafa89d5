"""Checks that every test which a document names is there: `python -m docs.references`; exit 1 and the missing ones where not.

A document names a test as `room/file::function`, below tests/ and without `test_` and `.py`: `trust/machine::cut_log`.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_NAMED = re.compile(r"`([a-z]+)/([a-z_]+)::([a-z0-9_]+)`")


def named_tests(text: str) -> Iterator[tuple[str, Path, str]]:
    """(as it is named, file, function) of each test that a text names."""
    for room, file, function in _NAMED.findall(text):
        yield f"{room}/{file}::{function}", ROOT / "tests" / room / f"test_{file}.py", f"test_{function}"


def missing_tests(text: str) -> list[str]:
    """The named tests that are not there."""
    return sorted({name for name, path, function in named_tests(text) if function not in _functions(path)})


def _functions(path: Path) -> set[str]:
    if not path.is_file():
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


if __name__ == "__main__":
    found = {path.name: missing_tests(path.read_text(encoding="utf-8")) for path in (*(ROOT / "docs").glob("*.md"), ROOT / "SECURITY.md")}
    for document, names in found.items():
        for name in names:
            print(f"{document}: no test {name}")
    sys.exit(1 if any(found.values()) else 0)
