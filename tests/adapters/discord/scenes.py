"""What people see in Discord, one scene each, to be drawn and looked at: ``python …/scenes.py FOLDER`` draws all of them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).parent)]

import look  # noqa: E402
from fakes import browser  # noqa: E402
from fakes.verdicts import exhibit, size, verdict  # noqa: E402
from PIL import Image, ImageChops  # noqa: E402

from adapters.discord import hearing, render  # noqa: E402
from adapters.discord.render import Drawn  # noqa: E402
from adapters.picture import render as paint  # noqa: E402
from bot import answers, cli_roast  # noqa: E402
from bot.brief import Heat, Subject  # noqa: E402
from bot.card import CardStrike, card_of  # noqa: E402
from bot.case import Coverage  # noqa: E402
from bot.command_help import help_answer  # noqa: E402
from bot.command_words import read  # noqa: E402
from bot.exhibit import Stance  # noqa: E402
from bot.ports_messenger import Action, Answer, Tone  # noqa: E402
from bot.records import Place, StoredVerdict, VerdictId  # noqa: E402
from bot.sample import TARGET, SampleSource  # noqa: E402
from bot.settings import Settings  # noqa: E402
from bot.verdict import Doneness, Verdict  # noqa: E402
from bot.writers.house import HouseWriter  # noqa: E402

HOSTILE = (
    "[click](https://evil.example) ||spoiler|| **bold** `code` <@123456789012345678> @everyone </roast:1> "
    "<t:1:R> :fire: <:x:123> https://evil.example discord.gg/abc # no heading\u202e backwards\u202c ~~s~~ <b>html</b>"
)
SCRIPTS = "Ünïcödé, 日本語のプルリクエスト, العربية من اليمين, עברית, हिन्दी, 👩‍👩‍👧‍👦 and the handshake"


class Quiet:
    """Hears of no progress."""

    async def __call__(self, stage: str, phrase: str) -> None: ...


@cache
def sample() -> Verdict:
    """Return the sample's verdict, as ``roast-bot demo`` gives it."""
    settings = Settings()
    return asyncio.run(
        cli_roast.judge(TARGET, SampleSource(), settings, Quiet(), heat=Heat.MEDIUM, writer=HouseWriter())
    )


def stored(told: Verdict, number: int = 12) -> StoredVerdict:
    """Return it as it is kept."""
    place = Place(platform="discord", workspace="1", channel="2")
    return StoredVerdict(
        id=VerdictId(number), verdict=told, place=place, created_at=datetime(2026, 9, 16, 9, 30, tzinfo=UTC)
    )


def sent(drawn: Drawn) -> dict[str, Any]:
    """Return what goes to Discord."""
    return {"content": drawn.content, "embeds": list(drawn.embeds), "components": list(drawn.components)}


def card(told: Verdict, *, picture: bool = False, note: str = "", opened: bool = False, struck: bool = False) -> str:
    """Return a card as it is seen."""
    shown = card_of(told)
    if struck:
        line = CardStrike(text="`serve_cup` guards production code with three asserts.", reason="They are in a test.")
        shown = shown.model_copy(update={"struck": (line,)})
    drawn = render.card(shown, stored(told), note=note, picture=picture)
    return look.message(sent(drawn), asked="/roast", picture=paint(shown, told) if picture else b"", opened=opened)


def said(answer: Answer, asked: str) -> str:
    """Return an answer as it is seen, all its pages."""
    pages = render.answer(answer)
    first = look.message(sent(pages[0]), asked=asked, private=answer.private)
    return first + "".join(look.message(sent(one), private=answer.private) for one in pages[1:])


