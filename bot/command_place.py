"""Commands on a place: how things are set in a channel or workspace, and which repositories are at home in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot import guard, memory
from bot.brief import Heat
from bot.command_care import for_admins, limits_in_words, repository_in
from bot.command_words import Command, Word
from bot.errors import NotFoundError, UsageError
from bot.ports_messenger import Action, Answer, Said, Tone
from bot.publishing import Choice
from bot.records import Place, PlaceSettings, Policy, StoredVerdict
from bot.records_places import TERMINAL
from bot.taste import retired

if TYPE_CHECKING:
    from bot.commands import Commands
    from bot.publisher import Publisher

_EVERYWHERE = frozenset({"everywhere", "workspace", "server", "all"})
_HERE = frozenset({"here", "channel"})
_POLICIES = {
    Policy.OWN: "people roast their own pull requests only",
    Policy.OPTED_IN: "only people who opted in are roasted",
    Policy.EVERYONE: "everybody is roasted but who opted out",
}
_YES = {"yes": True, "on": True, "true": True, "no": False, "off": False, "false": False}
_DEFAULT = frozenset({"default", "any", "reset"})
_NAMES = {
    "policy": "policy",
    "hottest": "hottest",
    "mildest": "mildest",
    "person": "per_person",
    "channel": "per_channel",
    "limit": "per_person",
    "total": "per_workspace",
    "reactions": "seed_reactions",
    "publish": "publish",
    "revive": "revived",
}
_NO_HOME = "no repository; #7 alone means nothing here"
_FORM = (
    "There are: policy own|opted_in|everyone, hottest and mildest mild|medium|spicy, person, channel and total (roasts"
    " an hour), reactions on|off, publish nothing|headlines|all, revive <offence>; “everywhere” in front"
    " means the whole place."
)


async def settings(front: Commands, said: Said, command: Command) -> Answer:
    """Show how things are set here, or set one of them."""
    words = [word.folded for word in command.words]
    if not words:
        return await _shown(front, said)
    for_admins(said, "change the settings")
    wide = words[0] in _EVERYWHERE
    here = words[0] in _HERE and len(words) > 2
    words = words[1:] if wide or here else words
    if len(words) != 2 or words[0] not in _NAMES:
        raise UsageError("That is no setting of a place.", _FORM)
    name, value = _NAMES[words[0]], words[1]
    wide = wide or name in {"policy", "per_workspace"} or (name == "publish" and not here)
    place = said.place.whole if wide else said.place
    kept = await front.desk.store.place_settings(place)
    changed = kept.model_copy(update={name: _value(name, value, kept)})
    await front.desk.store.set_place_settings(place, changed)
    where = "everywhere" if place == said.place.whole else "here"
    return Answer(text=f"{words[0]} is {value} {where} now.", tone=Tone.DONE)


def _value(name: str, value: str, kept: PlaceSettings) -> Any:
    if name == "revived":
        return tuple(dict.fromkeys((*kept.revived, value)))
    if value in _DEFAULT:
        return None
    choices: dict[str, dict[str, object]] = {
        "policy": {**{one.value: one for one in Policy}, "optedin": Policy.OPTED_IN, "opted-in": Policy.OPTED_IN},
        "hottest": {one.value: one for one in Heat},
        "mildest": {one.value: one for one in Heat},
        "seed_reactions": dict(_YES),
        "publish": {**{one.value: one.value for one in Choice}, "on": "all", "off": "nothing", "no": "nothing"},
    }
    if name not in choices:
        if value.isdecimal() and 1 <= int(value[:6]) <= 1000:
            return int(value)
        raise UsageError(f"“{value[:40]}” is no number of roasts an hour.", "Between 1 and 1000.")
    if value not in choices[name]:
        raise UsageError(f"“{value[:40]}” does not go with that setting.", f"There are {', '.join(choices[name])}.")
    return choices[name][value]


async def _shown(front: Commands, said: Said) -> Answer:
    store = front.desk.store
    here = guard.over(await store.place_settings(said.place), await store.place_settings(said.place.whole))
    bound = [repository for _, repository in await store.bindings(place=said.place)] if _is_channel(said.place) else []
    subscribed = await memory.subscriptions_seen(store, said.place)
    policy_ = here.policy or Policy.EVERYONE
    rows = [
        ("Policy", f"{policy_.value}: {_POLICIES[policy_]}"),
        ("Heat", f"{(here.mildest or Heat.MILD).value} to {(here.hottest or Heat.SPICY).value}"),
        ("Roasts", limits_in_words(here)),
        *([("At home here", ", ".join(bound) or _NO_HOME)] if _is_channel(said.place) else []),
        ("Subscribed", ", ".join(sorted({one.repository for one in subscribed})) or "nothing"),
    ]
    published = front.desk.publisher
    if published is not None:
        rows.append(("Dev log", f"{(await published.choice(said.place)).value} of what is roasted here is published"))
    tired = sorted(retired(await store.taste_counts(said.place, front.desk.clock.now())))
    if tired:
        rows.append(("Not told here", f"{', '.join(tired)}: found unfair or wrong; an admin may revive it"))
    if here.revived:
        rows.append(("Told again", ", ".join(here.revived)))
    return Answer(title="How things are here", text=_FORM if said.is_admin else "", rows=tuple(rows))


def _is_channel(place: Place) -> bool:
    """Whether it is a channel: what is at home in one is told there, and not to the whole workspace."""
    return bool(place.channel) or place.platform == TERMINAL


async def policy(front: Commands, said: Said, command: Command) -> Answer:
    """Show or set whose pull requests may be roasted in the workspace."""
    if command.words:
        words = (Word(text="policy"), command.words[0])
        return await settings(front, said, Command(name="settings", words=words))
    store = front.desk.store
    now = (await store.place_settings(said.place.whole)).policy or Policy.EVERYONE
    actions = tuple(Action(label=one.value, command=f"policy {one.value}") for one in Policy) if said.is_admin else ()
    rows = tuple((one.value, words) for one, words in _POLICIES.items())
    return Answer(title=f"Policy: {now.value}", text=f"Here {_POLICIES[now]}.", rows=rows, actions=actions)


async def bind(front: Commands, said: Said, command: Command) -> Answer:
    """Let a repository appear in this channel, and ``#7`` mean one of its pull requests."""
    for_admins(said, "bind a repository to a channel")
    repository = repository_in(command.words, f"{said.called} bind owner/repo")
    if not guard.trusts(said.place, front.desk.privacy):
        await _only_open(front, said, repository)
    await front.desk.store.bind(said.place, repository, str(said.person))
    return Answer(
        text=f"{repository} is at home here now, and shown in no channel that it is not bound to.", tone=Tone.DONE
    )


