"""A town of machines: real ``roast-bot`` processes over one database, a load balancer's choice, and kill -9.

::

    with Town(url, folder, pull_requests=20) as town:
        town.begin("serve", 2)
        town.begin("worker", 3)
        report = asyncio.run(town.ask(questions(...), kills=5))
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx
import psutil
from fakes.slack_payloads import SECRET, signed

from adapters.slack.listeners import HEARD
from adapters.store import open_store
from bot.records import Place, PlaceSettings

ROOT = Path(__file__).resolve().parents[2]
_TOLD_EVERY = 30.0


@dataclass(frozen=True)
class Question:
    """One person's ask: ``name`` is the platform's trigger, by which the answer is told from others."""

    name: str
    team: str
    channel: str
    typed: str

    def payload(self, slack: str) -> dict[str, Any]:
        """Return the slash command as Slack sends it."""
        return {
            "command": "/roast", "text": self.typed, "team_id": self.team, "team_domain": self.team.lower(),
            "channel_id": self.channel, "channel_name": "general", "user_id": "U1", "user_name": "bob",
            "api_app_id": "A1", "response_url": f"{slack}/hook/{self.channel}-{self.name}", "trigger_id": self.name,
        }  # fmt: skip


def questions(installations: int, each: int) -> list[Question]:
    """Return so many questions of so many installations, in turn: the same ``each`` pull requests everywhere."""
    return [
        Question(f"q{home}x{number}", f"T{home}", f"C{home}", f"acme/soup#{number}")
        for number in range(1, each + 1)
        for home in range(installations)
    ]


@dataclass
class Report:
    """What became of the questions."""

    asked: int = 0
    refused: int = 0
    kills: int = 0
    seconds: float = 0.0
    slowest_ack: float = 0.0
    waits: list[float] = field(default_factory=list)
    wrong: dict[str, Any] = field(default_factory=dict)
    heard: dict[str, float] = field(default_factory=dict)
    cards: int = 0

    def told(self) -> str:
        """Return it in a line."""
        waits = sorted(self.waits) or [0.0]
        return (
            f"{self.asked:,} asked, {len(self.waits):,} answered with one card, {len(self.wrong)} otherwise, "
            f"{self.kills} kills, {self.seconds:.0f} s, {len(self.waits) / max(self.seconds, 0.001):.1f} a second; "
            f"wait p50 {waits[len(waits) // 2]:.1f} s, longest {waits[-1]:.1f} s; slowest ack {self.slowest_ack:.2f} s"
        )


class Machine:
    """One process of the bot, begun again after each death."""

    def __init__(self, command: str, port: int, env: dict[str, str], log: Path) -> None:
        self.command, self.port, self.env, self.log = command, port, env, log
        self.process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Begin it; it is up when it says so."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", self.command], env=self.env, cwd=self.log.parent, stdout=log, stderr=log
            )

    async def ready(self, seconds: float = 120) -> None:
        """Wait until it can work."""
        async with asyncio.timeout(seconds), httpx.AsyncClient() as client:
            while True:
                with contextlib.suppress(httpx.HTTPError):
                    if (await client.get(f"http://127.0.0.1:{self.port}/readyz", timeout=5)).status_code == 200:
                        return
                assert self.process is not None
                assert self.process.poll() is None, self.log.read_text()[-2000:]
                await asyncio.sleep(0.1)

    def kill(self, number: int = signal.SIGKILL) -> None:
        """End it, at once by default."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(60)


