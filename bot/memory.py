"""What people and operators do with the memory, each as one function over the ``Store``.

Command line, Slack and Discord call these; they decide nothing by themselves (``guard``, ``appeals``,
``taste`` and ``leaderboard`` do) and draw nothing. ``Told`` is the answer in words with the posts that
now have to be edited. All raise ``StoreError``, and ``RefusedError`` where the guard says no.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot import guard
from bot.appeals import Decision, decide, exhibit_of, strike
from bot.brief import Heat, Taste
from bot.case import Case, PriorOffence
from bot.errors import RepositoryError, SourceError, UsageError
from bot.leaderboard import Leaderboard, Mine, leaderboard, mine
from bot.ports_store import Store
from bot.records import (
    Appeal,
    Forgotten,
    Ground,
    Message,
    OptOutKind,
    Outcome,
    Person,
    Place,
    Post,
    Reaction,
    ReactionAnswer,
    StoredVerdict,
    Subscription,
    UserSettings,
    VerdictId,
)
from bot.records_places import TERMINAL
from bot.repository_rules import RepositoryRules
from bot.taste import Feature, weights
from bot.vouching import BY_MAIL

BOARD_DAYS = 90
_PAGE = 200
_NOBODY_CAN_LOOK = "So the line stays, with your word beside it; roast it anew from where it lies now."

ReadCase = Callable[[StoredVerdict], Awaitable[Case]]
"""Reads the pull request of a verdict as it stands now; raises ``SourceError`` where it cannot."""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: the words for whoever asked, and the posts whose verdict changed."""

    words: str
    posts: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True)
class Appealed:
    """An appeal with its decision. ``posts`` are to be redrawn with ``decision.verdict`` where a line was struck."""

    appeal: Appeal
    decision: Decision
    posts: tuple[Post, ...] = ()


async def standing(
    store: Store,
    place: Place,
    asker: Person,
    repository: str,
    *,
    author: str = "",
    rules: RepositoryRules | None = None,
) -> guard.Standing:
    """Gather what ``guard.admit`` (``author`` still unknown) and ``guard.consent`` decide upon."""
    return guard.Standing(
        opted_out=await store.opted_out(OptOutKind.LOGIN, [author]) if author else frozenset(),
        repository_opted_out=bool(await store.opted_out(OptOutKind.REPOSITORY, [repository])),
        bound_to=tuple(where for where, _ in await store.bindings(repository=repository)),
        place=guard.over(await store.place_settings(place), await store.place_settings(place.whole)),
        asker=await store.user_settings(asker),
        author=await settings_of_login(store, author, place),
        rules=rules or RepositoryRules(),
    )


async def settings_of_login(store: Store, login: str, place: Place) -> UserSettings:
    """Return what the people behind a login set: the mildest heat of them all, opted in if one of them here is.

    A wish for less is heard whoever it comes from. A yes counts where its admin confirmed who says it, and elsewhere
    only if a mail did: an admin of some other workspace must not speak for anybody.
    """
    if not login:
        return UserSettings()
    people = await store.people_of(login)
    found = {person: await store.user_settings(person) for person in people}
    heats = [one.hottest for one in found.values() if one.hottest is not None]
    hottest = min(heats, key=lambda heat: heat.rank, default=None)
    known = [
        one for person, one in found.items()
        if one.confirmed_by == BY_MAIL or (person.platform, person.workspace) == (place.platform, place.workspace)
    ]  # fmt: skip
    return UserSettings(hottest=hottest, opted_in=any(one.opted_in for one in known))


async def count_ask(store: Store, place: Place, person: Person, now: datetime) -> None:
    """Count one roast against the limits of person, channel and workspace. Raises ``RefusedError`` with the time."""
    settings = guard.over(await store.place_settings(place), await store.place_settings(place.whole))
    guard.wait(await store.claim_ask(place, person, guard.limits_of(settings)), now)


async def subscriptions_seen(store: Store, place: Place) -> tuple[Subscription, ...]:
    """Return the subscriptions that may be spoken of in a place: a channel's own, there all of them.

    Without a channel (Slack's home tab) it is the workspace's, without those that belong to some channels alone.
    """
    found = await store.subscriptions(place)
    if place.channel or place.platform == TERMINAL:
        return found
    hidden = {repository for _, repository in await store.bindings(place=place)}
    hidden |= await store.private_among([one.repository for one in found])
    return tuple(one for one in found if one.repository.lower() not in hidden)


