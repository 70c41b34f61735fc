"""The words of the command line. Only the standard library's cheap modules: ``--help`` must come at once."""

from __future__ import annotations

import argparse
from typing import NoReturn

from bot.errors import UsageError

TARGET_HELP = "a pull request's URL, owner/repo#7, PATH#7 or PATH@base..head of a local clone"
EXIT_HELP = "exit status: 0 done, 1 the work failed, 2 the words were wrong"


class Parser(argparse.ArgumentParser):
    """A parser that raises our own error, so that wrong words end like every other fault: in one line."""

    def error(self, message: str) -> NoReturn:
        """Raise ``UsageError``."""
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", f"See `{self.prog} --help`.")


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

    demo = commands.add_parser("demo", parents=[common], help="roast the sample pull request that comes along")
    _add_roast_options(demo)

    offences = commands.add_parser("offences", parents=[common], help="list what can be found")
    offences.add_argument("--explain", metavar="NAME", help="say what one finds, why it matters, where it errs")

    init = commands.add_parser("init", parents=[common], help="lay down config/roast.toml to edit")
    init.add_argument("--force", action="store_true", help="overwrite the one that is there")

    commands.add_parser("version", parents=[common], help="print the version")
    return parser


def parse(words: list[str]) -> argparse.Namespace:
    """Read the words. Raises ``UsageError``; ``--help`` prints and leaves with status 0."""
    parser = build_parser()
    if words in (["--version"], ["-V"]):
        words = ["version"]
    arguments = parser.parse_args(words or ["--help"])
    if arguments.command is None:
        parser.error("a command is missing")
    return arguments


def _add_roast_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--heat", choices=("mild", "medium", "spicy"), help="how hot, within the bounds of the settings"
    )
    parser.add_argument("--json", action="store_true", help="print the verdict as JSON and nothing else")
    parser.add_argument("--receipts", action="store_true", help="show the evidence below the roast")
    parser.add_argument("--picture", metavar="FILE", help="write the card as a PNG, 1200 by 630")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--long", dest="length", action="store_const", const="long", help="the card and the story")
    length.add_argument("--short", dest="length", action="store_const", const="short", help="the card alone")
