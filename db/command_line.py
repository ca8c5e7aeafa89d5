"""What holds for every command: its streams, where the global options may stand, how wrong usage is told."""

from __future__ import annotations

import errno
import io
import os
import select
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from db.errors import WhereusedError
from db.secrets import without_secrets
from db.wording import plain

_WITH_VALUE = ("--db", "--log-format")
_FLAGS = ("-v", "-vv", "--verbose", "-q", "--quiet")


def open_streams() -> None:
    """Give the command three streams, whatever the caller left.

    One that was closed (``whereused … <&-``) leads nowhere: else the next file to be opened would stand in its place.  Pipes and
    files hold UTF-8 whatever the locale; a terminal keeps its own encoding.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 (for the whole call)
        elif name != "stderr" and isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")  # names of files may be no text


def has_lost_stdout() -> bool:
    """Whether nobody reads our stdout any longer; what is left to be written there is then thrown away
    (https://docs.python.org/3/library/signal.html#note-on-sigpipe).
    """
    asked = select.poll()
    asked.register(sys.stdout.fileno(), select.POLLOUT)
    if not any(event & (select.POLLERR | select.POLLHUP) for _, event in asked.poll(0)):
        return False  # another pipe or connection broke
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return True


def global_first(args: Sequence[str]) -> list[str]:
    """The arguments with the global options in front, wherever the user wrote them; what stands behind ``--`` stays.

    >>> global_first(["status", "--db", "w.db", "-q"])
    ['--db', 'w.db', '-q', 'status']
    """
    first: list[str] = []
    others: list[str] = []
    rest = iter(args)
    for arg in rest:
        if arg == "--":
            others += [arg, *rest]
        elif arg in _FLAGS or arg.startswith(tuple(f"{name}=" for name in _WITH_VALUE)):
            first.append(arg)
        elif arg in _WITH_VALUE and (value := next(rest, None)) is not None:
            first += [arg, value]
        else:
            others.append(arg)
    return first + others


def in_one_line(error: click.ClickException) -> str:
    """What click found wrong, and where the help is; click itself would take four lines."""
    text = " ".join(error.format_message().split())
    text += "" if text.endswith((".", "!", "?")) else "."
    context = getattr(error, "ctx", None)
    return f"{text} See `{context.command_path} --help`." if context else text


@contextmanager
def told_in_one_line() -> Iterator[None]:
    """Around a whole command: what went wrong in one line, and the exit code that goes with it."""
    try:
        yield
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; what was done is kept, the same command goes on from there", err=True)
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as error:  # a bare `whereused` asks for the help page
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        click.echo(f"whereused: {in_one_line(error)}", err=True)
        sys.exit(error.exit_code)
    except WhereusedError as error:
        click.echo(f"whereused: {plain(without_secrets(str(error)))}", err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            click.echo("whereused: no space left on the disk; free some and run the same command again", err=True)
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            click.echo(f"whereused: no permission for {error.filename}; check it, or name another place", err=True)
        else:
            raise
        sys.exit(1)
