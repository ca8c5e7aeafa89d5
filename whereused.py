"""The command line: one group that loads each stage's ``cli.py`` only when one of its commands is called.

Reads the environment, sets up logging, and turns errors into one line and an exit code:
0 done, 1 nothing usable or a failed check, 2 wrong usage, 3 a provider or the network failed, 130 interrupted.
"""

from __future__ import annotations

import errno
import logging
import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from db.config import Config, load_config
from db.connect import one_line_errors
from db.errors import WhereusedError

# Command → where it lives.  The order is the order of the help page.
COMMANDS = {
    "datasets": "crawler.cli:datasets",
    "crawl": "crawler.cli:crawl",
    "import": "crawler.cli:import_",
    "read": "crawler.reading.cli:read",
    "geocode": "geocode.cli:geocode",
    "verify": "verify.cli:verify",
    "publish": "publish.cli:publish",
    "export": "publish.cli:export",
    "status": "publish.cli:status",
    "news": "publish.cli:news",
    "gazetteer": "geocode.cli:gazetteer",
    "match": "geocode.cli:match",
    "frontmatter": "crawler.reading.cli:frontmatter",
}


class LazyGroup(click.Group):
    """A group whose stages are imported when they are called, so that ``--help`` doesn't wait for Scrapy."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.commands, *COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, name = COMMANDS[cmd_name].split(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command


def installed_version() -> str:
    """The version of this installation; "unknown" when it runs from a tree that was never installed."""
    try:
        return version("whereused")
    except PackageNotFoundError:
        return "unknown"


def _set_up_logging(verbosity: int) -> None:
    level = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO}.get(verbosity, logging.DEBUG if verbosity > 1 else logging.ERROR)
    logging.basicConfig(level=level, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # at DEBUG it writes 1.5 MB a page


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--db", type=click.Path(dir_okay=False, path_type=Path), help="The database file [default: data/whereused.db].")
@click.option("-v", "--verbose", count=True, help="More messages on stderr; twice for all.")
@click.option("-q", "--quiet", is_flag=True, help="Errors only, no progress bars.")
@click.version_option(installed_version(), prog_name="whereused")
@click.pass_context
def main(ctx: click.Context, db: Path | None, verbose: int, quiet: bool) -> None:
    """Where was an image dataset used?

    Harvests the papers and patents that cite it, reads their affiliations, puts the institutions on a map, asks
    reviewers whether the dataset was really used, and publishes the result with its evidence.
    """
    verbosity = -1 if quiet else verbose
    _set_up_logging(verbosity)
    ctx.obj = load_config(db=db, verbosity=verbosity)


def command_line() -> None:
    """Entry point of the script ``whereused``: run the group, then say what went wrong in one line."""
    try:
        with one_line_errors(Path("the database")):
            sys.exit(main.main(standalone_mode=False) or 0)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; what was done is kept, the same command goes on from there", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except WhereusedError as error:
        click.echo(f"whereused: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output has gone, as with `| head`
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            click.echo("whereused: no space left on the disk; free some and run the same command again", err=True)
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            click.echo(f"whereused: no permission for {error.filename}; check it, or name another place", err=True)
        else:
            raise
        sys.exit(1)


__all__ = ["Config", "command_line", "main"]

if __name__ == "__main__":
    command_line()
