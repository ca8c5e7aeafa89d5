"""Writes the documents that follow from the code, and fails where one is stale.

python -m docs.generate            write docs/cli.md, docs/schema.md, docs/providers.md, docs/codebook.md
python -m docs.generate --check    exit 1 and name the stale ones
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from sqlite_utils import Database

from crawler.providers import PATENTS, PROVIDERS
from db.migrations import MIGRATIONS
from geocode.providers import ALL as PLACES
from verify.codebook import render_codebook
from whereused import main

HERE = Path(__file__).parent
NOTE = "<!-- Made by `make docs`; don't edit. -->\n"


def _help_pages(command: click.Command, path: str) -> Iterator[str]:
    context = click.Context(command, info_name=path, max_content_width=100)
    yield f"## {path}\n\n```\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from _help_pages(child, f"{path} {name}")


def cli() -> str:
    """Every command's help page."""
    return "# Commands\n\n" + "\n".join(_help_pages(main, "whereused"))


def schema() -> str:
    """Every table and view as SQLite keeps it, comments included."""
    db = Database(memory=True)
    MIGRATIONS.set.apply(db)
    rows = db.conn.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE '\\_%' ESCAPE '\\' "
        "AND name NOT LIKE 'sqlite%' ORDER BY rowid"
    ).fetchall()
    db.close()
    parts = [f"## {name}\n\n```sql\n{sql}\n```\n" for _, name, sql in rows]
    return f"# Schema\n\n{len(rows)} tables and views; the migrations in `db/migrations/` make them.\n\n" + "\n".join(parts)


def providers() -> str:
    """What is known of each outside service."""
    lines = ["# Providers", "", "| name | documentation | terms | licence | attribution | read on |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {p.name} | {p.documentation or ''} | {p.terms or ''} | {p.licence or ''} | {p.attribution or ''} | {p.checked_on or ''} |"
        for p in (*(provider.facts for provider in PROVIDERS), *PATENTS, *PLACES)
    ]
    return "\n".join(lines) + "\n"


DOCUMENTS: dict[str, Callable[[], str]] = {"cli.md": cli, "schema.md": schema, "providers.md": providers, "codebook.md": render_codebook}


def run(check: bool) -> list[str]:
    """Write the documents, or with ``check`` only compare; returns the names of those that differed."""
    stale = []
    for name, make in DOCUMENTS.items():
        path, text = HERE / name, NOTE + "\n" + make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, encoding="utf-8")
    return stale


if __name__ == "__main__":
    checking = "--check" in sys.argv[1:]
    changed = run(checking)
    for name in changed:
        print(("stale: " if checking else "written: ") + f"docs/{name}")
    sys.exit(1 if checking and changed else 0)