async def _only_open(front: Commands, said: Said, repository: str) -> None:
    """Refuse what is private, in the words for what is not there: a stranger shall not learn which it is."""
    try:
        is_open = await front.reachable(repository)
    except NotFoundError:
        is_open = False
    if not is_open:
        raise guard.unseen(repository, said.place, front.desk.privacy)


async def unbind(front: Commands, said: Said, command: Command) -> Answer:
    """End that."""
    for_admins(said, "unbind a repository")
    repository = repository_in(command.words, f"{said.called} unbind owner/repo")
    was = await front.desk.store.unbind(said.place, repository)
    return Answer(text=f"{repository} {'is not at home here any more' if was else 'was not bound to this channel'}.")


async def unpublish(front: Commands, said: Said, command: Command) -> Answer:
    """Keep a roast out of the dev log: its author, whoever asked, and admins may."""
    stored, publisher = await _of_the_log(front, said, command)
    return Answer(text=await publisher.veto(stored, said.person, is_admin=said.is_admin), tone=Tone.DONE)


async def publish(front: Commands, said: Said, command: Command) -> Answer:
    """Undo that, or put forward a roast that no digest led with."""
    stored, publisher = await _of_the_log(front, said, command)
    return Answer(text=await publisher.allow(stored, said.person, is_admin=said.is_admin), tone=Tone.DONE)


async def _of_the_log(front: Commands, said: Said, command: Command) -> tuple[StoredVerdict, Publisher]:
    publisher = front.desk.publisher
    if publisher is None:
        raise UsageError("Nothing is published from here.", "Whoever runs the bot can change that.")
    if command.number is None and said.message is None:
        raise UsageError("Which roast is meant?", f"Give its number: {said.called} {command.name} 12.")
    verdict = await front.desk.verdict_here(said.place, command.number, said.message)
    return await front.desk.known_here(verdict, said.place, said.person), publisher
