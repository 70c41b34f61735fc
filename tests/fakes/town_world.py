"""The world outside of the bot, in a process of its own: GitHub and Slack on loopback, and a window to look through.

Prints one line of JSON with its addresses. ``GET /answers`` at the window tells every message by the event that it
answers: how many stand, how many show a card, when the first card came, and what was said in words instead. GitHub can
be made to hold its answers back: see ``Held``.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

from aiohttp import web  # noqa: E402
from fakes.github import FakeGitHub, Fault, made_up_pull_request  # noqa: E402
from fakes.slack import FakeSlack, text_of  # noqa: E402
from fakes.slack_payloads import Hook  # noqa: E402


class Hooks(dict[str, Hook]):
    """Response URLs that are there as soon as somebody uses them: ``CHANNEL-EVENT``."""

    def __missing__(self, name: str) -> Hook:
        self[name] = hook = Hook(channel=name.partition("-")[0], user="U1")
        return hook


def shows_card(message: dict[str, Any]) -> bool:
    """Whether a message shows a card: it has buttons, as no progress has."""
    return any(block.get("type") == "actions" for block in message.get("blocks") or [])


class World:
    """Keeps time: when each message first showed a card."""

    def __init__(self, slack: FakeSlack, github: FakeGitHub) -> None:
        self.slack, self.github, self.cards = slack, github, {}
        slack.hooks = Hooks()
        post, update = slack._chat_postMessage, slack._chat_update

        def posted(args: dict[str, Any]) -> dict[str, Any]:
            answer = post(args)
            self.note(args, answer["ts"])
            return answer

        def updated(args: dict[str, Any]) -> dict[str, Any]:
            self.note(args, args["ts"])
            return update(args)

        slack._chat_postMessage, slack._chat_update = posted, updated

    def note(self, args: dict[str, Any], ts: str) -> None:
        """Note a card's time."""
        if shows_card(args):
            self.cards.setdefault(ts, time.time())

    async def answers(self, _: web.Request) -> web.Response:
        """Tell what stands."""
        found: dict[str, dict[str, Any]] = defaultdict(lambda: {"messages": 0, "cards": 0, "at": 0.0, "words": []})
        for message in self.slack.posts:
            carried = (message.get("metadata") or {}).get("event_payload") or {}
            one = found[str(carried.get("event") or "?")]
            one["messages"] += 1
            one["cards"] += shows_card(message)
            one["at"] = max(one["at"], self.cards.get(message["ts"], 0.0))
            if not shows_card(message):
                one["words"].append(text_of(message)[:160])
        for name, hook in self.slack.hooks.items():
            for sent in hook.sent:
                found[name.partition("-")[2]]["words"].append(text_of(sent)[:160])
        self.slack.calls.clear()
        return web.json_response(found)

    async def count(self, _: web.Request) -> web.Response:
        """Tell how many messages show a card, quickly; and forget what nobody will look at."""
        self.github.requests.clear()
        self.slack.calls.clear()
        return web.json_response({"cards": len(self.cards)})


class Held:
    """GitHub holds every pull request back while ``/hold`` was asked for, until ``/let-go``; ``/held``: how many wait."""

    def __init__(self, github: FakeGitHub) -> None:
        self._github = github
        self._fault: Fault | None = None

    def _many(self) -> web.Response:
        return web.json_response({"held": self._fault.waiting if self._fault else 0})

    async def hold(self, _: web.Request) -> web.Response:
        """Hold back from now on."""
        self._fault = self._github.fault(r"/pulls/\d+$", held=threading.Event())
        return self._many()

    async def look(self, _: web.Request) -> web.Response:
        """Tell how many wait."""
        return self._many()

    async def pass_by(self, _: web.Request) -> web.Response:
        """Hold those back that wait already, and nobody else."""
        if self._fault:
            self._fault.times = 0
        return self._many()

    async def let_go(self, _: web.Request) -> web.Response:
        """Answer them."""
        if self._fault and self._fault.held:
            self._fault.times = 0
            self._fault.held.set()
        return self._many()


async def main(pull_requests: int) -> None:
    """Run until standard input ends."""
    with FakeGitHub() as github:
        for number in range(1, pull_requests + 1):
            github.add(made_up_pull_request(number))
        async with FakeSlack() as slack:
            world = World(slack, github)
            app = web.Application()
            app.router.add_get("/answers", world.answers)
            app.router.add_get("/count", world.count)
            held = Held(github)
            for path, answer in (
                ("/hold", held.hold), ("/held", held.look), ("/pass-by", held.pass_by), ("/let-go", held.let_go),
            ):  # fmt: skip
                app.router.add_get(path, answer)
            runner = web.AppRunner(app)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            window = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"
            sys.stdout.write(json.dumps({"github": github.url, "slack": slack.url, "window": window}) + "\n")
            sys.stdout.flush()
            await asyncio.to_thread(sys.stdin.read)
            await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
