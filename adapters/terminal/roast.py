"""A roast as the terminal shows it: the card, the story, the receipts; or the verdict as JSON."""

from __future__ import annotations

import argparse
import sys

from adapters.terminal.card import show_card, show_proofs, show_story
from adapters.terminal.evidence import show_exhibits
from adapters.terminal.style import console_for
from bot.card import card_of
from bot.output import print_json, verdict_json
from bot.verdict import Verdict


def show_roast(arguments: argparse.Namespace, verdict: Verdict, *, length: str, number: int) -> None:
    """Show what ``arguments`` ask for; ``number`` is that of a verdict that was kept, 0 where it was not."""
    if arguments.json:
        print_json(verdict_json(verdict))
        return
    console = console_for()
    show_card(console, card_of(verdict))
    if (arguments.length or length) == "long":
        show_story(console, verdict)
    if arguments.receipts:
        show_proofs(console, verdict)
        show_exhibits(console, verdict.exhibits, verdict.coverage)
    if number:
        sys.stdout.write(
            f"\nNo. {number}: roast-bot react {number} 🔥, roast-bot why {number}, roast-bot appeal {number} …\n"
        )
