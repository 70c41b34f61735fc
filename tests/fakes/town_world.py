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
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

from aiohttp import web  # noqa: E402
from fakes.github import FakeGitHub, Fault, PullRequestData, made_up_pull_request  # noqa: E402
from fakes.github.merged import merged_routes  # noqa: E402
from fakes.slack import FakeSlack, text_of  # noqa: E402
from fakes.slack_payloads import Hook  # noqa: E402

LARGE = 1000
"""Pull requests with a higher number are large ones, where any are wanted; those alone are listed as merged lately."""


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
        self.asked = {"github": 0, "slack": 0}
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
        self.forget()
        return web.json_response(found)

    async def count(self, _: web.Request) -> web.Response:
        """Tell how many messages show a card, quickly; and forget what nobody will look at."""
        self.forget()
        return web.json_response({"cards": len(self.cards)})

    async def tally(self, _: web.Request) -> web.Response:
        """Tell how often GitHub and Slack were called since the beginning; what went to a response URL is among it."""
        self.forget()
        responses = sum(len(hook.sent) for hook in self.slack.hooks.values())
        return web.json_response(self.asked | {"slack": self.asked["slack"] + responses})

    def forget(self) -> None:
        """Count what was asked, and forget it."""
        self.asked["github"] += len(self.github.requests)
        self.asked["slack"] += len(self.slack.calls)
        self.github.requests.clear()
        self.slack.calls.clear()


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


def of_size(number: int) -> PullRequestData:
    """Return a pull request that was merged yesterday; from number 1001 on a large one, mended again and again."""
    big = number > LARGE
    data = made_up_pull_request(number, files=60 if big else 3, commits=40 if big else 2, comments=30 if big else 2)
    for at, one in enumerate(data.commits[1:] if big else ()):
        one["commit"]["message"] = ("Fix the soup endpoint", "Fix tests again", "Fix CI", "Address review comments")[
            at % 4
        ]
    yesterday = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    data.pull.update(merged_at=yesterday, closed_at=yesterday)
    return data


async def main(pull_requests: int, large: int) -> None:
    """Run until standard input ends."""
    with FakeGitHub(graphql=large > 0) as github:
        numbers = [*range(1, pull_requests + 1), *range(LARGE + 1, LARGE + large + 1)]
        for number in numbers:
            github.add(of_size(number) if large else made_up_pull_request(number))
        if large:
            github.routes.update(
                merged_routes([github.routes[f"/repos/acme/soup/pulls/{one}"] for one in numbers if one > LARGE])
            )
            github.routes["/repos/acme/soup"] = {"full_name": "acme/soup", "private": False, "default_branch": "main"}
        async with FakeSlack() as slack:
            world = World(slack, github)
            app = web.Application()
            app.router.add_get("/answers", world.answers)
            app.router.add_get("/count", world.count)
            app.router.add_get("/tally", world.tally)
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
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
