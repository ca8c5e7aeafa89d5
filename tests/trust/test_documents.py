"""Documents say what is so: every command in them is one that the tool takes, every test that they name is there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from docs.references import missing_tests
from whereused import main

ROOT = Path(__file__).resolve().parent.parent.parent
WRITTEN = ("README.md", "CONTRIBUTING.md", "SECURITY.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))))
GENERATED = ("docs/cli.md", "docs/schema.md", "docs/codebook.md", "docs/providers.md")


def commands(text: str) -> Iterator[list[str]]:
    """The arguments of each call of whereused in blocks of code and between backticks; … stands for more of the same."""
    blocks = re.findall(r"```[a-z-]*\n(.*?)```", text, re.DOTALL) + re.findall(r"(?m)^    (.+)$", text)
    lines = [line.partition("  #")[0] for block in blocks for line in block.splitlines()]
    for line in [*lines, *re.findall(r"`(whereused [^`]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))]:
        for part in re.split(r"&&|\|\||[;|()]", line):
            found = re.match(r"\s*(?:ExecStart=)?(?:\S*/)?whereused (?!=)(.+)", re.split(r"[<>]", " ".join(part.split()))[0])
            if found and "…" not in found[1] and "[" not in found[1] and not found[1].startswith(("takes", "does")):
                yield shlex.split(found[1], comments=True)


def check(arguments: list[str]) -> None:
    """Let click read the arguments, without calling anything; a file that isn't here is no fault of the document."""
    command: click.Command = main
    context, name, rest = None, "whereused", arguments
    while True:
        context = command.make_context(name, list(rest), parent=context)
        if not isinstance(command, click.Group):
            return
        found, group, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        assert found and group
        name, command = found, group


@pytest.mark.parametrize("document", [name for name in WRITTEN if name not in GENERATED])
def test_commands_are_taken_as_they_are_written(document: str) -> None:
    wrong = []
    for arguments in commands((ROOT / document).read_text(encoding="utf-8")):
        try:
            check(arguments)
        except (click.exceptions.NoArgsIsHelpError, click.exceptions.Exit):
            continue
        except click.MissingParameter:  # in running text a command may be named without what it needs
            continue
        except click.UsageError as error:
            if not any(word in error.message for word in ("does not exist", "is not one of", "'DAYS'")):
                wrong.append((" ".join(arguments), error.message))
    assert not wrong, wrong


def test_the_documents_hold_commands() -> None:
    found = [" ".join(c) for c in commands((ROOT / "README.md").read_text(encoding="utf-8"))]
    assert "publish megaface --out site" in found and "run --due --out site" in found and len(found) > 8


@pytest.mark.parametrize("document", ["docs/reliability.md", "SECURITY.md"])
def test_every_named_test_is_there(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    assert missing_tests(text) == []
    assert missing_tests(text + "`trust/machine::no_such_thing`") == ["trust/machine::no_such_thing"]
