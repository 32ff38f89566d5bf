"""The terminal commands."""

import asyncio
import json
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from bot import __version__, logs
from bot.errors import MoonballotError, plain_text
from bot.settings import Settings, load_settings

DEFAULT_PORT = 8765

cli = typer.Typer(
    name="moonballot",
    help="A self-hosted Discord bot for crypto communities. Without a command it runs the bot when DISCORD_TOKEN is "
    "set, and the playground when it is not.",
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command line; what a person can mend ends in one line and exit code 2."""
    try:
        cli()
    except MoonballotError as error:
        _fail(plain_text(error))


def _fail(line: str) -> NoReturn:
    print(f"moonballot: {line}", file=sys.stderr)
    raise SystemExit(2)


def _run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


@cli.callback(invoke_without_command=True)
def default(context: typer.Context, version: Annotated[bool, typer.Option("--version")] = False) -> None:
    """Choose between the bot and the playground when no command is given."""
    if version:
        print(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        settings = load_settings()
        if settings.discord_token is not None:
            _bot(settings)
        else:
            print("DISCORD_TOKEN is not set, so this opens the playground: a simulated Discord in your browser.")
            _playground(settings, DEFAULT_PORT, fresh=False)


@cli.command()
def bot() -> None:
    """Run the bot; DISCORD_TOKEN must be set."""
    _bot(load_settings())


def _bot(settings: Settings) -> None:
    from bot.app import run_bot  # the client takes long to import, and the other commands do without it

    logs.configure(settings.log_format)
    _run(run_bot(settings))


@cli.command()
def playground(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The page's port on 127.0.0.1")] = DEFAULT_PORT,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew, without the votes of the last time")] = False,
) -> None:
    """Try the bot in the browser, in a simulated Discord; nothing leaves this machine."""
    _playground(load_settings(), port, fresh=fresh)


def _playground(settings: Settings, port: int, *, fresh: bool) -> None:
    try:
        from bot.playground.run import run_playground
    except ModuleNotFoundError as error:
        if error.name != "simcord":
            raise
        _fail("the playground needs the simulator: pip install 'moonballot[preview]'")
    logs.configure(settings.log_format)
    _run(run_playground(settings, port, fresh))


@cli.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="What you want to know")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one object to a line")] = False,
    file: Annotated[Path | None, typer.Option(help="Answer each line of a file instead")] = None,
) -> None:
    """Answer a question from what ships, as /ask does; reads no token and no database."""
    if (question is None) == (file is None):
        _fail("ask needs a question, or --file with a question on each line")
    questions = [question or ""] if file is None else _lines(file)

    from bot.answers.terminal import answer_json, answer_text, answers_to  # takes long, and is not needed to refuse

    for asked, answer in zip(questions, answers_to(questions), strict=True):
        if as_json:
            print(json.dumps(answer_json(answer), ensure_ascii=False), flush=True)
        else:
            print(answer_text(answer) if file is None else f"> {asked}\n{answer_text(answer)}\n", flush=True)


def _lines(file: Path) -> list[str]:
    try:
        with file.open(encoding="utf-8-sig") as lines:
            return [line.rstrip("\n") for line in lines]
    except (OSError, UnicodeDecodeError) as error:
        _fail(f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}")


@cli.command()
def check() -> None:
    """Say whether this set-up is able to run; exit code 1 when it is not."""
    from bot.checks import checks

    results = asyncio.run(checks())
    for result in results:
        print(f"{'ok     ' if result.ok else 'PROBLEM'}  {result.what}: {result.found}")
    raise typer.Exit(0 if all(result.ok for result in results) else 1)


@cli.command()
def link(
    url: str,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Say whether the link URL is official, imitates a project, is a known scam, or is unknown; opens nothing."""
    from bot.links.terminal import verdict_json, verdict_on, verdict_text

    verdict = verdict_on(url, load_settings())
    print(json.dumps(verdict_json(verdict), ensure_ascii=False) if as_json else verdict_text(verdict))


@cli.command()
def migrate() -> None:
    """Create the database or bring its schema up to date."""
    from bot.store.engine import Store

    async def work() -> None:
        store = Store(load_settings().database_url)
        try:
            await store.open()
        finally:
            await store.close()
        print(f"{store.where} is up to date.")

    _run(work())


@cli.command()
def backup(file: Path) -> None:
    """Write a consistent copy of the database to FILE; the bot may be running."""
    from bot.store.backup import backup as take

    take(_sqlite_file(), file)
    print(f"{file} holds all polls, ballots and schedules.")


@cli.command()
def restore(
    file: Path,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask")] = False,
) -> None:
    """Put the backup FILE in the place of the database; stop the bot first."""
    from bot.store.backup import check as check_backup
    from bot.store.backup import restore as put_back

    database = _sqlite_file()
    check_backup(file)
    if not yes:
        typer.confirm(f"Replace {database} by {file}? The present one is put aside.", abort=True)
    aside = put_back(file, database, datetime.now(UTC))
    print(f"{database} is restored." + (f" What stood there is now {aside}." if aside else ""))


@cli.command()
def verify(
    file: Path,
    receipt: Annotated[str | None, typer.Option(help="Also look for the ballot of this receipt")] = None,
    root: Annotated[str | None, typer.Option(help="Also compare with the root that was posted")] = None,
) -> None:
    """Recount an exported poll from FILE alone; exit code 1 and the first thing that does not hold."""
    from bot.polls.proof.report import report_text
    from bot.polls.proof.verify import verify as recount

    report = recount(file, receipt=receipt, root=root)
    print(report_text(report))
    raise typer.Exit(0 if report.holds else 1)


@cli.command()
def export(poll: int, file: Path) -> None:
    """Write the closed poll number POLL to FILE, as /poll export does, whatever its size."""
    from bot.polls.closing import export_to
    from bot.store.engine import Store

    async def work() -> None:
        store = Store(load_settings().database_url)
        try:
            await store.open()
            ballots = await export_to(store, poll, file)
        finally:
            await store.close()
        print(f"{file} holds {ballots:,} ballots; recount it with: python run.py verify {file}")

    _run(work())


def _sqlite_file() -> Path:
    database = load_settings().sqlite_file
    if database is None:
        _fail("backup and restore are for SQLite; for PostgreSQL use pg_dump and pg_restore")
    return database
