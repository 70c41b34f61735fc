"""Commands on digests: subscribe in words, show, pause, resume, end. Running them is ``ports_messenger.Digests``."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from pydantic import JsonValue

from bot import guard, memory
from bot.command_care import for_admins, repository_in
from bot.command_subscribe import Wish, read_wish
from bot.command_words import Command, Sort, Word
from bot.errors import MessengerError, NotFoundError, RefusedError, UsageError
from bot.ports_messenger import Action, Answer, Said, Tone
from bot.records import NewSubscription, Place, Subscription
from bot.schedules import next_times, read_schedule, told

if TYPE_CHECKING:
    from bot.commands import Commands

log = structlog.get_logger(__name__)

_SETTLING_SECONDS = 2.0
_VERBS = frozenset({"pause", "resume", "preview", "now", "cancel", "show", "list"})


@dataclass(frozen=True, slots=True)
class MostSubscribed:
    """How many subscriptions a channel and a workspace may have; 0 is as many as they like."""

    channel: int = 0
    workspace: int = 0


async def subscribe(front: Commands, said: Said, command: Command) -> Answer:
    """Keep a subscription and tell when it comes next."""
    repository = repository_in(command.words, f"{said.called} subscribe owner/repo every friday 16:00")
    wish = read_wish([word for word in command.words if repository.casefold() not in word.text.casefold()], front.zone)
    place = _place(said, wish.channel)
    if place != said.place:
        for_admins(said, "subscribe another channel")
    if wish.person:
        await _may_watch(front, said, wish.person)
    await _may_take_over(front, said, place, repository, wish.person)
    await _may_read(front, place, repository)
    await _has_room(front, place, repository)
    hurdle = await _settle(front, place)
    kept = await front.desk.store.subscribe(
        NewSubscription(
            place=place,
            repository=repository,
            schedule=wish.schedule.cron,
            timezone=wish.zone,
            top=wish.top,
            min_doneness=wish.min_doneness,
            person=wish.person,
            feed=wish.feed,
            options=wish.options,
            created_by=said.person,
        )
    )
    rows = (*_rows(front, kept), *((("But", hurdle),) if hurdle else ()))
    return Answer(
        title=f"Subscribed: {kept.repository}",
        rows=rows,
        actions=_actions(kept),
        tone=Tone.DONE,
        text="No pings, ever.",
    )


async def _may_take_over(front: Commands, said: Said, place: Place, repository: str, person: str) -> None:
    """Let what stands be changed by whoever may end it, not by anybody who subscribes to the same."""
    for one in await front.desk.store.subscriptions(place):
        if (one.repository.lower(), one.person.lower()) == (repository.lower(), person.lower()):
            _may_change(said, one)
            _is_ours(said, one)


async def _may_read(front: Commands, place: Place, repository: str) -> None:
    """Let a channel subscribe to what everybody may read, and to what is private and at home in it.

    What is not there is refused in the same words as what is private: which it is, a stranger shall not learn.
    """
    desk = front.desk
    at_home = guard.is_seen(
        place, [where for where, _ in await desk.store.bindings(repository=repository)], desk.privacy
    )
    try:
        is_open = await front.reachable(repository)
    except NotFoundError:
        if at_home:
            raise
        is_open = False
    if is_open is False and not at_home:
        raise guard.unseen(repository, place, desk.privacy)
    if is_open is not None:
        await desk.store.note_privacy(repository, private=not is_open)


async def _has_room(front: Commands, place: Place, repository: str) -> None:
    """Bound the subscriptions of a channel and of its workspace; changing one that stands needs no room."""
    everywhere = await front.desk.store.subscriptions(place.whole)
    here = [one for one in everywhere if one.place == place]
    if any(one.repository.lower() == repository.lower() for one in here):
        return
    most = front.most_subscribed
    for found, limit, where in ((here, most.channel, "This channel"), (everywhere, most.workspace, "This workspace")):
        if 0 < limit <= len(found):
            raise RefusedError(
                f"{where} has {limit} subscription{'' if limit == 1 else 's'}, which is as many as it may have.",
                "End one first; digest shows them. Whoever runs the bot can raise the limit.",
            )


async def _may_watch(front: Commands, said: Said, person: str) -> None:
    """Let a subscription name a person only where it is that person's own wish, or an admin's."""
    own = (await front.desk.store.user_settings(said.person)).confirmed_login.lower()
    if not (said.is_admin or own == person.lower()):
        raise RefusedError(f"Only {person} or an admin can ask for that about {person}.", "Leave the person out.")


def _place(said: Said, channel: Word | None) -> Place:
    if channel is None:
        return said.place
    if channel.sort is Sort.CHANNEL:
        return said.place.model_copy(update={"channel": channel.text})
    name = channel.text.lstrip("#")
    if name in said.channels:
        return said.place.model_copy(update={"channel": said.channels[name]})
    raise UsageError(f"I cannot tell which channel #{name[:80]} is.", "Pick it from the list, or subscribe in it.")


async def _settle(front: Commands, place: Place) -> str:
    """Return what makes posting there less than it could be, if that can be told soon.

    Raises ``RefusedError`` where nothing can be posted: better now than in a week.
    """
    messenger = front.desk.messengers.get(place.platform)
    if messenger is None:
        return ""
    try:
        async with asyncio.timeout(_SETTLING_SECONDS):
            hurdle = await messenger.settle_in(place)
    except TimeoutError:
        return ""
    except MessengerError as error:
        return str(error)
    if hurdle is not None and hurdle.closed:
        raise RefusedError(hurdle.words)
    return hurdle.words if hurdle else ""


async def unsubscribe(front: Commands, said: Said, command: Command) -> Answer:
    """End a channel's subscriptions to a repository."""
    found = await _meant(front, said, command.words)
    now = front.desk.clock.now()
    for one in found:
        _may_change(said, one)
        _is_ours(said, one)
        await front.desk.store.save_subscription(one.model_copy(update={"ended_at": now}))
    return Answer(text=f"No more digests of {found[0].repository} here.", tone=Tone.DONE)