def huge() -> Verdict:
    """Return a verdict of figures that nobody expects."""
    charges = [
        exhibit(f"E{n}", "x", Stance.CHARGE, 5, f"1,234,567,890 lines of `{'very_long_name_' * 9}`.") for n in range(6)
    ]
    return verdict(
        subject=Subject(
            slug="an-organisation-of-a-name/repository-of-another#1234567", number=1234567, title="x", url="https://example.com",
            author="a" * 39, merged_on="15 September", took="1,234 days",
        ),
        pull_request="an-organisation-of-a-name/a-repository-of-another-name#1234567",
        title="One Million, Two Hundred Thousand Lines, and the One That Counts Is Not Among Them " * 3,
        exhibits=(size(1_234_567_890, 987_654_321, 12_345, 4_321), *charges),
        coverage=Coverage(files_read=3000, files_total=12_345, commits_read=250, commits_total=4_321, comments_read=999),
        doneness=Doneness.CHARCOAL, score=10.0,
    )  # fmt: skip


SCENES: dict[str, Callable[[], str]] = {
    "sample": lambda: card(sample(), picture=True),
    "sample_menu": lambda: card(sample(), opened=True),
    "short": lambda: card(verdict(gist="It works.", exhibits=(size(1, 1, 1, 1),), doneness=Doneness.RARE, score=1.0)),
    "acquitted": lambda: card(verdict(acquitted=True, doneness=Doneness.RARE, score=0.4, punchline="You may go.")),
    "huge": lambda: card(huge(), note="I could not answer where you asked. I lack the permission Embed Links there."),
    "hostile": lambda: card(verdict(title=HOSTILE, gist=HOSTILE, punchline=HOSTILE, epithet=HOSTILE)),
    "scripts": lambda: card(verdict(title=SCRIPTS, gist=SCRIPTS, epithet=SCRIPTS), picture=True),
    "struck": lambda: card(verdict(), struck=True),
    "story": lambda: said(answers.full_roast(stored(sample())), "Full roast"),
    "receipts": lambda: said(answers.receipts(stored(sample()), sensitive=False), "Receipts"),
    "help": lambda: said(hearing.localised(help_answer(read("help"), "/roastbot", is_admin=True)), "/roastbot help"),
    "refused": lambda: said(Answer(text="Ada opted out.", tone=Tone.REFUSED), "/roast"),
    "failed": lambda: said(
        Answer(
            text="GitHub is down. Ask again in a minute.",
            tone=Tone.FAILED,
            actions=(Action(label="Help", command="help"),),
        ),
        "/roast",
    ),
    "progress": lambda: look.message(sent(render.progress("Reading 13 commits of acme/soup#7")), asked="/roast"),
    "digest": lambda: look.message(
        sent(
            render.digest(
                Answer(title="What acme/soup merged this week", text="Nine were merged, two stand out.", private=False),
                (card_of(verdict()), card_of(verdict(acquitted=True))),
                "0123456789abcdef01234567",
            )
        )
    ),
}


def for_the_readme() -> None:
    """Draw the two pictures in ``docs/``, cut to what is in them and saved small."""
    for name, theme in (("sample", "dark"), ("story", "light")):
        path = ROOT / "docs" / f"discord-{name}.png"
        browser.picture(look.page([SCENES[name]()], theme), path, width=640, height=1100, scale=1.5)
        drawn = Image.open(path).convert("RGB")
        ground = Image.new("RGB", drawn.size, drawn.getpixel((0, 0)))
        _, _, _, bottom = ImageChops.difference(drawn, ground).getbbox() or (0, 0, *drawn.size)
        cut = drawn.crop((0, 0, drawn.width, min(bottom + 24, drawn.height)))
        cut.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


def main(folder: str, *names: str) -> None:
    """Draw them, dark and light; ``readme`` in place of a folder draws those of the README."""
    if folder == "readme":
        for_the_readme()
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name in names or SCENES:
        for theme in look.THEMES:
            page = look.page([SCENES[name]()], theme)
            browser.picture(page, Path(folder, f"{name}-{theme}.png"), width=640, height=1000)


if __name__ == "__main__":
    main(*sys.argv[1:])
