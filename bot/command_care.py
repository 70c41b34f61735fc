"""Commands on oneself: opting out and in, the heat one bears, and which GitHub login one is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot import guard, memory
from bot.brief import Heat
from bot.command_words import Command, Sort, Word
from bot.errors import RefusedError, UsageError
from bot.ports_messenger import Action, Answer, Said, Tone
from bot.records import OptOutKind, Person, PlaceSettings
from bot.vouching import BY_MAIL, TellsMail, vouch

if TYPE_CHECKING:
    from bot.commands import Commands

_LOGIN = re.compile(r"^[A-Za-z0-9][A-Za-z0-9-]{0,38}(?:\[bot\])?$")
_REPOSITORY = re.compile(r"^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$")
_ADDRESS = re.compile(r"^https?://[^/]+/([^/]+/[^/?#]+)")
_SWITCH = {"on": True, "yes": True, "off": False, "no": False, "never": False}
_ANY = frozenset({"any", "all", "default", "off", "none", "whatever"})


def repository_in(words: tuple[Word, ...], example: str) -> str:
    """Return the first ``owner/repo`` among the words, out of an address too. Raises ``UsageError``."""
    for word in words:
        text = _plain(word)
        if _REPOSITORY.match(text):
            return text
    raise UsageError("Which repository?", f"Like this: {example}.")


def _plain(word: Word) -> str:
    found = _ADDRESS.match(word.text)
    return (found[1] if found else word.text.strip(",.;:\"'`()")).removesuffix(".git")


async def heat(front: Commands, said: Said, command: Command) -> Answer:
    """Show or keep how hot roasts of somebody and for them may get."""
    store = front.desk.store
    wanted = command.words[0].folded if command.words else ""
    choices = tuple(Action(label=f"At most {one.value}", command=f"heat {one.value}") for one in Heat)
    if not wanted:
        kept = (await store.user_settings(said.person)).hottest
        return Answer(
            text=f"Roasts of you are {kept.value} at most."
            if kept
            else "Roasts of you are as hot as the place allows.",
            actions=choices,
        )
    if wanted not in {*_ANY, *Heat}:
        raise UsageError(f"“{command.words[0].text[:40]}” is no heat.", "There are mild, medium, spicy, and any.")
    told = await memory.set_heat(store, said.person, None if wanted in _ANY else Heat(wanted))
    return Answer(text=told.words, tone=Tone.DONE)


async def ping(front: Commands, said: Said, command: Command) -> Answer:
    """Show or keep whether somebody wants to be mentioned: nobody is who did not ask for it."""
    store = front.desk.store
    wanted = command.words[0].folded if command.words else ""
    kept = await store.user_settings(said.person)
    if not wanted:
        state = "mentioned below" if kept.may_be_mentioned else "never mentioned, not even below"
        actions = (Action(label="Mention me", command="ping on"), Action(label="Never mention me", command="ping off"))
        return Answer(text=f"You are {state} the roasts of your own pull requests.", actions=actions)
    if wanted not in _SWITCH:
        raise UsageError(f"“{command.words[0].text[:40]}” is neither on nor off.")
    await store.set_user_settings(said.person, kept.model_copy(update={"may_be_mentioned": _SWITCH[wanted]}))
    if not _SWITCH[wanted]:
        return Answer(text="You are never mentioned.", tone=Tone.DONE)
    known = "" if kept.confirmed_login else f" That needs your GitHub login: {said.called} link octocat."
    return Answer(text=f"You are mentioned below the roasts of your own pull requests.{known}", tone=Tone.DONE)


async def opt_out(front: Commands, said: Said, command: Command) -> Answer:
    """Keep a no for oneself, for a login, or for a repository; take down what stands."""
    kind, subject = await _subject(front, said, command)
    by = str(said.person)
    told = await memory.opt_out(front.desk.store, kind, subject, by, is_admin=said.is_admin)
    if kind is OptOutKind.LOGIN and not command.words:
        await memory.set_opted_in(front.desk.store, said.person, opted_in=False)
    await front.redraw_later(told.posts)
    return Answer(text=told.words, tone=Tone.DONE)


async def opt_in(front: Commands, said: Said, command: Command) -> Answer:
    """Undo that, or join in where only volunteers are roasted."""
    kind, subject = await _subject(front, said, command)
    told = await memory.opt_in(front.desk.store, kind, subject, said.person, is_admin=said.is_admin)
    if kind is OptOutKind.LOGIN and not command.words:
        await memory.set_opted_in(front.desk.store, said.person, opted_in=True)
        return Answer(text=f"{told.words} Where only volunteers are roasted, you are one now.", tone=Tone.DONE)
    return Answer(text=told.words, tone=Tone.DONE)


async def _subject(front: Commands, said: Said, command: Command) -> tuple[OptOutKind, str]:
    """Return whom or what it is about: what was named, or the login that the person named as theirs."""
    if not command.words or command.words[0].folded == "me":
        login = (await front.desk.store.user_settings(said.person)).login
        if login:
            return OptOutKind.LOGIN, login
        raise UsageError(
            "I do not know yet which GitHub login is yours.", f"Say it along: {said.called} {command.name} octocat."
        )
    if len(command.words) > 1:
        raise UsageError("That is more than one name.", f"One at a time: {said.called} {command.name} octocat.")
    if command.words[0].sort is Sort.PERSON:
        raise UsageError(
            "I need a GitHub login, not somebody's name here.", f"Like this: {said.called} {command.name} octocat."
        )
    name = _plain(command.words[0]).removeprefix("@")
    if _REPOSITORY.match(name):
        return OptOutKind.REPOSITORY, name
    if _LOGIN.match(name):
        return OptOutKind.LOGIN, name
    raise UsageError(
        f"“{name[:60]}” is no login and no owner/repo.", f"Like this: {said.called} {command.name} octocat."
    )


def login_in(said: Said, command: Command) -> str:
    """Return the login that somebody names as theirs. Raises ``UsageError``."""
    name = _plain(command.words[0]).removeprefix("@").removeprefix("https://github.com/") if command.words else ""
    if not _LOGIN.match(name):
        raise UsageError("Which GitHub login is yours?", f"Like this: {said.called} link octocat.")
    return name


def tells_mail(front: Commands, said: Said) -> TellsMail | None:
    """Return what can say somebody's mail here, where it may."""
    messenger: object = front.desk.messengers.get(said.place.platform)
    return messenger if isinstance(messenger, TellsMail) and messenger.tells_mail else None


