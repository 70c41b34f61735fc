"""The command line: the only place where core and adapters meet. Everything heavy is imported where it is used."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

from bot import cli_plain
from bot.cli import parse
from bot.errors import RoastBotError
from bot.extras import missing

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from typing import Any

    from bot.digest_reader import ReadsWeeks
    from bot.meters import Meters
    from bot.parts import Parts
    from bot.ports import Source
    from bot.ports_messenger import Check
    from bot.settings import Settings
    from bot.target import Target

FAILED = 1
INTERRUPTED = 130  # 128 + SIGINT, as shells count


def main(words: list[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 the work failed, 2 the words were wrong."""
    words = sys.argv[1:] if words is None else words
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # an old terminal shows "?" for a dash: better than no roast
    try:
        arguments = parse(words)
        _COMMANDS.get(arguments.command, _memory)(arguments)
        sys.stdout.flush()
    except RoastBotError as error:
        return _complain(str(error), error.exit_status)
    except KeyboardInterrupt:
        return _complain("Stopped.", INTERRUPTED)
    except BrokenPipeError:
        # The reader left (`roast-bot … | head`): nothing is wrong, and nobody is there to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if "--debug" in words:
            raise
        if isinstance(error, ModuleNotFoundError) and (absent := missing(error, f"roast-bot {words[0]}")):
            return _complain(str(absent), FAILED)
        return _complain(
            f"Something unforeseen went wrong ({type(error).__name__}: {error}). "
            "The same command with --debug shows where; please report it.",
            FAILED,
        )
    return 0


def _complain(line: str, status: int) -> int:
    from bot.display import plain

    sys.stderr.write(f"{plain(line)}\n")
    return status


def _begin(arguments: argparse.Namespace) -> Settings:
    """Read the settings and let the log speak to a person."""
    from bot import logs
    from bot.settings import load

    settings = load()
    logs.to_a_person(settings.log, debug=arguments.debug)
    return settings


def _roast(arguments: argparse.Namespace) -> None:
    from bot.settings import load

    settings = load()
    target = target_of(arguments.target, settings)
    _roast_and_show(arguments, settings, target, lambda: source_for(target, settings))


def _demo(arguments: argparse.Namespace) -> None:
    from bot.sample import TARGET, SampleSource
    from bot.settings import load

    sys.stderr.write("This is a sample: the pull request was written for roast-bot, sins and all.\n")
    _roast_and_show(arguments, load(), TARGET, SampleSource, lines=True)


def _roast_and_show(
    arguments: argparse.Namespace,
    settings: Settings,
    target: Target,
    source: Callable[[], Source],
    *,
    lines: bool = False,
) -> None:
    """Roast and show: the card, the story, the receipts, the picture; or the verdict as JSON."""
    import asyncio

    from adapters.model.configured import writer_for
    from adapters.picture import render
    from adapters.terminal.progress import Progress as Spinner
    from adapters.terminal.roast import show_roast
    from adapters.terminal.style import console_for
    from bot import brief, cli_roast, logs
    from bot.card import card_of

    logs.to_a_person(settings.log, debug=arguments.debug)
    picture = cli_roast.picture_path(arguments.picture)
    asked = brief.Heat(arguments.heat) if arguments.heat else None
    number = 0
    with Spinner(console_for(sys.stderr), lines=lines) as progress:
        if not lines and cli_roast.remembers(settings, wanted=arguments.remember):
            from bot.cli_memory import begin_and_remember

            begun = parts_of(settings, source=source())
            number, verdict = asyncio.run(begin_and_remember(begun, target, asked, progress))
        else:
            heat, writer = settings.roast.bounded(asked), writer_for(settings)
            judging = cli_roast.judge(target, source(), settings, progress, heat=heat, writer=writer)
            verdict = asyncio.run(judging)
        if picture:
            cli_roast.write_picture(picture, render(card_of(verdict), verdict, settings.roast.picture_theme))
    show_roast(arguments, verdict, length=settings.roast.length, number=number)