class Town:
    """See the module. ``large`` are so many pull requests from number 1001 on; ``more`` are settings of every process."""

    def __init__(self, url: str, folder: Path, *, pull_requests: int, large: int = 0, **more: str) -> None:
        self.url, self.folder, self.more = url, folder, more
        self.machines: list[Machine] = []
        self.turned_away: defaultdict[str, list[str]] = defaultdict(list)
        self._pull_requests, self._large = pull_requests, large

    def __enter__(self) -> Self:
        self._world = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("town_world.py")), str(self._pull_requests), str(self._large)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=(self.folder / "world.log").open("ab"), text=True,
        )  # fmt: skip
        line = self._world.stdout.readline()
        assert line, (self.folder / "world.log").read_text()[-2000:]
        self.places = json.loads(line)
        return self

    def __exit__(self, *_: object) -> None:
        for machine in self.machines:
            machine.kill()
        self._world.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._world.wait(10)
        self._world.kill()
        self._world.stdout.close()

    def begin(self, command: str, many: int, **more: str) -> list[Machine]:
        """Begin so many processes; return them."""
        begun = []
        for _ in range(many):
            number = len(self.machines)
            port = free_port()
            machine = Machine(command, port, self._env(port, more), self.folder / f"{command}{number}.log")
            machine.begin()
            self.machines.append(machine)
            begun.append(machine)
        return begun

    def _env(self, port: int, more: dict[str, str]) -> dict[str, str]:
        # Bytecode is kept, as in any installation: else each life would compile a thousand modules first.
        dropped = ("ROAST_", "SLACK_", "DISCORD_", "GITHUB_", "OTEL_", "PYTHONDONTWRITEBYTECODE")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
        home = str(self.folder)
        return kept | {
            "HOME": home, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home, "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1", "PYTHONPYCACHEPREFIX": kept.get("PYTHONPYCACHEPREFIX", str(self.folder / "pyc")),
            "ROAST_WEB__PORT": str(port), "ROAST_WEB__WORKER_PORT": str(port),
            "ROAST_GITHUB__API_URL": self.places["github"], "ROAST_GITHUB__TOKEN": "a-token-of-the-town",
            "ROAST_GITHUB__CACHE": "false", "ROAST_STORE__URL": self.url,
            "ROAST_SLACK__BASE_URL": f"{self.places['slack']}/api", "SLACK_BOT_TOKEN": "xoxb-town",
            "SLACK_SIGNING_SECRET": SECRET, "ROAST_QUEUE__MOST_WAITING": "100000", **self.more, **more,
        }  # fmt: skip

    def processor_seconds(self) -> dict[str, float]:
        """Return the processor's time that those who live now have had, by command, their children's with it."""
        spent: dict[str, float] = {}
        for machine in self.machines:
            family = psutil.Process(machine.process.pid)
            for one in [family, *family.children(recursive=True)]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    times = one.cpu_times()
                    spent[machine.command] = spent.get(machine.command, 0.0) + times.user + times.system
        return spent

    async def ready(self) -> None:
        """Wait until all of them can work."""
        await asyncio.gather(*(machine.ready() for machine in self.machines))

    @property
    def serves(self) -> list[Machine]:
        """Those that hear."""
        return [machine for machine in self.machines if machine.command == "serve"]

    async def ask(
        self,
        asked: Iterable[Question],
        *,
        at_once: int = 8,
        outstanding: int = 1_000_000,
        kills: int = 0,
        patience: float = 600,
        within: float = 0,
        tell: Callable[[str], object] = lambda _: None,
    ) -> Report:
        """Ask all, kill every process ``kills`` times meanwhile, wait for the answers, and look at what stands.

        Each process dies at answers drawn by lot, so that it does not matter how quick the machine is. No more than
        ``outstanding`` questions wait for their answers at a time. ``patience`` is how long nothing new may come before
        it is looked at what there is; ``tell`` hears every half minute how far it is. Where ``within`` says how many
        seconds there are, processes die at moments drawn from them, and what was not asked by their end is not asked.
        """
        asked, report = list(asked), Report()
        await self.let_ask({question.team for question in asked})
        began, until = time.time(), time.monotonic() + (within or math.inf)
        gate = asyncio.Semaphore(at_once)
        async with httpx.AsyncClient(timeout=20) as client:

            async def hear(question: Question) -> None:
                async with gate:
                    while len(report.heard) - report.cards >= outstanding:
                        await asyncio.sleep(0.05)
                    if time.monotonic() < until:
                        await self.hear(client, question, report)

            watching = asyncio.create_task(self._watch(client, len(asked), report, tell))
            killing = [
                asyncio.create_task(self._kill(machine, kills, len(asked), within, report)) for machine in self.machines
            ]
            await asyncio.gather(*(hear(question) for question in asked))
            asked = [question for question in asked if question.name in report.heard]
            await _until_all(len(asked), patience, report)
            found = await self.answers(client)
            for one in (watching, *killing):
                one.cancel()
            await asyncio.gather(watching, *killing, return_exceptions=True)
        self._judge(asked, found, report)
        report.seconds = max((one["at"] for one in found.values()), default=began) - began
        return report

    def _judge(self, asked: list[Question], found: dict[str, Any], report: Report) -> None:
        found = dict(found)
        for question in asked:
            one = found.pop(question.name, None)
            if one is not None and (one["messages"], one["cards"], one["words"]) == (1, 1, []):
                report.waits.append(one["at"] - report.heard[question.name])
            else:
                report.wrong[question.name] = one
        report.asked = len(asked)
        report.wrong |= found

    async def answers(self, client: httpx.AsyncClient) -> dict[str, Any]:
        """Return what stands, by the question that it answers."""
        told = (await client.get(f"{self.places['window']}/answers", timeout=120)).json()
        found = {name.rpartition(":")[2]: one for name, one in told.items()}
        for name, words in self.turned_away.items():
            one = found.setdefault(name, {"messages": 0, "cards": 0, "at": 0.0, "words": []})
            one["words"] += words
        return found

    async def let_ask(self, teams: Iterable[str]) -> None:
        """Let these workspaces ask for as much as they like in an hour."""
        store = await open_store(self.url)
        most = PlaceSettings(per_person=1_000_000, per_channel=1_000_000, per_workspace=1_000_000)
        try:
            for team in teams:
                await store.set_place_settings(Place(platform="slack", workspace=team), most)
        finally:
            await store.aclose()

    async def decided(self) -> None:
        """Wait until all that was acknowledged is decided upon: that comes a little later."""
        store = await open_store(self.url)
        try:
            async with asyncio.timeout(1200):
                while any(job.kind == HEARD for job in await store.jobs(limit=1)):  # they stand before the roasts
                    await asyncio.sleep(0.2)
        finally:
            await store.aclose()

    async def hear(
        self, client: httpx.AsyncClient, question: Question, report: Report, *, insists: bool = True
    ) -> None:
        """Ask until somebody hears: one replica, then another, as a load balancer does for whoever presses again.

        Who does not insist goes away when told in the acknowledgement that nothing was taken.
        """
        for attempt in range(1000):
            machine = self.serves[(hash(question.name) + attempt) % len(self.serves)]
            body, headers = signed(question.payload(self.places["slack"]))
            began = time.monotonic()
            report.heard.setdefault(question.name, time.time())
            with contextlib.suppress(httpx.HTTPError):
                answer = await client.post(
                    f"http://127.0.0.1:{machine.port}/slack/events", content=body, headers=headers
                )
                if answer.status_code == 200:
                    report.slowest_ack = max(report.slowest_ack, time.monotonic() - began)
                    if not answer.text:
                        return
                    if not insists:
                        self.turned_away[question.name].append(answer.text)
                        return
            report.refused += 1
            await asyncio.sleep(0.1)
        msg = f"nobody heard {question}"
        raise AssertionError(msg)

    async def _watch(
        self, client: httpx.AsyncClient, asked: int, report: Report, tell: Callable[[str], object]
    ) -> None:
        """Keep the report's count of cards; tell of it now and then."""
        began = told = time.monotonic()
        while True:
            with contextlib.suppress(httpx.HTTPError):
                report.cards = await self.count(client)
            if (now := time.monotonic()) - told > _TOLD_EVERY:
                told, rate = now, report.cards / (now - began)
                tell(
                    f"{now - began:.0f} s: {report.cards:,} of {asked:,} cards, {report.kills} kills, {rate:.1f} a second"
                )
            await asyncio.sleep(0.2)

    async def _kill(self, machine: Machine, kills: int, asked: int, within: float, report: Report) -> None:
        dice, began = random.Random(machine.port), time.monotonic()
        for share in sorted(dice.uniform(0, 0.9) for _ in range(kills)):
            while report.cards < share * asked if not within else time.monotonic() - began < share * within:
                await asyncio.sleep(dice.uniform(0.1, 0.5))
            await asyncio.to_thread(machine.kill)
            report.kills += 1
            machine.begin()
            await machine.ready()

    async def count(self, client: httpx.AsyncClient) -> int:
        """Return how many cards there are."""
        return int((await client.get(f"{self.places['window']}/count", timeout=60)).json()["cards"])


async def _until_all(wanted: int, patience: float, report: Report) -> None:
    """Wait until there are so many cards, for as long as there are more and more."""
    last, since = -1, time.monotonic()
    while last < wanted:
        if report.cards > last:
            last, since = report.cards, time.monotonic()
        elif time.monotonic() - since > patience:
            return
        await asyncio.sleep(0.1)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
