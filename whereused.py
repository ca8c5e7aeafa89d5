"""The command line: one group that loads each stage's ``cli.py`` only when one of its commands is called.

Reads the environment, sets up logging, and turns errors into one line and an exit code:
0 done, 1 nothing usable or a failed check, 2 wrong usage, 3 a provider or the network failed, 130 interrupted.
"""

from __future__ import annotations

import db.interrupts  # first of all: Ctrl-C during the other imports

# isort: split
import sys
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

import click

from db.command_line import global_first, has_lost_stdout, open_streams, told_in_one_line
from db.config import Config, load_config
from db.connect import Database, one_line_errors, open_for_reading, open_for_writing, writing
from db.connect import backup as save_backup
from db.errors import StorageError, UsageError, WhereusedError
from db.gazetteer import MISSING
from db.health import check_all
from db.logs import LOG_FORMATS, set_up_logging
from db.runs import installed_version, only_one
from db.secrets import keep_out_of_logs, without_secrets
from db.wording import plain

# Command → where it lives.  The order is the order of the help page.
COMMANDS = {
    "datasets": "crawler.cli:datasets",
    "crawl": "crawler.cli:crawl",
    "fetch-worker": "crawler.frontier.cli:fetch_worker",
    "bulk": "crawler.bulk.cli:bulk",
    "import": "crawler.cli:import_",
    "read": "crawler.reading.cli:read",
    "geocode": "geocode.cli:geocode",
    "verify": "verify.cli:verify",
    "adjudicate": "verify.cli:adjudicate",
    "calibrate": "verify.cli_figures:calibrate",
    "agreement": "verify.cli_figures:agreement",
    "places": "verify.cli:places",
    "forget": "verify.cli:forget",
    "corrections": "verify.corrections.cli:corrections",
    "publish": "publish.cli:publish",
    "export": "publish.cli:export",
    "tiles": "publish.cli:tiles",
    "status": "publish.cli:status",
    "news": "publish.cli:news",
    "serve": "publish.cli:serve",
    "gazetteer": "geocode.cli:gazetteer",
    "match": "geocode.cli:match",
    "frontmatter": "crawler.reading.cli:frontmatter",
    "photos": "photos.cli:photos",
}
# Subcommands that another stage has: only here may two stages meet.
BORROWED = {"photos": ("crawler.cli:check_photos",)}


def _load_command(place: str) -> click.Command:
    module, name = place.split(":")
    command = getattr(import_module(module), name)
    assert isinstance(command, click.Command)
    return command


def _catalogue() -> object:
    """The datasets that every new database should know; commands of other stages than crawl find it in the root's ``meta``."""
    from crawler.datasets import load_datasets

    return load_datasets()


class LazyGroup(click.Group):
    """A group whose stages are imported when they are called, so that ``--help`` doesn't wait for Scrapy."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.commands, *COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        command = _load_command(COMMANDS[cmd_name])
        for place in BORROWED.get(cmd_name, ()):
            assert isinstance(command, click.Group)
            command.add_command(_load_command(place))
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, global_first(args))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named; a name that is none gets the nearest ones told."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = get_close_matches(args[0].casefold(), self.list_commands(ctx), n=2, cutoff=0.6)
            if not near or "did you mean" in error.message.casefold():
                raise
            raise click.UsageError(f"{error.message.rstrip('.')}; did you mean {' or '.join(near)}?", ctx) from error

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; where the reader of our output has gone, as with ``| head``, that is no error.

        click itself would turn it into exit 1 (https://github.com/pallets/click/blob/8.3.0/src/click/core.py, ``main``).
        """
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            if not has_lost_stdout():
                raise
            raise click.exceptions.Exit(0) from None
        return result


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--db", type=click.Path(dir_okay=False, path_type=Path), help="The database file [default: data/whereused.db].")
@click.option("-v", "--verbose", count=True, help="More messages on stderr; twice for all.")
@click.option("-q", "--quiet", is_flag=True, help="Errors only, no progress bars.")
@click.option("--log-format", type=click.Choice(LOG_FORMATS), help="How messages stand on stderr [default: text].")
@click.version_option(installed_version(), prog_name="whereused")
@click.pass_context
def main(ctx: click.Context, db: Path | None, verbose: int, quiet: bool, log_format: str | None) -> None:
    """Where was an image dataset used?

    Harvests the papers and patents that cite it, reads their affiliations, puts the institutions on a map, asks
    reviewers whether the dataset was really used, and publishes the result with its evidence.
    """
    verbosity = -1 if quiet else verbose
    ctx.obj = load_config(db=db, verbosity=verbosity)
    set_up_logging(verbosity, log_format or ctx.obj.choice("LOG_FORMAT", LOG_FORMATS))
    keep_out_of_logs(ctx.obj)
    _tell(ctx.obj, *ctx.obj.warnings)
    ctx.meta["whereused.catalogue"] = _catalogue
    ctx.meta["whereused.page_text"] = lambda data, number: import_module("crawler.reading.pdfium").page_text(data, number)
    ctx.meta["whereused.forget_owner"] = lambda config, nsid: import_module("photos.forget").forget_owner(config, nsid)


@main.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(config: Config, target: Path) -> None:
    """Write a verified copy of the database to TARGET; works while other commands run."""
    if target.exists():
        raise UsageError(f"{target} exists; name a new file")
    db = open_for_reading(config.db)
    save_backup(db, target)
    db.close()
    click.echo(f"{target}: {target.stat().st_size} bytes, checked; the full texts lie in {config.files}, copy that folder too", err=True)