def _evidence(arguments: argparse.Namespace) -> None:
    import asyncio

    from adapters.terminal.evidence import show_evidence
    from adapters.terminal.progress import Progress as Spinner
    from adapters.terminal.style import console_for
    from bot import cli_roast

    settings = _begin(arguments)
    target = target_of(arguments.target, settings)
    with Spinner(console_for(sys.stderr)) as progress:
        case, exhibits = asyncio.run(cli_roast.collect(target, source_for(target, settings), settings, progress))
    if arguments.json:
        from bot.output import evidence_json, print_json

        print_json(evidence_json(case.pull_request, exhibits, case.coverage))
    else:
        show_evidence(console_for(), case.pull_request, exhibits, case.coverage)


def _digest(arguments: argparse.Namespace) -> None:
    from adapters.model.configured import writer_for
    from adapters.picture import render_week
    from adapters.terminal.digest import run

    settings = _begin(arguments)
    run(arguments, settings, writer_for(settings), source_for, render_week)


def _memory(arguments: argparse.Namespace) -> None:
    """Run one of the commands on the memory."""
    import asyncio

    from adapters.terminal.answer import show_answer
    from adapters.terminal.style import console_for
    from bot import cli_memory, cli_roast
    from bot.output import print_json
    from bot.ports_messenger import Answer

    settings = _begin(arguments)
    cli_roast.must_remember(settings, arguments.command)
    answer = asyncio.run(cli_memory.begin_and_run(arguments, parts_of(settings)))
    if isinstance(answer, Answer):
        show_answer(console_for(), answer)
    else:
        print_json(answer)


def _serve(arguments: argparse.Namespace) -> None:
    import asyncio

    from bot import doctor, logs
    from bot.settings import load

    settings = load()
    logs.configure(settings.log, doctor.secrets_of(settings))
    asyncio.run(_run_bot(settings, hears=arguments.command == "serve"))


async def _run_bot(settings: Settings, *, hears: bool) -> None:
    """Put everything together and run it until a signal. A worker does not hear: it works off what others took."""
    import asyncio

    from adapters.trace.configured import traced
    from adapters.web.app import make_app
    from adapters.web.metrics import PrometheusMeters
    from adapters.web.server import WebServer
    from bot import __version__, serve

    if not hears:
        serve.may_work(settings)
    stop = asyncio.Event()
    serve.stop_on_signals(stop)
    meters = PrometheusMeters()
    parts = traced(await parts_of(settings, meters=meters, serving=True))
    off = _add_platforms(parts)
    sides, mounts, port = parts.sides(hears=hears), {}, settings.web.worker_port
    if hears:
        from adapters.devlog.configured import pages_of
        from adapters.scheduler import schedulers_of

        sides, mounts, port = [*sides, *await schedulers_of(parts)], parts.mounts() | pages_of(parts), settings.web.port
    token = settings.web.metrics_token
    app = make_app(parts.hurdles, lambda: parts.metrics(meters), mounts, token.get_secret_value() if token else None)
    web = WebServer(app, settings.web.host, port)
    service = serve.Service(
        queue=parts.queue,
        handlers=parts.handlers(),
        platforms=parts.platforms,
        sides=[web, *sides] if hears or port else sides,
        close=parts.close,
        drain_seconds=settings.queue.drain,
        linger_seconds=settings.web.linger if hears else 0.0,
    )
    parts.troubles, parts.stopping = service.troubles, stop.is_set
    for one in parts.platforms:
        one.hears = hears

    await service.run(stop, lambda: print(serve.screen(__version__, parts.rows(off, web.address)), flush=True))  # noqa: T201


def _devlog(arguments: argparse.Namespace) -> None:
    from adapters import picture, store
    from adapters.devlog.configured import command

    command(arguments, _begin(arguments), parts_of, picture.render, store.open_store)