async def digest(front: Commands, said: Said, command: Command) -> Answer:
    """Show, pause, resume, preview or post digests."""
    verb = command.words[0].folded if command.words else "show"
    if verb not in _VERBS:
        verb, words = "show", command.words
    else:
        words = command.words[1:]
    if verb in {"show", "list"}:
        return await _shown(front, said)
    found = await _meant(front, said, words)
    if verb in {"pause", "resume"}:
        return await _paused(front, said, found, paused=verb == "pause")
    if front.digests is None:
        raise UsageError("Digests are off in this process.", "scheduler.enabled in config/roast.toml turns them on.")
    if verb == "preview":
        return await front.digests.preview(found[0], said)
    _may_change(said, found[0])
    return await (front.digests.now if verb == "now" else front.digests.cancel)(found[0], said)


def is_slow(command: Command) -> bool:
    """Whether a command takes longer than a platform waits for its answer."""
    return command.name == "digest" and bool(command.words) and command.words[0].folded == "preview"


async def _paused(front: Commands, said: Said, found: Sequence[Subscription], *, paused: bool) -> Answer:
    for one in found:
        _may_change(said, one)
        changes = {"paused": "paused by hand" if paused else "", "failures": 0}
        await front.desk.store.save_subscription(one.model_copy(update=changes))
    name = found[0].repository
    if paused:
        return Answer(
            text=f"Digests of {name} rest.",
            tone=Tone.DONE,
            actions=(Action(label="Resume", command=f"digest resume {name}"),),
        )
    return Answer(text=f"Digests of {name} go on.", rows=_rows(front, found[0]), tone=Tone.DONE)


async def _shown(front: Commands, said: Said) -> Answer:
    found = await memory.subscriptions_seen(front.desk.store, said.place)
    if not found:
        return Answer(text=f"Nothing is subscribed here. {said.called} subscribe owner/repo every friday 16:00")
    rows = tuple((one.repository, "; ".join(f"{label}: {text}" for label, text in _rows(front, one))) for one in found)
    return Answer(title="Digests here", rows=rows, actions=_actions(found[0]) if len(found) == 1 else ())


async def _meant(front: Commands, said: Said, words: Sequence[Word]) -> tuple[Subscription, ...]:
    """Return the subscriptions of this channel to the repository named; the only one where none is named."""
    here = await memory.subscriptions_seen(front.desk.store, said.place)
    if not here:
        raise UsageError(
            "Nothing is subscribed here.", f"{said.called} subscribe owner/repo every friday 16:00 begins."
        )
    if not words and len({one.repository.lower() for one in here}) == 1:
        return here
    names = ", ".join(sorted({one.repository for one in here}))
    wanted = repository_in(tuple(words), names).lower() if words else ""
    found = tuple(one for one in here if one.repository.lower() == wanted)
    if not found:
        raise UsageError(
            f"{wanted or 'Which repository'} is not subscribed here." if wanted else "Which one?",
            f"There are: {names}.",
        )
    return found


def _may_change(said: Said, one: Subscription) -> None:
    if not said.is_admin and one.created_by is not None and said.person != one.created_by:
        raise RefusedError("Only an admin, or whoever subscribed, can change that.", "Ask one of them.")


def _is_ours(said: Said, one: Subscription) -> None:
    if one.from_config:
        raise RefusedError(
            f"The digests of {one.repository} here stand in the bot's own settings.",
            f"Whoever runs the bot can change them there; {said.called} digest pause rests them.",
        )


def _actions(one: Subscription) -> tuple[Action, ...]:
    name = one.repository
    return (
        Action(label="Preview", command=f"digest preview {name}"),
        Action(label="Pause", command=f"digest pause {name}"),
        Action(label="Unsubscribe", command=f"unsubscribe {name}"),
    )


def _rows(front: Commands, one: Subscription) -> tuple[tuple[str, str], ...]:
    schedule = read_schedule(one.schedule)
    times = next_times(schedule, one.timezone, front.desk.clock.now())
    rows = [("When", f"{schedule.words} ({one.timezone})")]
    rows.append(
        ("Resting", one.paused)
        if one.paused
        else ("Next", " · ".join(told(at, one.timezone) for at in times) or "never")
    )
    if one.last_ran_at is not None:
        rows.append(("Last ran", f"{told(one.last_ran_at, one.timezone)}. {one.last_decision}"))
    rows.append(("How", f"top {one.top}" + (f", {one.min_doneness} or worse" if one.min_doneness else "")))
    if one.person:
        rows.append(("Person", one.person + (f", spared when {one.feed} has news" if one.feed else "")))
    rows += [(name.replace("_", " ").capitalize(), _option(value)) for name, value in one.options.items()]
    return tuple(rows)


def _option(value: JsonValue) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "yes" if value is True else str(value)


__all__ = ["Wish", "digest", "subscribe", "unsubscribe"]
