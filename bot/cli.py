"""The words of the command line. Only the standard library's cheap modules: ``--help`` must come at once."""

from __future__ import annotations

import argparse
import re
from typing import Any, NoReturn

from bot.errors import UsageError

TARGET_HELP = "a pull request's URL, owner/repo#7, PATH#7 or PATH@base..head of a local clone"
EXIT_HELP = "exit status: 0 done, 1 the work failed, 2 the words were wrong"


_UNKNOWN = re.compile(r"argument (?:COMMAND|WHAT): invalid choice: '(.*?)' \(choose from (.*)\)$", re.DOTALL)


class Parser(argparse.ArgumentParser):
    """A parser that raises our own error, so that wrong words end like every other fault: in one line."""

    def error(self, message: str) -> NoReturn:
        """Raise ``UsageError``."""
        if unknown := _UNKNOWN.match(message):
            from difflib import get_close_matches  # noqa: PLC0415 - for a word that is none, and for nothing else

            near = get_close_matches(unknown[1], re.findall(r"[\w-]+", unknown[2]), n=1)
            meant = f" Did you mean {near[0]}?" if near else ""
            raise UsageError(
                f"“{unknown[1]}” is no command of {self.prog}.{meant}", f"`{self.prog} --help` lists them."
            )
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", f"See `{self.prog} --help`.")