def _add_platforms(parts: Parts) -> list[tuple[str, str]]:
    """See ``bot.platforms``."""
    from importlib import import_module

    from bot.platforms import add_platforms

    return add_platforms(parts, lambda name: getattr(import_module(f"adapters.{name}.app"), f"{name.capitalize()}App"))


def _doctor(arguments: argparse.Namespace) -> None:
    import asyncio

    from bot import doctor

    settings = _begin(arguments)
    text, sound = doctor.report(asyncio.run(_check_up(settings)))
    sys.stdout.write(f"{text}\n")
    if not sound:
        raise RoastBotError("Something that is needed is broken.", "The lines above say what to do.")


async def _check_up(settings: Settings) -> list[Check]:
    from adapters.github.checkup import check_up as check_github
    from adapters.github.configured import github_source
    from adapters.model.configured import check
    from adapters.store import open_store
    from adapters.store.base import SystemClock
    from bot import doctor

    source = github_source(settings)
    return await doctor.check_up(
        settings,
        open_store=lambda: open_store(settings.store.url),
        github=lambda: check_github(source),
        close=source.aclose,
        model=lambda: check(settings),
        parts_of=lambda: parts_of(settings),
        add_platforms=_add_platforms,
        now=SystemClock().now,
    )


async def parts_of(
    settings: Settings, *, meters: Meters | None = None, source: Source | None = None, serving: bool = False
) -> Parts:
    """Put a bot together. ``source`` is the one to read from, GitHub's otherwise; ``serving`` works in processes."""
    from adapters.github.configured import github_source
    from adapters.model.configured import budget_for, writer_for
    from adapters.picture.configured import painters
    from adapters.queue.configured import queue_maker
    from adapters.queue.pool import ProcessBench
    from adapters.store import open_store
    from adapters.store.base import SystemClock
    from bot import parts
    from bot.feedback import EmojiMap

    clock = SystemClock()
    emoji = EmojiMap.with_own(settings.reactions.emoji)
    store = await open_store(settings.store.url, clock=clock, emoji=emoji, connections=settings.store.connections)
    draw, draw_week = painters(settings)
    shared = (store, clock) if settings.queue.engine == "procrastinate" else None
    tools = parts.Tools(
        clock=clock,
        store=store,
        source=source or github_source(settings, shared),
        clones=None if serving or source else lambda target: source_for(target, settings),
        writer=writer_for(settings, budget_for(settings, clock, store)),
        queue=await queue_maker(settings),
        bench=ProcessBench if serving else None,
        draw=draw if serving else None,
        draw_week=draw_week if serving else None,
        **(_ears() if serving else {}),
        meters=meters,
        hosts=settings.hosts,
    )
    return parts.put_together(settings, tools)


def _ears() -> dict[str, Any]:
    """Return what only a process that serves has need of: other commands do without its libraries."""
    from adapters.feeds.http import HttpFeeds
    from adapters.web.webhook import webhook_app

    return {"feeds": HttpFeeds(), "webhook": webhook_app}


def target_of(text: str, settings: Settings) -> Target:
    """Read the target."""
    from bot.target import parse_target

    return parse_target(text, hosts=settings.hosts)


def source_for(target: Target, settings: Settings) -> ReadsWeeks:
    """Return the source that reads the target: git for a path, GitHub for everything else."""
    from bot.target import LocalTarget

    if isinstance(target, LocalTarget):
        from adapters.local_git.source import LocalGitSource

        return LocalGitSource(seconds=settings.git.timeout)
    from adapters.github.configured import github_source

    return github_source(settings)


_COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "roast": _roast,
    "evidence": _evidence,
    "digest": _digest,
    "demo": _demo,
    "offences": cli_plain.offences,
    "init": cli_plain.init,
    "version": cli_plain.version,
    "devlog": _devlog,
    "serve": _serve,
    "worker": _serve,
    "doctor": _doctor,
}
"""The others are commands on the memory."""

if __name__ == "__main__":
    sys.exit(main())
