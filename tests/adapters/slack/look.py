"""What people see in Slack, drawn: Block Kit through slack-blocks-to-jsx into pages, and pictures of them in Chromium.

``npm install --prefix tools/slack_look`` once; then ``python tests/adapters/slack/look.py FOLDER`` draws every scene.
"""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "adapters")]

from fakes import browser  # noqa: E402
from fakes.memory import NOON, PLACE  # noqa: E402
from PIL import Image  # noqa: E402

from adapters.picture import render as paint  # noqa: E402
from adapters.slack import home, modals, render  # noqa: E402
from bot import answers  # noqa: E402
from bot.brief import Heat  # noqa: E402
from bot.card import card_of  # noqa: E402
from bot.cli_roast import judge  # noqa: E402
from bot.command_help import help_answer  # noqa: E402
from bot.command_words import read  # noqa: E402
from bot.ports_messenger import Action, Answer, Tone  # noqa: E402
from bot.records import StoredVerdict, VerdictId  # noqa: E402
from bot.sample import TARGET, SampleSource  # noqa: E402
from bot.settings import Settings  # noqa: E402
from bot.writers.house import HouseWriter  # noqa: E402
from slack.shapes import SHAPES, stored  # noqa: E402

TOOL = ROOT / "tools" / "slack_look"
MODULES = TOOL / "node_modules"
NODE = shutil.which("node") or ""
MISSING = "npm install --prefix tools/slack_look, with node and Chromium, draws what Slack shows"
HERE = bool(NODE and browser.CHROMIUM and (MODULES / "slack-blocks-to-jsx").is_dir())

Scene = dict[str, Any]

_STYLE = """
body{margin:0;padding:20px;background:#fff;font:15px/22px Lato,"Noto Sans",sans-serif;color:#1d1c1d;width:WIDTHpx;
box-sizing:border-box;overflow-wrap:anywhere}.message{display:grid;grid-template-columns:36px minmax(0,1fr);gap:0 8px;margin-bottom:28px}
.avatar{width:36px;height:36px;border-radius:6px;background:#3b1f1a;color:#fff;font-size:20px;line-height:36px;
text-align:center}.name{font-weight:900}.name i{font:700 10px/14px Lato,"Noto Sans",
sans-serif;background:#e8e8e8;color:#616061;border-radius:2px;padding:1px 3px;margin:0 6px}.name small{color:#616061;
font-size:12px;font-weight:400}.only{color:#616061;font-size:13px}.window{border:1px solid #ddd;border-radius:8px;
padding:0 24px 16px;box-shadow:0 4px 20px #0002;max-width:520px}.window h1{font-size:20px;margin:14px 0}
.window footer{text-align:right;margin-top:16px}.window footer b{border:1px solid #0003;border-radius:4px;
padding:6px 12px;margin-left:8px;font-size:14px}.slack_blocks_to_jsx *{min-width:0}.window footer b:last-child{background:#007a5a;color:#fff}
"""


def message(name: str, drawn: render.Drawn, *, only: bool = False, image: str = "") -> Scene:
    """Return a message of the bot's; ``only`` where one person alone sees it."""
    return {"name": name, "blocks": drawn.blocks, "frame": "only" if only else "message", "image": image}


def window(name: str, view: dict[str, Any]) -> Scene:
    """Return a window, or the home tab."""
    title = view["title"]["text"] if "title" in view else ""
    ends = [view[part]["text"] for part in ("close", "submit") if part in view]
    return {"name": name, "blocks": view["blocks"], "frame": "window", "title": title, "ends": ends}


