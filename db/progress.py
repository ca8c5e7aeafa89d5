"""Progress bars on stderr: one look for every stage, silent where nobody is looking."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from db.config import Config


@contextmanager
def progress_bars(config: Config) -> Iterator[Progress]:
    """A rich Progress on stderr; it draws nothing with ``-q`` or where stderr is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=config.verbosity < 0 or not console.is_terminal) as bars:
        yield bars
