"""Roasts at three heats on one page, to be read by eye: ``make gallery TARGETS="owner/repo#7 ../clone#8"``.

The sample is always there; recordings are, where they lie beside the repository. The page is ``gallery/index.html``.
The exit status is 1 where a sentence of any roast was not proven: those sentences are printed.
"""

from __future__ import annotations

import asyncio
import base64
import html
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "recordings")]

from adapters.picture import render  # noqa: E402
from bot import trial  # noqa: E402
from bot.__main__ import source_for, target_of  # noqa: E402
from bot.brief import Heat  # noqa: E402
from bot.card import Card, card_of  # noqa: E402
from bot.case import Case  # noqa: E402
from bot.errors import RoastBotError  # noqa: E402
from bot.sample import TARGET, SampleSource  # noqa: E402
from bot.settings import load  # noqa: E402
from bot.verdict import Verdict  # noqa: E402

RECORDINGS = ROOT.parent / "shared" / "recordings"
RECORDED = {21477: (), 22004: (22067,), 22067: ()}
STYLE = """
body{font:17px/1.55 Georgia,serif;max-width:46rem;margin:2rem auto;padding:0 1rem;background:#fcf6ee;color:#3a2014}
article{margin:0 0 5rem}img{width:100%;border-radius:8px}code{background:#f1e4d2;padding:0 .25em;border-radius:3px}
small{color:#8a7262}h2{margin-bottom:.2em}details{margin-top:1em}li{margin:.3em 0}
table{border-collapse:collapse;width:100%;font-size:.85em;margin:1em 0 4rem}td,th{padding:.35em .6em .35em 0;
text-align:left;vertical-align:top;border-bottom:1px solid #e6d6c2}td.n{text-align:right}a{color:#a03c14}
"""


def _text(text: str) -> str:
    """Return a paragraph as HTML, its code spans and emphasis marked."""
    safe = html.escape(text)
    safe = re.sub(r"`([^`]+)`", r"<code>\1</code>", safe)
    return re.sub(r"(?<![\w*])\*([^*]+)\*(?![\w*])", r"<em>\1</em>", safe)


def _anchor(verdict: Verdict) -> str:
    return re.sub(r"\W+", "-", f"{verdict.pull_request}-{verdict.heat.value}").strip("-").lower()


def _words(verdict: Verdict) -> int:
    return sum(len(one.text.split()) for one in verdict.paragraphs)


def _index(verdicts: Sequence[Verdict]) -> str:
    """Return the table at the top: pull request, title, verdict, heat, words, each row a link to its roast."""
    rows = "".join(
        f'<tr><td>{html.escape(one.pull_request)}</td><td><a href="#{_anchor(one)}">{html.escape(one.title)}</a></td>'
        f"<td>{'acquitted' if one.acquitted else one.doneness.value}</td><td>{one.heat.value}</td>"
        f'<td class="n">{_words(one)}</td></tr>'
        for one in verdicts
    )
    heads = "".join(f"<th>{name}</th>" for name in ("Pull request", "Title", "Verdict", "Heat", "Words"))
    return f"<table><tr>{heads}</tr>{rows}</table>"


def _article(verdict: Verdict, card: Card) -> str:
    picture = base64.b64encode(render(card, verdict, "light")).decode()
    story = "".join(
        f"<p>{_text(one.text)} <small>{html.escape(' '.join(one.exhibits))}</small></p>" for one in verdict.paragraphs
    )
    evidence = "".join(f"<li><b>{item.id}</b> {item.kind}: {_text(item.summary)}</li>" for item in verdict.exhibits)
    dropped = "".join(f"<li>{html.escape(line)}</li>" for line in verdict.dropped)
    return (
        f'<article id="{_anchor(verdict)}"><h2>{html.escape(card.title)}</h2>'
        f"<small>{html.escape(card.slug)} {html.escape(card.byline)}, {verdict.heat.value}, {_words(verdict)} words,"
        f' <a href="#">to the top</a></small><p><img alt="" src="data:image/png;base64,{picture}"></p>'
        f"<p><b>{_text(card.gist)}</b></p>{story}<p><b>{html.escape(card.epithet)}</b> — {_text(card.punchline)}</p>"
        f"<details><summary>Evidence</summary><ul>{evidence}</ul></details>"
        + (f"<details><summary>Dropped</summary><ul>{dropped}</ul></details>" if dropped else "")
        + "</article>"
    )


def _recorded() -> Iterator[Case]:
    if RECORDINGS.is_dir():
        from from_json import case_of  # noqa: PLC0415 - a test's helper, needed here only

        for number, later in RECORDED.items():
            yield case_of(RECORDINGS, number, later)


async def _asked(targets: list[str]) -> list[Case]:
    settings, cases = load(), [await trial.gather(TARGET, SampleSource())]
    for text in targets:
        target = target_of(text, settings)
        source = source_for(target, settings)
        try:
            cases.append(await trial.gather(target, source))
        finally:
            await source.aclose()
    return cases


async def _verdicts(case: Case) -> list[Verdict]:
    exhibits = trial.examine(case)
    return [await trial.try_case(case, exhibits, heat=heat) for heat in Heat]


def main(targets: list[str]) -> int:
    """Write the page and say where it is."""
    try:
        cases = [*asyncio.run(_asked(targets)), *_recorded()]
        verdicts = [verdict for case in cases for verdict in asyncio.run(_verdicts(case))]
    except RoastBotError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    articles = [_article(verdict, card_of(verdict)) for verdict in verdicts]
    page = ROOT / "gallery" / "index.html"
    page.parent.mkdir(exist_ok=True)
    page.write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>roast-bot: the gallery</title>'
        f"<style>{STYLE}</style><h1>The gallery</h1>{_index(verdicts)}{''.join(articles)}</html>",
        encoding="utf-8",
    )
    print(f"{len(articles)} roasts: {page.relative_to(ROOT)}")
    unproven = [f"{verdict.pull_request}, {verdict.heat}: {line}" for verdict in verdicts for line in verdict.dropped]
    print(*unproven, sep="\n", end="\n" if unproven else "", file=sys.stderr)
    return 1 if unproven else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