async def taste(store: Store, place: Place, *, seed: str, now: datetime, known: Iterable[Feature] = ()) -> Taste:
    """Return what this channel likes, drawn for this seed, for casting and the writer."""
    return weights(await store.taste_counts(place, now), seed=seed, known=known)


async def record(store: Store, author: str, reader: Place, repository: str) -> tuple[PriorOffence, ...]:
    """Return an author's earlier offences in a workspace for ``Case.record``, newest first.

    Sentences name them, and those may be published: so none of another repository that is not known to be open.
    """
    return tuple(
        PriorOffence(kind=offence, pull_request=prior.pull_request, title=prior.title, url=prior.url)
        for prior in await store.record(author, place=reader, reader=reader)
        if not prior.private or prior.pull_request.partition("#")[0].lower() == repository.lower()
        for offence in prior.offences
    )


async def react(
    store: Store, verdict_id: VerdictId, emoji: str, person: Person, *, at: datetime, on: bool = True
) -> ReactionAnswer:
    """React to a verdict by its number: ``roast-bot react 12 🔥``. A verdict without posts is taken as shown here."""
    await known(store, verdict_id)
    shown = await store.posts(verdict_id)
    message = shown[0].message if shown else Message(place=Place(platform=person.platform), id=f"verdict-{verdict_id}")
    if not shown:
        await store.record_post(verdict_id, message)
    return await store.record_reaction(Reaction(message=message, person=person, emoji=emoji, on=on, at=at))


async def board(
    store: Store, place: Place, *, now: datetime, days: int = BOARD_DAYS, reader: Place | None = None
) -> Leaderboard:
    """Return the leaderboard of a workspace (of a channel, for its verdicts) over the last ``days``.

    It has nothing that may not be read in ``reader``, the channel where it is shown.
    """
    since = now - timedelta(days=days)
    funniest = await store.funniest(place, since=since, reader=reader)
    return leaderboard(funniest, await store.repository_records(place, since=since, reader=reader))


async def me(store: Store, person: Person, login: str = "", reader: Place | None = None) -> Mine:
    """Return a person's own record and settings. Raises ``UsageError`` where their login is not known.

    Read in a workspace, the record is of that workspace alone: what others say of somebody elsewhere stays there.
    """
    settings = await store.user_settings(person)
    name = settings.confirmed_login or login
    if not name:
        raise UsageError(
            "I do not know yet which GitHub login is yours.", "Name it to me; I tell you then how it is confirmed."
        )
    opted_out = bool(await store.opted_out(OptOutKind.LOGIN, [name]))
    return mine(name, await store.record(name, place=reader, reader=reader), settings, opted_out=opted_out)


async def appeal(
    store: Store, verdict_id: VerdictId, exhibit: str, ground: Ground, *, by: Person, read: ReadCase
) -> Appealed:
    """Keep an appeal, look again, decide, and amend the verdict where the line was struck.

    An appeal stays pending where the pull request cannot be read now (the ``SourceError`` passes on); made again, it
    is decided again. Where the clone that it was read from is gone nobody can ever look, and that is said at once.
    """
    stored = await known(store, verdict_id)
    item = exhibit_of(stored.verdict, exhibit)
    kept = await store.open_appeal(verdict_id, item.id, item.kind, ground, by)
    try:
        decision = decide(stored.verdict, item.id, ground, await read(stored))
    except RepositoryError as error:
        decision = Decision(Outcome.NOTED, f"{error.sentence} {_NOBODY_CAN_LOOK}", stored.verdict)
    except SourceError as error:
        raise type(error)(error.sentence, f"{error.next_step} Your appeal is kept: make it again then.") from error
    if decision.outcome is not Outcome.PENDING:
        kept = await store.decide_appeal(kept.id, decision.outcome, decision.reason)
    if decision.verdict == stored.verdict:
        return Appealed(kept, decision)
    # Another appeal may have struck another line meanwhile: strike on what stands now.
    while not await store.amend_verdict(verdict_id, decision.verdict, was=stored.verdict):
        stored = await known(store, verdict_id)
        decision = replace(decision, verdict=strike(stored.verdict, item.id, decision.reason))
    return Appealed(kept, decision, await store.posts(verdict_id))


