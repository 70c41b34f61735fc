"""Acquittals one after the other, as one channel would see them: what most people see, to be read from top to bottom.

``python tools/acquittals.py TARGETS.txt --clones 'FOLDER/{owner}+{repo}'`` reads targets (``owner/repo#7``) from a
file, one a line, and takes each from its clone. ``tools/acquittals.txt`` is the list that was read while the wording
was made.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot import trial  # noqa: E402
from bot.__main__ import source_for, target_of  # noqa: E402
from bot.brief import History  # noqa: E402
from bot.card import byline  # noqa: E402
from bot.errors import RoastBotError  # noqa: E402
from bot.settings import Settings, load  # noqa: E402
from bot.verdict import Verdict  # noqa: E402

WIDTH = 110


async def judged(text: str, settings: Settings, history: History) -> Verdict:
    """Roast one target and let go of its source."""
    target = target_of(text, settings)
    source = source_for(target, settings)
    try:
        return await trial.roast(target, source, history=history)
    finally:
        await source.aclose()


def after(history: History, verdict: Verdict) -> History:
    """Return the history of a channel that has seen this verdict as well."""
    return History(
        titles=(*history.titles, verdict.title),
        epithets=(*history.epithets, verdict.epithet),
        punchlines=(*history.punchlines, verdict.punchline),
        lines=(*history.lines, *verdict.lines),
        motifs=(*history.motifs, verdict.motif),
    )


def page(verdict: Verdict) -> str:
    """Return a verdict as plain text, with its words counted."""
    words = sum(len(item.text.split()) for item in verdict.paragraphs)
    state = "" if verdict.acquitted else ", not acquitted"
    body = "\n".join(
        textwrap.fill(item.text, WIDTH, initial_indent="  ", subsequent_indent="  ") for item in verdict.paragraphs
    )
    return (
        f"{verdict.pull_request} {verdict.subject.title!r} {byline(verdict)} ({words} words{state})\n"
        f"{verdict.title}\n{verdict.gist}\n{body}\n{verdict.epithet} — {verdict.punchline}\n"
    )


def main(arguments: list[str]) -> int:
    """Print them all; 1 where one could not be read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", type=Path)
    parser.add_argument("--clones", default="", help="where the clone of {owner} and {repo} is")
    options = parser.parse_args(arguments)
    settings, history, failed = load(), History(), 0
    for line in options.targets.read_text(encoding="utf-8").split():
        slug, _, number = line.partition("#")
        owner, _, repo = slug.partition("/")
        place = options.clones.format(owner=owner, repo=repo) if options.clones else slug
        try:
            verdict = asyncio.run(judged(f"{place}#{number}", settings, history))
        except RoastBotError as error:
            print(f"{line}: {error}", file=sys.stderr)
            failed = 1
            continue
        history = after(history, verdict)
        print(page(verdict))
    return failed


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
