"""The command line: the only place where core and adapters meet. Everything heavy is imported where it is used."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

from bot.cli import parse
from bot.errors import RoastBotError, SettingsError, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, MutableMapping
    from pathlib import Path
    from typing import Any

    from bot.brief import Heat
    from bot.case import Case
    from bot.exhibit import Exhibit
    from bot.ports import Progress, Source, Writer
    from bot.settings import Settings
    from bot.target import Target
    from bot.verdict import Verdict

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
        _COMMANDS[arguments.command](arguments)
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


def _roast(arguments: argparse.Namespace) -> None:
    from bot.settings import load

    settings = load()
    target = target_of(arguments.target, settings)
    _serve(arguments, settings, target, lambda: source_for(target, settings))


def _demo(arguments: argparse.Namespace) -> None:
    from bot.sample import TARGET, SampleSource
    from bot.settings import load

    sys.stderr.write("This is a sample: the pull request was written for roast-bot, sins and all.\n")
    _serve(arguments, load(), TARGET, SampleSource, lines=True)


def _serve(
    arguments: argparse.Namespace,
    settings: Settings,
    target: Target,
    source: Callable[[], Source],
    *,
    lines: bool = False,
) -> None:
    """Roast and show: the card, the story, the receipts, the picture; or the verdict as JSON."""
    import asyncio

    from adapters.terminal.card import show_card, show_story
    from adapters.terminal.evidence import show_exhibits
    from adapters.terminal.progress import Progress as Spinner
    from adapters.terminal.style import console_for
    from bot import brief
    from bot.card import card_of

    _log_to_stderr(settings, debug=arguments.debug)
    picture = _picture_path(arguments.picture)
    heat = settings.roast.bounded(brief.Heat(arguments.heat) if arguments.heat else None)
    with Spinner(console_for(sys.stderr), lines=lines) as progress:
        verdict = asyncio.run(_judge(target, source(), settings, heat, progress))
        if picture:
            _paint(picture, verdict, settings)
    if arguments.json:
        from bot.output import verdict_json

        _print_json(verdict_json(verdict))
        return
    console = console_for()
    show_card(console, card_of(verdict))
    if (arguments.length or settings.roast.length) == "long":
        show_story(console, verdict)
    if arguments.receipts:
        show_exhibits(console, verdict.exhibits, verdict.coverage)


async def _judge(target: Target, source: Source, settings: Settings, heat: Heat, progress: Progress) -> Verdict:
    import asyncio

    from bot import trial
    from bot.guard import may_roast

    try:
        case = await trial.gather(target, source, progress)
        may_roast(case.pull_request, settings.privacy)
        exhibits = await asyncio.to_thread(trial.examine, case)
        charges = sum(item.is_charge for item in exhibits)
        await progress("exhibits", f"{len(exhibits)} exhibits, {charges} of them charges")
        return await trial.try_case(case, exhibits, heat=heat, writer=writer_for(settings), progress=progress)
    finally:
        await source.aclose()


def _evidence(arguments: argparse.Namespace) -> None:
    import asyncio

    from adapters.terminal.evidence import show_evidence
    from adapters.terminal.progress import Progress as Spinner
    from adapters.terminal.style import console_for
    from bot.settings import load

    settings = load()
    _log_to_stderr(settings, debug=arguments.debug)
    target = target_of(arguments.target, settings)
    with Spinner(console_for(sys.stderr)) as progress:
        case, exhibits = asyncio.run(_collect(target, source_for(target, settings), settings, progress))
    if arguments.json:
        from bot.output import evidence_json

        _print_json(evidence_json(case.pull_request, exhibits, case.coverage))
    else:
        show_evidence(console_for(), case.pull_request, exhibits, case.coverage)


async def _collect(
    target: Target, source: Source, settings: Settings, progress: Progress
) -> tuple[Case, tuple[Exhibit, ...]]:
    from bot import trial
    from bot.guard import may_roast

    try:
        case = await trial.gather(target, source, progress)
        may_roast(case.pull_request, settings.privacy)
        await progress("exhibits", "looking")
        return case, trial.examine(case)
    finally:
        await source.aclose()


def _offences(arguments: argparse.Namespace) -> None:
    from bot.detectors import BY_KIND

    if not arguments.explain:
        for detector in BY_KIND.values():
            sys.stdout.write(f"{detector.kind:<22} {detector.stance.value:<8} {detector.docstring.splitlines()[0]}\n")
        return
    found = BY_KIND.get(arguments.explain)
    if found is None:
        raise UsageError(f"“{arguments.explain}” is not the name of an offence.", "`roast-bot offences` lists them.")
    sys.stdout.write(f"{found.kind} ({found.stance.value})\n\n{found.docstring}\n")


def _init(arguments: argparse.Namespace) -> None:
    from pathlib import Path

    from bot.settings import FILE_NAME

    path = Path("config") / FILE_NAME
    if path.exists() and not arguments.force:
        raise SettingsError(f"{path} is already there.", "Edit it, or overwrite it with --force.")
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text(_packaged_settings(), encoding="utf-8")
    except OSError as error:
        raise RoastBotError(f"{path} cannot be written: {error.strerror}.", "Choose another folder.") from None
    sys.stdout.write(f"{path} is there now: every setting with its default and what it means.\n")


def _packaged_settings() -> str:
    """Return the explained settings: inside the wheel, or beside the package in a clone."""
    from pathlib import Path

    from bot.settings import FILE_NAME

    here = Path(__file__).resolve().parent
    inside, beside = here / "data" / FILE_NAME, here.parent / "config" / FILE_NAME
    return (inside if inside.is_file() else beside).read_text(encoding="utf-8")


def _version(_: argparse.Namespace) -> None:
    from bot import __version__

    sys.stdout.write(f"roast-bot {__version__}\n")


def target_of(text: str, settings: Settings) -> Target:
    """Read the target; the API's own host is served beside github.com."""
    from urllib.parse import urlsplit

    from bot.target import parse_target

    host = (urlsplit(settings.github.api_url).hostname or "").removeprefix("api.")
    return parse_target(text, hosts=frozenset({"github.com", host} - {""}))