def scenes() -> list[Scene]:
    """Return everything that is worth looking at."""
    found = []
    for name in SHAPES:
        card, one = card_of(SHAPES[name]), stored(name)
        picture = "data:image/png;base64," + base64.b64encode(paint(card, one.verdict, "dark")).decode()
        drawn = render.card(card, one, picture=("F1", card.title))
        found.append(message(f"card-{name}", drawn, image=picture))
        found.append(message(f"full-{name}", render.answer(answers.full_roast(one))))
    usual, card = stored("usual"), card_of(SHAPES["usual"])
    record = Answer(
        title="ada",
        text="One roast so far.",
        rows=(("The Lid That Counted", "acme/soup#7, medium, no. 12"), ("Heat", "as hot as the place allows")),
    )
    digests = Answer(rows=(("#general, Fridays at 16:00", "acme/soup, next on 4 December"),))
    found += [
        message("progress", render.progress("Reading: 32 files, 15 commits, 9 comments")),
        message("receipts", render.answer(answers.receipts(usual, sensitive=False)), only=True),
        message("why", render.answer(answers.why(usual)), only=True),
        message("help", render.answer(help_answer(read("help"), "/roast", is_admin=False)), only=True),
        message("withdrawn", render.answer(answers.withdrawn(usual.id)), only=True),
        message("taken-down", render.words("This roast was taken down by whoever asked for it.")),
        message("elsewhere", render.card(card, usual, note="I could not answer where you asked. I am not in it.")),
        message("refused", render.answer(Answer(text="ada prefers not to be roasted.", tone=Tone.REFUSED)), only=True),
        message(
            "digest",
            render.digest(
                Answer(title="The week in acme/soup", text="Nine merged.", actions=(Action(label="x", command="y"),)),
                tuple(card_of(SHAPES[name]) for name in ("usual", "acquitted", "scripts")),
            ),
        ),
        window("appeal", modals.appeal(12, [*card.charges], "C1", "1.2")),
        window("answer-window", modals.answer(record)),
        window("home", home.view("/roast", digests, record, Answer(rows=(("Policy", "everyone"),)))),
    ]
    return found


def draw(wanted: list[Scene]) -> dict[str, str]:
    """Return the HTML of each scene, by the library's own rendering."""
    asked = json.dumps([{"time": NOON.isoformat(), **one} for one in wanted])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "scenes.json")
        file.write_text(asked, encoding="utf-8")
        words = [NODE, str(TOOL / "render.cjs"), str(file)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=True)
    return dict(json.loads(done.stdout))


def page(wanted: list[Scene], *, width: int = 640, script: str = "") -> str:
    """Return a page of scenes, one below the other."""
    drawn = draw(wanted)
    style = (MODULES / "slack-blocks-to-jsx" / "dist" / "style.css").read_text(encoding="utf-8")
    body = "".join(_framed(one, drawn[one["name"]]) for one in wanted)
    own = _STYLE.replace("WIDTH", str(width))
    return f"<!doctype html><meta charset=utf-8><style>{style}{own}</style>{body}<script>{script}</script>"


def _framed(one: Scene, drawn: str) -> str:
    if one["frame"] == "window":
        ends = "".join(f"<b>{word}</b>" for word in one["ends"])
        head = f"<h1>{one['title']}</h1>" if one["title"] else ""
        return f"<div class='message window' style=display:block>{head}{drawn}<footer>{ends}</footer></div>"
    only = "<div class=only>👁 Only visible to you</div>" if one["frame"] == "only" else ""
    name = "<div class=name>roast<i>APP</i><small>4:00 PM</small></div>"
    return f"<div class=message><div class=avatar>🔥</div><div>{only}{name}{drawn}</div></div>"


def picture(wanted: list[Scene], path: Path, *, width: int = 640, scale: float = 1) -> None:
    """Take a picture of scenes, as high as they are."""
    found = page(wanted, width=width, script="document.title=document.documentElement.scrollHeight")
    height = int(browser.told(found, width=width)) + 2
    browser.picture(found, path, width=width, height=height, scale=scale)


def sample() -> list[Scene]:
    """Return the roast of the sample pull request as it grows in a channel, for the README."""
    phrases: dict[str, str] = {}

    async def note(stage: str, phrase: str) -> None:
        phrases[stage] = phrase

    verdict = asyncio.run(judge(TARGET, SampleSource(), Settings(), note, heat=Heat.MEDIUM, writer=HouseWriter()))
    card, one = card_of(verdict), StoredVerdict(id=VerdictId(1), verdict=verdict, place=PLACE, created_at=NOON)
    painted = "data:image/png;base64," + base64.b64encode(paint(card, verdict, "dark")).decode()
    drawn = render.card(card, one, picture=("F1", card.title))
    return [
        message("growing", render.progress(phrases["reading"])),
        message("sample", drawn, image=painted),
    ]


def for_readme(folder: Path) -> None:
    """Draw the README's pictures, with few colours: they are small then."""
    home_tab = [one for one in scenes() if one["name"] == "home"]
    for name, wanted in (("slack-card", sample()), ("slack-home", home_tab)):
        path = folder / f"{name}.png"
        picture(wanted, path, width=660, scale=1.25)
        with Image.open(path) as whole:
            small = whole.convert("RGB").quantize(192, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        small.save(path, optimize=True)


def main(folder: Path) -> None:
    """Draw every scene into a folder, or the README's into ``docs``."""
    folder.mkdir(parents=True, exist_ok=True)
    if folder.name == "docs":
        for_readme(folder)
        return
    for one in scenes():
        picture([one], folder / f"{one['name']}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