@main.command()
@click.option("--upgrade", is_flag=True, help="Bring an older database to this version's layout, after a backup.")
@click.option("--repair", is_flag=True, help="Mend what can be mended, after a backup; files are moved aside, not removed.")
@click.pass_obj
def doctor(config: Config, upgrade: bool, repair: bool) -> None:
    """Check installation, keys, gazetteer, database and disk; exit 1 when something is wrong."""
    if upgrade and config.db.exists():
        open_for_writing(config.db).close()
    if repair and config.db.exists():
        _tell(config, *import_module("db.repair").repair(config))
    from crawler.providers import key_hints

    checks = check_all(config, key_hints(config))
    for check in checks:
        click.echo(f"{'ok ' if check.ok else 'BAD'}  {check.name}: {check.text}")
    if not all(check.ok for check in checks):
        sys.exit(1)


@main.command()
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--due", is_flag=True, help="Only lists whose interval has passed: 7 days, or what `datasets interval` says.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default="site", show_default=True, help="The folder of the pages.")
@click.option("--accept-suspect", is_flag=True, help="Publish also what the last crawl showed far less of than the one before.")
@click.option("--metrics", type=click.Path(dir_okay=False, path_type=Path), help="Write figures for Prometheus here.")
@click.pass_context
def run(ctx: click.Context, slugs: tuple[str, ...], due: bool, out: Path, metrics: Path | None, accept_suspect: bool) -> None:
    """Crawl, read, geocode and publish, one after the other: what cron calls.

    Where a provider fails, what is there is still read, located and published; the exit code is then 3.
    """
    if not ctx.obj.gazetteer.is_file():
        raise UsageError(MISSING)  # before the long harvest, not after it
    with only_one(ctx.obj.db, "run"):
        try:
            worst = _run_stages(ctx, slugs, due=due, publishing={"out": out, "accept_suspect": accept_suspect})
        except WhereusedError as error:
            _save_metrics(ctx.obj, metrics, error.exit_code)
            raise
        _save_metrics(ctx.obj, metrics, worst)
    ctx.exit(worst)


def _save_metrics(config: Config, path: Path | None, exit_code: int) -> None:
    if path and config.db.is_file():
        import_module("publish.metrics").save_metrics(config, path, exit_code=exit_code)


def _run_stages(ctx: click.Context, slugs: tuple[str, ...], *, due: bool, publishing: dict[str, object]) -> int:
    """The stages in their order; the worst exit code of those that failed without ending the run."""
    steps: tuple[tuple[str, dict[str, object]], ...] = (("crawl", {"due": due}), ("read", {}), ("geocode", {}), ("publish", publishing))
    worst = 0
    for name, options in steps:
        command = main.get_command(ctx, name)
        assert command is not None
        try:
            ctx.invoke(command, slugs=slugs, **options)
        except StorageError:
            raise
        except (WhereusedError, click.exceptions.Exit) as error:
            if error.exit_code == UsageError.exit_code:
                raise
            if name != "read" or error.exit_code != 1:  # a week whose only new full text can't be read is no failure
                worst = max(worst, error.exit_code)
            if isinstance(error, WhereusedError):
                click.echo(f"whereused: {name}: {plain(without_secrets(str(error)))}", err=True)
    return worst


@main.command()
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default="demo-out", show_default=True, help="The demo's own folder."
)
@click.pass_obj
def demo(config: Config, out: Path) -> None:
    """The whole job on the bundled sample, without network; prints where the map is.

    The works and their facts are real; the PDFs are stand-ins, and the decisions are samples. Nothing outside of the
    folder is written.
    """
    from crawler.sample.demo import Stages
    from crawler.sample.demo import run as run_demo

    stages = Stages(
        crawl=import_module("crawler.run").run,
        import_file=import_module("crawler.importing.run").run,
        read=import_module("crawler.reading.run").run,
        import_gazetteer=import_module("geocode.gazetteer").import_dump,
        geocode=import_module("geocode.run").run,
        decide=_save_sample_decision,
        publish=import_module("publish.run").run,
    )
    for line in run_demo(config, out, stages, lambda text: _tell(config, text)).lines():
        click.echo(line)


def _save_sample_decision(db: Database, slug: str, work_id: int, label: str, purposes: tuple[str, ...]) -> None:
    """A label of the reviewer "sample", and a decision whose reason says that it is one."""
    from db.decisions import Decision, add_decision
    from db.verify import Seat, Verdict, save_label, save_reviewer

    who = save_reviewer(db, "sample").reviewer_id
    save_label(db, Seat(slug, who), work_id, Verdict(label, purposes, note="sample of the demo"))
    with writing(db):
        add_decision(db, work_id, slug, Decision(label, purposes, "sample", who))


def _tell(config: Config, *lines: str) -> None:
    if config.verbosity >= 0:
        for line in lines:
            click.echo(line, err=True)


def command_line() -> None:
    """Entry point of the script ``whereused``: run the group, then say what went wrong in one line."""
    open_streams()
    with told_in_one_line(), one_line_errors(Path("the database")):
        sys.exit(main.main(standalone_mode=False) or 0)


__all__ = ["Config", "command_line", "main"]

db.interrupts.handle()

if __name__ == "__main__":
    command_line()
