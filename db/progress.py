"""Progress on stderr, one look for every stage: bars where somebody is looking, a line now and then where it goes into a log."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from db.config import Config
from db.wording import plain

EVERY_S = 60.0  # between two lines of a log about the same thing
SHORT_S = 20.0  # a job that ends within this says nothing of its steps


@contextmanager
def progress_bars(config: Config) -> Iterator[Progress]:
    """A rich Progress on stderr; nothing with ``-q``, lines where stderr is no terminal."""
    console = Console(stderr=True)
    # What stands beside a bar may be a title out of an answer: "[/b]" in it is text, no markup of rich's.
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    if config.verbosity >= 0 and not console.is_terminal:
        with _Lines(console=console, disable=True, auto_refresh=False) as lines:
            yield lines
    else:
        with Progress(*columns, console=console, disable=config.verbosity < 0) as bars:
            yield bars


@contextmanager
def steps(config: Config, what: str) -> Iterator[Callable[[str], None]]:
    """Tells the steps of one long job: on one line of a terminal, else in a log, where a step that only counts on is told now and then."""
    console = Console(stderr=True)
    if config.verbosity < 0:
        yield lambda _: None
    elif console.is_terminal:
        with console.status("") as status:
            yield lambda text: status.update(escape(plain(text)))
    else:
        lines = _NowAndThen(first_at=SHORT_S)
        yield lambda text: lines.say(re.sub(r"\d+", "", text), f"{what}: {text}")


class _NowAndThen:
    """Says a line about a thing unless one was said lately; the first one after ``first_at`` seconds."""

    def __init__(self, first_at: float) -> None:
        self._began, self._first_at = time.monotonic(), first_at
        self._said: dict[str, float] = {}

    def say(self, about: str, line: str) -> None:
        now = time.monotonic()
        due = self._said[about] + EVERY_S if about in self._said else self._began + self._first_at
        if now >= due:
            self._said[about] = now
            click.echo(plain(line), err=True)


class _Lines(Progress):
    """Bars that nobody sees: a line for each of them once a minute.  What is done within a minute says nothing."""

    def __init__(self, *columns: Any, **options: Any) -> None:
        self._lines = _NowAndThen(first_at=EVERY_S)
        super().__init__(*columns, **options)

    def update(self, task_id: TaskID, **changes: Any) -> None:
        super().update(task_id, **changes)
        self._tell(task_id)

    def advance(self, task_id: TaskID, advance: float = 1) -> None:
        super().advance(task_id, advance)
        self._tell(task_id)

    def _tell(self, task_id: TaskID) -> None:
        task = self._tasks[task_id]
        total = "" if task.total is None else f" of {task.total:.0f}"
        self._lines.say(str(task_id), f"{task.description}: {task.completed:.0f}{total}")
