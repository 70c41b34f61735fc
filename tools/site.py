"""The dev log as a static site, to be looked at: ``make site TARGETS="owner/repo#7 ../clone#8"``.

The sample is always there, at three heats as three pull requests; the folder is ``site/``.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from adapters.devlog.build import build  # noqa: E402
from adapters.devlog.configured import site_of  # noqa: E402
from adapters.devlog.look import Look  # noqa: E402
from adapters.picture import render  # noqa: E402
from adapters.store import open_store  # noqa: E402
from adapters.store.base import SystemClock  # noqa: E402
from bot import trial  # noqa: E402
from bot.__main__ import source_for, target_of  # noqa: E402
from bot.brief import Heat  # noqa: E402
from bot.card import card_of  # noqa: E402
from bot.errors import RoastBotError  # noqa: E402
from bot.publisher import Publisher  # noqa: E402
from bot.records import Message, Person, Place, Reaction, StoredVerdict  # noqa: E402
from bot.sample import TARGET, SampleSource  # noqa: E402
from bot.settings import load  # noqa: E402
from bot.settings_sections import Devlog  # noqa: E402
from bot.verdict import Verdict  # noqa: E402

FOLDER = ROOT / "site"
HERE = Place(platform="terminal")


async def _verdicts(targets: list[str]) -> list[Verdict]:
    """Return the sample at three heats, each under a number of its own, and a roast of every target."""
    case = await trial.gather(TARGET, SampleSource())
    exhibits = trial.examine(case)
    found = []
    for number, heat in enumerate(Heat, case.pull_request.number):
        verdict = await trial.try_case(case, exhibits, heat=heat)
        found.append(verdict.model_copy(update={"pull_request": f"kitchen/barista#{number}"}))
    settings = load()
    for text in targets:
        target = target_of(text, settings)
        source = source_for(target, settings)
        try:
            case = await trial.gather(target, source)
        finally:
            await source.aclose()
        found.append(await trial.try_case(case, trial.examine(case), heat=Heat.MEDIUM))
    return found


async def _site(targets: list[str]) -> int:
    clock = SystemClock()
    with tempfile.TemporaryDirectory() as place:
        store = await open_store(f"sqlite+aiosqlite:///{place}/store.sqlite3", clock=clock)
        for verdict in await _verdicts(targets):
            number = await store.save_verdict(verdict, HERE)
            message = Message(place=HERE, id=str(number))
            await store.record_post(number, message)
            for index, emoji in enumerate("🔥🔥🎯🙏"):
                who = Person(platform="terminal", user=f"reader-{index}")
                await store.record_reaction(Reaction(message=message, person=who, emoji=emoji, at=clock.now()))
            await store.offer_publication(number, headline=True, due_at=clock.now())
        publisher = Publisher(store=store, clock=clock, settings=Devlog(publish="all"))

        async def paint(stored: StoredVerdict) -> bytes:
            return await asyncio.to_thread(partial(render, theme="dark"), card_of(stored.verdict), stored.verdict)

        done = await build(await site_of(publisher, Look(address="http://127.0.0.1:8000")), FOLDER, pictures=paint)
        await store.aclose()
    return done.posts


def main(targets: list[str]) -> int:
    """Write the site and say where it is."""
    try:
        posts = asyncio.run(_site(targets))
    except RoastBotError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    print(
        f"{posts} posts: {FOLDER.name}/index.html; `python -m http.server -d {FOLDER.name}` serves it, search and all"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