async def link(front: Commands, said: Said, command: Command) -> Answer:
    """Note which login somebody says is theirs; confirm it by their mail where that can be done."""
    store, login = front.desk.store, login_in(said, command)
    kept = await memory.link_login(store, said.person, login)
    if kept.confirmed_by:
        return Answer(text=f"You are {kept.login}; {kept.confirmed_by} confirmed it.", tone=Tone.DONE)
    by_admin = f"it counts once an admin here confirms it, with {said.called} confirm @you."
    messenger = tells_mail(front, said)
    if front.commits is None or messenger is None:
        return Answer(text=f"You say that you are {login}; {by_admin}", tone=Tone.DONE)
    await memory.count_ask(store, said.place, said.person, front.desk.clock.now())
    found = await vouch(store, messenger, front.commits, said.person, login)
    if not found.same:
        return Answer(text=f"You say that you are {login}. {found.why}, so {by_admin}", tone=Tone.DONE)
    await memory.confirm_login(store, said.person, BY_MAIL, login=login)
    return Answer(
        text=f"You are {login}: your mail here is that of its commits, and nobody else has to confirm it."
        " I kept neither mail.",
        tone=Tone.DONE,
    )


async def confirm(front: Commands, said: Said, command: Command) -> Answer:
    """Let an admin confirm the login that somebody named."""
    if not said.is_admin:
        raise RefusedError("Only an admin can confirm who somebody is.", "Ask one to.")
    someone = next((word for word in command.words if word.sort is Sort.PERSON), None)
    if someone is None:
        raise UsageError("Whose login is it about?", f"Mention the person: {said.called} confirm @ada.")
    person = Person(platform=said.person.platform, workspace=said.person.workspace, user=someone.text)
    told = await memory.confirm_login(front.desk.store, person, str(said.person))
    return Answer(text=told.words, tone=Tone.DONE)


def for_admins(said: Said, what: str) -> None:
    """Return for an admin; raise ``RefusedError`` for everybody else."""
    if not said.is_admin:
        raise RefusedError(f"Only an admin here can {what}.", "Ask one to.")


def limits_in_words(settings: PlaceSettings) -> str:
    """Return "10 for a person, 30 here, 100 in all, in an hour"."""
    person, channel, workspace = (limit.most for limit in guard.limits_of(settings))
    return f"{person} for a person, {channel} for a channel, {workspace} in all, in an hour"