def source_for(target: Target, settings: Settings) -> Source:
    """Return the source that reads the target: git for a path, GitHub for everything else."""
    from bot.target import LocalTarget

    if isinstance(target, LocalTarget):
        from adapters.local_git.source import LocalGitSource

        return LocalGitSource(seconds=settings.git.timeout)
    from platformdirs import user_cache_path

    from adapters.github.source import GitHubSource

    github = settings.github
    return GitHubSource(
        api_url=github.api_url,
        token=github.token.get_secret_value() if github.token else "",
        timeout=github.timeout,
        cache_dir=user_cache_path("roast-bot", appauthor=False) / "github" if github.cache else None,
    )


def writer_for(settings: Settings) -> Writer | None:
    """Return the model's writer where one is configured, else nothing: the trial then takes the house's own."""
    model = settings.model
    if not model.name:
        return None
    from adapters.model.client import Limits, PydanticAIModel
    from bot.writers.model import ModelWriter

    key = model.api_key.get_secret_value() if model.api_key else ""
    limits = Limits(seconds=model.timeout, output_tokens=model.output_tokens)
    return ModelWriter(PydanticAIModel(model.name, base_url=model.base_url, api_key=key, limits=limits), model.prompts)


def _picture_path(name: str | None) -> Path | None:
    """Check before the work, not after it, that the picture can be written."""
    from pathlib import Path

    if not name:
        return None
    path = Path(name)
    if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise UsageError(f"The picture cannot be written to {path}.", "Name a file in a folder that is there.")
    return path


def _paint(path: Path, verdict: Verdict, settings: Settings) -> None:
    from adapters.picture import render
    from bot.card import card_of

    try:
        path.write_bytes(render(card_of(verdict), verdict, settings.roast.picture_theme))
    except OSError as error:
        raise RoastBotError(f"{path} cannot be written: {error.strerror}.", "Choose another file.") from None


def _print_json(data: object) -> None:
    import json

    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    sys.stdout.write(json.dumps(data, ensure_ascii=not unicode, indent=2) + "\n")


def _log_to_stderr(settings: Settings, *, debug: bool) -> None:
    """Keep the log off standard output; a person at a terminal is told of faults, not of every step."""
    import logging

    import structlog

    level = getattr(logging, settings.log.level.upper()) if debug else logging.ERROR
    last = (
        structlog.processors.JSONRenderer()
        if settings.log.format == "json"
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info if debug else _name_the_fault,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _name_the_fault(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put the name of an exception where its traceback would stand: the rest is for --debug."""
    if event.pop("exc_info", None):
        event["error"] = repr(sys.exc_info()[1])
    return event


_COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "roast": _roast,
    "evidence": _evidence,
    "demo": _demo,
    "offences": _offences,
    "init": _init,
    "version": _version,
}

if __name__ == "__main__":
    sys.exit(main())