async def opt_out(
    store: Store, kind: OptOutKind, subject: str, by: str, *, is_admin: bool = False, may_push: bool = False
) -> Told:
    """Keep a no and withdraw what stands already. Anyone may say it for any login."""
    guard.may_opt_out(kind, is_admin=is_admin, may_push=may_push)
    name = subject.strip().removeprefix("@")
    new = await store.opt_out(kind, name, by)
    posts: tuple[Post, ...] = ()
    found = await _all_on(store, kind, name)
    for stored in found:
        posts += await store.withdraw_verdict(stored.id, f"{name} prefers not to be roasted")
    said = "is not roasted any more" if new else "had opted out already"
    gone = f" Taken down: {counted(len(found), 'roast')}." if found else ""
    return Told(f"{name} {said}.{gone}", posts)


async def _all_on(store: Store, kind: OptOutKind, subject: str) -> list[StoredVerdict]:
    found: list[StoredVerdict] = []
    while True:
        page = await store.verdicts(
            author=subject if kind is OptOutKind.LOGIN else "",
            repository=subject if kind is OptOutKind.REPOSITORY else "",
            before=found[-1].id if found else None,
            limit=_PAGE,
        )
        found.extend(page)
        if len(page) < _PAGE:
            return found


async def opt_in(store: Store, kind: OptOutKind, subject: str, by: Person, *, is_admin: bool) -> Told:
    """Undo a no: an admin what was said in their workspace, the person whose login it is what was said anywhere.

    Withdrawn roasts stay withdrawn. Raises ``RefusedError``, also where it still stands since others said it elsewhere.
    """
    name, settings = subject.strip().removeprefix("@"), await store.user_settings(by)
    guard.may_opt_in(kind, name, settings, is_admin=is_admin)
    everywhere = guard.undoes_everywhere(kind, name, by, settings)
    home = None if everywhere else Place(platform=by.platform, workspace=by.workspace)
    undone = await store.undo_opt_out(kind, name, str(by), said_in=home)
    if await store.opted_out(kind, [name]):
        raise guard.said_elsewhere(kind, name)
    return Told(f"{name} may be roasted again." if undone else f"{name} had not opted out.")


async def to_mention(store: Store, place: Place, login: str, asker: Person) -> tuple[Person, ...]:
    """Return who of a workspace is known by a login and asked to be mentioned; whoever asks sees it anyway."""
    here = (place.platform, place.workspace)
    found = [one for one in await store.people_of(login) if (one.platform, one.workspace) == here and one != asker]
    return tuple([one for one in found if (await store.user_settings(one)).may_be_mentioned])


async def link_login(store: Store, person: Person, login: str) -> UserSettings:
    """Note which login somebody says is theirs; it counts once it was confirmed. Return their settings."""
    settings = await store.user_settings(person)
    name = login.strip().removeprefix("@")
    if settings.confirmed_login.lower() != name.lower():
        settings = settings.model_copy(update={"login": name, "confirmed_by": ""})
        await store.set_user_settings(person, settings)
    return settings


async def confirm_login(store: Store, person: Person, by: str, *, login: str = "") -> Told:
    """Confirm the login that somebody named, by an admin's word or a commit's mail: see ``bot.vouching``.

    Raises ``UsageError`` where none was named, or another one than ``login`` by now.
    """
    settings = await store.user_settings(person)
    if not settings.login:
        raise UsageError("No login was named yet.", "Name it to me first.")
    if login and settings.login.lower() != login.lower():
        raise UsageError("Another login was named meanwhile.", "Name yours to me again.")
    await store.set_user_settings(person, settings.model_copy(update={"confirmed_by": by}))
    return Told(f"{settings.login} it is.")


