"""Whom and what a digest may tell: the desk's consent, asked once for a whole week. Nothing is read but the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot import guard, memory
from bot.desk import Desk
from bot.errors import BusyError, RefusedError
from bot.merged import Merged, MergedPull
from bot.ports_messenger import Ask
from bot.ports_store import Store
from bot.pull_request import PullRequest
from bot.records import OptOutKind, Person, Place, Policy, Subscription, UserSettings

_A_DAY = timedelta(days=1)


async def refused_of(desk: Desk, one: Subscription, pulls: Sequence[MergedPull]) -> frozenset[int]:
    """Return those that want no part of it, from the store alone; the repository's own no ends the run."""
    store, name = desk.store, one.repository
    owner, _, repo = name.partition("/")
    rules = await desk.read_rules(name)
    logins = sorted({pull.user.login for pull in pulls})
    common = await memory.standing(store, one.place, asker_of(one), name, rules=rules)
    guard.admit(name, common)
    silent = await store.opted_out(OptOutKind.LOGIN, logins)
    open_to_all = common.place.policy in {None, Policy.EVERYONE}
    refused = set()
    for login in logins:
        author = UserSettings() if open_to_all else await memory.settings_of_login(store, login, one.place)
        standing = replace(common, opted_out=silent, author=author)
        for pull in (pull for pull in pulls if pull.user.login == login):
            stub = PullRequest(
                owner=owner, repo=repo, number=pull.number, title=pull.title, user=pull.user, labels=pull.labels
            )
            try:
                guard.may_roast(stub, desk.privacy)
                guard.consent(stub, one.place, standing, desk.privacy)
            except RefusedError:
                refused.add(pull.number)
    return frozenset(refused)


async def may_appear(desk: Desk, one: Subscription, merged: Merged) -> None:
    """Keep a repository that has gone private out of channels that it was not bound to."""
    if merged.private:
        await desk.store.note_privacy(one.repository, private=True)
        await may_be_read(desk, one, one.repository)


async def may_be_read(desk: Desk, one: Subscription, repository: str) -> None:
    """Return where a private repository may appear in a subscription's channel. Raises ``RefusedError``."""
    homes = [where for where, _ in await desk.store.bindings(repository=repository)]
    guard.may_appear(repository, one.place, homes, desk.privacy)


async def may_afford(store: Store, place: Place, now: datetime, most: int) -> None:
    """Keep one workspace from spending what all share, however many digests it has. 0 bounds nothing."""
    if most and await store.unasked(place, now - _A_DAY) >= most:
        raise BusyError(
            f"This workspace has had its share of digests, and of roasts in them and at merge: {most} a day.",
            "Whoever runs the bot can raise scheduler.most_a_day.",
        )


def asker_of(one: Subscription) -> Person:
    """Return on whose behalf a digest is made: whoever subscribed, or nobody."""
    return one.created_by or Person(platform=one.place.platform, workspace=one.place.workspace, user="")


def ask_of(one: Subscription, typed: str) -> Ask:
    """Return the wish for one pull request of a digest."""
    return Ask(typed=typed, place=one.place, person=asker_of(one))
