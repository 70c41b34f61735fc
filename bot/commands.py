"""The counter: everything that people say to the bot comes here as words, whatever platform they are on.

``Commands.hear`` reads the words, decides, and returns what to show at once. Quick answers come from the store alone;
what takes longer is written down as a job first and answered through the messenger. Nothing that is said raises:
every fault ends in words (law 8), and an event that comes twice is answered once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import structlog

from bot import answers, command_care, command_digests, command_place, command_status, memory
from bot.command_digests import MostSubscribed
from bot.command_help import help_answer
from bot.command_words import Command, read
from bot.desk import Desk
from bot.errors import BusyError, RoastBotError, UsageError
from bot.lately import Lately
from bot.ports_messenger import Action, Answer, Ask, Digests, Messenger, Reply, Said, Tone
from bot.records import Ground, Job, Message, NewJob, Post, VerdictId
from bot.vouching import TellsCommitMails

log = structlog.get_logger(__name__)

COMMAND, REDRAW, TAKE_DOWN = "command", "redraw", "take down"
_AFTER_PEOPLE = 5
"""The priority of work that nobody waits for."""

Facts = Callable[[], Awaitable[Sequence[tuple[str, str]]]]
Reachable = Callable[[str], Awaitable[bool | None]]
"""Tells whether a repository is open to everybody, if it can; raises ``SourceError`` where it cannot be read."""


async def no_facts() -> Sequence[tuple[str, str]]:
    """Know nothing more about this process."""
    return ()


async def unchecked(repository: str) -> bool | None:  # noqa: ARG001
    """Know of no repository whether it is open: any may be subscribed to, and none is taken for open."""
    return None


@dataclass
class Commands:
    """What answers words. ``zone`` is the time zone where none is said, ``facts`` tells ``status`` of this process."""

    desk: Desk
    zone: str = "UTC"
    facts: Facts = no_facts
    reachable: Reachable = unchecked
    most_subscribed: MostSubscribed = field(default_factory=MostSubscribed)
    digests: Digests | None = None
    lately: Lately | None = None
    commits: TellsCommitMails | None = None
    _handlers: dict[str, Handle] = field(default_factory=lambda: dict(_HANDLERS))

    async def hear(self, said: Said) -> Reply:
        """Answer what was said. Never raises."""
        claimed = not said.event
        try:
            command = read(said.words)
            self.desk.meters.command(said.place.platform, command.name)
            if command.name in {"roast", "hotter", "milder"}:
                return await self._roast(said, command)
            if command.name in _SLOW or command_digests.is_slow(command) or self._compares(said, command):
                return await self._later(said, command)
            if command.name in CHANGES:
                return await self._change(said, command)
            claimed = claimed or await self.desk.store.claim_event(said.event)
            return Reply(answer=await self._handlers[command.name](self, said, command)) if claimed else Reply()
        except RoastBotError as error:
            self.desk.meters.fault(type(error).__name__, said.place.platform)
            return await self._sorry(said, _fault(error), claimed=claimed)
        except Exception:
            self.desk.meters.fault("unforeseen", said.place.platform)
            log.exception("a command failed", words=said.words[:80], place=str(said.place))
            unforeseen = "Something unforeseen went wrong. It is in the log; try again."
            return await self._sorry(said, Answer(text=unforeseen, tone=Tone.FAILED), claimed=claimed)

    async def _change(self, said: Said, command: Command) -> Reply:
        """Change something, and only then take note of its event: what a crash cuts short is done again, once more."""
        store = self.desk.store
        if said.event and await store.handled(said.event):
            return Reply()
        answer = await self._handlers[command.name](self, said, command)
        if said.event and not await store.claim_event(said.event):
            return Reply()
        return Reply(answer=answer)

    async def _sorry(self, said: Said, answer: Answer, *, claimed: bool) -> Reply:
        """Return the words of a fault, once for each event. Where the store itself fails they are said each time."""
        try:
            if not (claimed or await self.desk.store.claim_event(said.event)):
                return Reply()
        except RoastBotError:
            log.exception("an event could not be claimed", event_id=said.event)
        return Reply(answer=answer)

    async def _roast(self, said: Said, command: Command) -> Reply:
        ask = said.ask(command.typed, command.heat, quiet=command.quiet)
        if command.name == "roast":
            return Reply(job=await self.desk.ask(ask), typed=command.typed)
        if said.event and await self.desk.store.handled(said.event):
            return Reply()
        verdict = await self.desk.verdict_here(said.place, command.number, said.message)
        ask = ask.model_copy(update={"shown": said.message})
        return Reply(job=await self.desk.again(verdict, ask, 1 if command.name == "hotter" else -1))

    async def _later(self, said: Said, command: Command) -> Reply:
        """Write down what takes longer than a platform waits; check first what can be checked at once."""
        if command.name == "appeal":
            await _appeal_of(self, said, command)
        if command.name == "link":
            command_care.login_in(said, command)
        if not await self.desk.queue.has_room():
            raise BusyError("There is too much to do right now.", "Try again in a minute.")
        # Without what is as usual: a worker of the version before knows no newer field.
        kept = said.model_dump(mode="json", exclude_defaults=True)
        job = NewJob(kind=COMMAND, payload={"said": kept}, place=said.place)
        return Reply(job=await self.desk.queue.put(job, event=said.event))

    def _compares(self, said: Said, command: Command) -> bool:
        return command.name == "link" and command_care.tells_mail(self, said) is not None

    async def at_once(self, said: Said) -> Answer:
        """Answer a command here and now, however long it takes: for the terminal. Raises ``RoastBotError``."""
        command = read(said.words)
        return await self._handlers[command.name](self, said, command)

    async def work(self, job: Job) -> str:
        """Work off a slow command; return how it ended: nothing, or the sentence that the asker was told."""
        said = Said.model_validate(job.payload["said"])

        async def do(ask: Ask, messenger: Messenger) -> Message | None:
            command = read(said.words)
            await messenger.answer(ask, await self._handlers[command.name](self, said, command))
            return None

        return await self.desk.answer_once(job, said.ask(said.words), do)

    async def redraw_later(self, posts: Sequence[Post]) -> None:
        """Have many posts brought up to date without anybody waiting for it."""
        await self._posts_later(REDRAW, posts)

    async def take_down_later(self, posts: Sequence[Post]) -> None:
        """Have posts replaced whose verdicts were forgotten, by whichever process is connected."""
        await self._posts_later(TAKE_DOWN, posts)

    async def _posts_later(self, kind: str, posts: Sequence[Post]) -> None:
        if posts:
            payload = {"posts": [post.model_dump(mode="json") for post in posts]}
            await self.desk.queue.put(NewJob(kind=kind, payload=payload, priority=_AFTER_PEOPLE))

    async def work_redraw(self, job: Job) -> str:
        """Work off such a job. Drawing twice is harmless."""
        await self.desk.redraw(_posts_of(job))
        return ""

    async def work_take_down(self, job: Job) -> str:
        """Work off the posts of forgotten verdicts."""
        await self.desk.take_down_forgotten(_posts_of(job))
        return ""


Handle = Callable[[Commands, Said, Command], Awaitable[Answer]]


def _posts_of(job: Job) -> list[Post]:
    kept = job.payload["posts"]
    return [Post.model_validate(one) for one in kept] if isinstance(kept, list) else []


def _fault(error: RoastBotError) -> Answer:
    answer = answers.in_words(error)
    if isinstance(error, UsageError):
        return answer.model_copy(update={"actions": (Action(label="Help", command="help"),), "tone": Tone.REFUSED})
    return answer


async def _help(_: Commands, said: Said, command: Command) -> Answer:
    return help_answer(command, said.called, is_admin=said.is_admin)


async def _leaderboard(front: Commands, said: Said, command: Command) -> Answer:
    wide = {word.folded for word in command.words} & {"all", "everywhere", "workspace", "server"}
    place = said.place.whole if wide else said.place
    desk = front.desk
    found = await memory.board(desk.store, place, now=desk.clock.now(), reader=said.place)
    return answers.leaderboard(found, memory.BOARD_DAYS)


async def _me(front: Commands, said: Said, command: Command) -> Answer:
    del command
    return answers.mine(await memory.me(front.desk.store, said.person, reader=said.place))


async def _verdict(front: Commands, said: Said, command: Command) -> VerdictId:
    return await front.desk.verdict_here(said.place, command.number, said.message)


async def _why(front: Commands, said: Said, command: Command) -> Answer:
    verdict = await _verdict(front, said, command)
    return answers.why(await front.desk.known_here(verdict, said.place, said.person))


async def _full(front: Commands, said: Said, command: Command) -> Answer:
    return await front.desk.full(await _verdict(front, said, command), said.place, said.person)


async def _receipts(front: Commands, said: Said, command: Command) -> Answer:
    page = command.words[-1].folded if command.words else ""
    number = int(page) if page.isdecimal() and len(page) < 4 else 1
    return await front.desk.receipts(await _verdict(front, said, command), said.place, said.person, number)


async def _appeal_of(front: Commands, said: Said, command: Command) -> tuple[VerdictId, str, Ground]:
    """Return which exhibit of which verdict is appealed against, and on what ground. Raises ``UsageError``."""
    verdict = await _verdict(front, said, command)
    stored = await front.desk.known_here(verdict, said.place, said.person)
    ground = next((Ground(word.folded) for word in command.words if word.folded in set(Ground)), None)
    named = [word.text.strip(",.;:") for word in command.words if word.folded not in set(Ground)]
    lines = {item.id.lower(): item.id for item in stored.verdict.public_exhibits}
    lines |= {item.kind.lower(): item.id for item in reversed(stored.verdict.public_exhibits)}
    exhibit = next((lines[one.lower()] for one in named if one.lower() in lines), "")
    if not exhibit or ground is None:
        some = ", ".join(
            f"{one.id} ({one.kind})" for one in await front.desk.exhibits(verdict, said.place, said.person)
        )
        raise UsageError(
            f"Say which line, and why: {said.called} appeal {verdict} E1 wrong, or unfair, or fixed.",
            f"Its lines: {some}.",
        )
    return verdict, exhibit, ground


async def _appeal(front: Commands, said: Said, command: Command) -> Answer:
    verdict, exhibit, ground = await _appeal_of(front, said, command)
    return await front.desk.appeal(verdict, said.place, said.person, exhibit, ground)


async def _appeals(front: Commands, said: Said, command: Command) -> Answer:
    store = front.desk.store
    of = None
    if command.number is not None:
        of = (await front.desk.known_here(VerdictId(command.number), said.place, said.person)).id
    found = await store.appeals(place=None if of else said.place, verdict_id=of, limit=10)
    kept = [stored for one in {one.verdict for one in found} if (stored := await store.verdict(one))]
    titles = {one.id: one.verdict.title for one in kept if await front.desk.readable(one, said.place, said.person)}
    return answers.appeals([one for one in found if one.verdict in titles], titles)


async def _withdraw(front: Commands, said: Said, command: Command) -> Answer:
    if command.number is None and said.message is None:
        raise UsageError("Which roast is to go?", f"Give its number: {said.called} withdraw 12.")
    verdict = await _verdict(front, said, command)
    return await front.desk.withdraw(verdict, said.place, said.person, is_admin=said.is_admin)


async def _undo(front: Commands, said: Said, command: Command) -> Answer:
    if command.number is None and said.message is None:
        raise UsageError("Which roast is to come back?", f"Give its number: {said.called} undo 12.")
    verdict = await _verdict(front, said, command)
    return await front.desk.undo(verdict, said.place, said.person, is_admin=said.is_admin)


_SLOW = frozenset({"appeal"})
CHANGES = frozenset(
    "withdraw undo unpublish publish heat ping optout optin link confirm settings policy bind unbind subscribe"
    " unsubscribe".split()
)
"""The commands that change what is kept, and may do so twice."""
_HANDLERS: dict[str, Handle] = {
    "help": _help,
    "leaderboard": _leaderboard,
    "me": _me,
    "why": _why,
    "full": _full,
    "receipts": _receipts,
    "appeal": _appeal,
    "appeals": _appeals,
    "withdraw": _withdraw,
    "undo": _undo,
    "unpublish": command_place.unpublish,
    "publish": command_place.publish,
    "status": command_status.status,
    "heat": command_care.heat,
    "ping": command_care.ping,
    "optout": command_care.opt_out,
    "optin": command_care.opt_in,
    "link": command_care.link,
    "confirm": command_care.confirm,
    "settings": command_place.settings,
    "policy": command_place.policy,
    "bind": command_place.bind,
    "unbind": command_place.unbind,
    "subscribe": command_digests.subscribe,
    "unsubscribe": command_digests.unsubscribe,
    "digest": command_digests.digest,
}