async def set_heat(store: Store, person: Person, hottest: Heat | None) -> Told:
    """Keep how hot roasts of somebody (and for them) may get at most."""
    settings = await store.user_settings(person)
    await store.set_user_settings(person, settings.model_copy(update={"hottest": hottest}))
    return Told(f"Never hotter than {hottest.value}, then." if hottest else "As hot as the place allows, then.")


async def set_opted_in(store: Store, person: Person, *, opted_in: bool) -> Told:
    """Keep whether somebody joins in where only people who opted in are roasted."""
    settings = await store.user_settings(person)
    await store.set_user_settings(person, settings.model_copy(update={"opted_in": opted_in}))
    return Told("You are in." if opted_in else "You are out.")


async def withdraw(store: Store, verdict_id: VerdictId, who: Person, *, is_admin: bool, reason: str = "") -> Told:
    """Take a roast down; ``restore`` undoes it."""
    stored = await known(store, verdict_id)
    login = (await store.user_settings(who)).confirmed_login
    guard.may_withdraw(stored, who, login, is_admin=is_admin)
    return Told("Withdrawn.", await store.withdraw_verdict(verdict_id, reason or "withdrawn on request"))


async def restore(store: Store, verdict_id: VerdictId, who: Person, *, is_admin: bool) -> Told:
    """Put a withdrawn roast back, by whoever might have withdrawn it, unless its author or repository opted out."""
    stored = await known(store, verdict_id)
    login = (await store.user_settings(who)).confirmed_login
    guard.may_withdraw(stored, who, login, is_admin=is_admin)
    author, repository = stored.verdict.subject.author, stored.verdict.pull_request.partition("#")[0]
    if await store.opted_out(OptOutKind.LOGIN, [author]) or await store.opted_out(OptOutKind.REPOSITORY, [repository]):
        return Told("Its author or repository has opted out: it stays withdrawn.")
    return Told("It is back.", await store.restore_verdict(verdict_id))


async def forget(store: Store, login: str, people: Sequence[Person] = ()) -> tuple[Forgotten, Told]:
    """Remove all that is kept on a login, on the chat users linked to it, and on those given.

    The posts that still stand on their platforms are in ``Told``; ``Forgotten.changed`` has those to redraw.
    """
    done = await store.forget(login.strip().removeprefix("@"), people)
    rows = _rows(done.removed)
    rest = "The opt-out itself is kept, so that it holds." if done.opted_out else "An opt-out keeps it that way."
    return done, Told(f"Forgotten: {rows or 'nothing was kept'}. {rest}", done.posts)


async def export(store: Store, login: str, people: Sequence[Person] = ()) -> dict[str, Any]:
    """Return all that is kept on a login, as JSON values."""
    return await store.export(login.strip().removeprefix("@"), people)


async def backup(store: Store, path: Path) -> Told:
    """Write a consistent copy while the bot runs."""
    size = await store.backup(path)
    return Told(f"{path}: {size / 1024:,.0f} KiB, a store of its own; point ROAST_STORE__URL at it to look inside.")


async def fill_from(store: Store, path: Path) -> Told:
    """Fill an empty store from a backup."""
    await store.fill_from(path)
    return Told(f"The memory is that of {path} now.")


async def prune(store: Store, keep_days: int) -> Told:
    """Forget what is older than the retention setting; 0 keeps verdicts for ever."""
    removed = await store.prune(timedelta(days=keep_days or 36_500))
    rows = _rows(removed)
    return Told(f"Pruned: {rows or 'nothing was old enough'}.")


def counted(many: int, what: str) -> str:
    """Return "1 roast", "2 roasts"."""
    return f"{many:,} {what}{'' if many == 1 else 's'}"


def _rows(removed: Mapping[str, int]) -> str:
    """Return what was removed, in words: tables are named in the plural."""
    names = {"lines_used": "line"}
    return ", ".join(
        counted(count, names.get(name, name.replace("_", " ").removesuffix("s")))
        for name, count in removed.items()
        if count
    )


async def known(store: Store, verdict_id: VerdictId) -> StoredVerdict:
    """Return a verdict, or raise ``UsageError`` in words."""
    stored = await store.verdict(verdict_id)
    if stored is None:
        raise UsageError(f"There is no roast number {verdict_id}.", "`roast-bot leaderboard` shows some numbers.")
    return stored