class Gather(argparse.Action):
    """Adds a positional word to the list of those before it."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,  # noqa: ARG002 - argparse passes it
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,  # noqa: ARG002 - the same
    ) -> None:
        """Add one word."""
        setattr(namespace, self.dest, [*(getattr(namespace, self.dest, None) or []), values])


def build_parser() -> Parser:
    """Return the parser of ``roast-bot`` and all its commands."""
    parser = Parser(
        prog="roast-bot",
        description="Roasts pull requests: funny, fair, and every line carries a receipt.",
        epilog=EXIT_HELP,
        allow_abbrev=False,
    )
    common = Parser(add_help=False, allow_abbrev=False)
    common.add_argument("--debug", action="store_true", help="show the traceback of an unexpected fault")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", parser_class=Parser)

    roast = commands.add_parser("roast", parents=[common], help="roast a pull request", allow_abbrev=False)
    roast.add_argument("target", metavar="TARGET", help=TARGET_HELP)
    _add_roast_options(roast)

    evidence = commands.add_parser("evidence", parents=[common], help="show what was found, and where")
    evidence.add_argument("target", metavar="TARGET", help=TARGET_HELP)
    evidence.add_argument("--json", action="store_true", help="print the exhibits as JSON and nothing else")

    _add_digest(commands, common)
    demo = commands.add_parser("demo", parents=[common], help="roast the sample pull request that comes along")
    _add_roast_options(demo)

    offences = commands.add_parser("offences", parents=[common], help="list what can be found")
    offences.add_argument("--explain", metavar="NAME", help="say what one finds, why it matters, where it errs")

    init = commands.add_parser("init", parents=[common], help="lay down config/roast.toml to edit")
    init.add_argument("--force", action="store_true", help="overwrite the one that is there")

    commands.add_parser("version", parents=[common], help="print the version")
    commands.add_parser("serve", parents=[common], help="run the bot: Slack, Discord, digests, web")
    commands.add_parser("worker", parents=[common], help="work off what `serve` processes took (engine procrastinate)")
    commands.add_parser("doctor", parents=[common], help="check tokens, clock, store, GitHub, model, platforms")
    _add_memory_commands(commands, common)
    _add_devlog(commands, common)
    return parser


def _add_digest(commands: argparse._SubParsersAction[Parser], common: Parser) -> None:
    digest = commands.add_parser("digest", parents=[common], help="tell a week of merged pull requests as one post")
    digest.add_argument("repository", metavar="REPOSITORY", help="the path of a clone, or owner/repo")
    digest.add_argument("--since", metavar="DAY", help="the first day, such as 2026-05-18; a week before the end")
    digest.add_argument("--until", metavar="DAY", help="the last day, all of it; now otherwise")
    digest.add_argument("--top", type=int, choices=range(1, 11), default=3, metavar="N", help="tell so many, 3")
    digest.add_argument(
        "--heat", choices=("mild", "medium", "spicy"), help="how hot, within the bounds of the settings"
    )
    digest.add_argument("--why", action="store_true", help="show how it was chosen")
    digest.add_argument("--long", action="store_true", help="show what would stand in the thread, too")
    digest.add_argument("--picture", metavar="FILE", help="write the plot of the week as a PNG")


def _add_devlog(commands: argparse._SubParsersAction[Parser], common: Parser) -> None:
    devlog = commands.add_parser("devlog", parents=[common], help="the dev log as a static site, or for another log")
    whats = devlog.add_subparsers(dest="what", metavar="WHAT", required=True, parser_class=Parser)
    build = whats.add_parser("build", parents=[common], help="write the whole site into a folder")
    build.add_argument("folder", metavar="DIR", help="an empty folder, or one that was built before")
    build.add_argument("--no-pictures", action="store_true", help="leave the cards' pictures out")
    export = whats.add_parser("export", parents=[common], help="write posts as Markdown for another log")
    export.add_argument("folder", metavar="DIR", nargs="?", help="where to; export.repository otherwise")
    for one in (build, export):
        one.add_argument("--url", metavar="URL", help="where readers reach the log; web.public_url otherwise")


def _add_memory_commands(commands: argparse._SubParsersAction[Parser], common: Parser) -> None:
    """Add what works with the memory. ``words`` are passed on as they would be typed in chat."""

    def add(name: str, about: str) -> Parser:
        return commands.add_parser(name, parents=[common], help=about)

    number: dict[str, Any] = {"metavar": "NUMBER", "type": int, "help": "a roast's number"}
    react = add("react", "react to a roast: 🔥 funny, 🎯 true, 💀 too harsh, 😐 dull, ❌ wrong, 🙏 thanks")
    react.add_argument("number", **number)
    react.add_argument("emoji", metavar="EMOJI", help="a character or a name such as fire")
    react.add_argument("--as", dest="who", metavar="NAME", help="for somebody else at this machine")
    react.add_argument("--remove", action="store_true", help="take it back")
    add("status", "what waits and runs, of which kind, what was spent today, and what went wrong")
    board = add("leaderboard", "the best-loved roasts, the best-behaved repositories")
    board.add_argument(
        "--place", metavar="PLACE", default="", help="platform/workspace/channel; this terminal otherwise"
    )
    me = add("me", "a person's own record")
    me.add_argument("login", nargs="?", metavar="LOGIN", help="the GitHub login")
    appeal = add("appeal", "have one line of a roast looked at again")
    # One after the other into one list: argparse cannot print the help of a tuple of names (CPython issue 58282).
    for name, meaning in (("NUMBER", "the roast"), ("EXHIBIT", "its line"), ("GROUND", "wrong, unfair or fixed")):
        appeal.add_argument("words", action=Gather, metavar=name, help=meaning)
    appeals = add("appeals", "what was appealed, and what became of it")
    appeals.add_argument("number", nargs="?", **number)
    for name, about in (
        ("why", "why a roast says what it says"),
        ("receipts", "where to check every line of a roast"),
        ("full", "the whole story of a roast"),
        ("withdraw", "take a roast down"),
        ("undo", "put a withdrawn roast back"),
    ):
        add(name, about).add_argument("words", nargs=1, **number)
    for name, about in (("optout", "never roast a login or owner/repo"), ("optin", "undo that")):
        add(name, about).add_argument("words", nargs=1, metavar="NAME", help="a GitHub login or owner/repo")
    for name, about in (
        ("forget", "remove all that is kept on a login"),
        ("export", "print all that is kept, as JSON"),
    ):
        whose = add(name, about)
        whose.add_argument("login", metavar="LOGIN", help="the GitHub login")
        whose.add_argument(
            "--person", action="append", default=[], help="a chat user too, as platform/workspace/user; may be repeated"
        )
    add("backup", "write a consistent copy, running or not").add_argument("file", metavar="FILE", help="where to")
    add("restore", "fill an empty store from a backup").add_argument("file", metavar="FILE", help="what backup wrote")
    prune = add("prune", "forget what is older than the retention setting")
    prune.add_argument("--keep-days", type=int, metavar="DAYS", help="instead of store.keep_days; 0: for ever")


def parse(words: list[str]) -> argparse.Namespace:
    """Read the words. Raises ``UsageError``; ``--help`` prints and leaves with status 0."""
    parser = build_parser()
    if words in (["--version"], ["-V"]):
        words = ["version"]
    if words[:1] == ["help"]:
        words = [*words[1:2], "--help"]
    arguments = parser.parse_args(words or ["--help"])
    if arguments.command is None:
        parser.error("a command is missing")
    return arguments


def _add_roast_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--heat", choices=("mild", "medium", "spicy"), help="how hot, within the bounds of the settings"
    )
    parser.add_argument("--remember", action="store_true", help="begin a memory, in the store of the settings")
    parser.add_argument("--json", action="store_true", help="print the verdict as JSON and nothing else")
    parser.add_argument("--receipts", action="store_true", help="show the evidence below the roast")
    parser.add_argument("--picture", metavar="FILE", help="write the card as a PNG, 1200 by 630")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--long", dest="length", action="store_const", const="long", help="the card and the story")
    length.add_argument("--short", dest="length", action="store_const", const="short", help="the card alone")
