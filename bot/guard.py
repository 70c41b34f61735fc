"""Whom and what the bot leaves alone (law 7): pure decisions over what the memory knows, with the words people see.

A refusal is a ``RefusedError``: kind, without drama, shown to the asker alone. What must be known is
gathered first (``bot.memory.standing``); nothing here looks anything up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase

from bot.brief import Heat
from bot.errors import RefusedError
from bot.pull_request import PullRequest
from bot.records import (
    Limit,
    OptOutKind,
    Person,
    Place,
    PlaceSettings,
    Policy,
    StoredVerdict,
    UserSettings,
    Wait,
)
from bot.records_places import TERMINAL
from bot.repository_rules import FILE_NAME, RepositoryRules
from bot.settings_sections import Privacy
from bot.vouching import BY_MAIL

PER_PERSON, PER_CHANNEL, PER_WORKSPACE = 10, 30, 100
"""Roasts an hour, where nothing else was set."""

# Whoever sits at the machine, or reads the pull request itself, can read the repository anyway.
_ALONE = frozenset({TERMINAL, "cli", "local", "github"})

_NOBODY = Privacy()


@dataclass(frozen=True, slots=True)
class Standing:
    """All that a decision rests on. ``place`` is the channel's settings over the workspace's.

    ``bound_to`` are the channels bound to the repository; ``asker`` and ``author`` are their own settings.
    """

    opted_out: frozenset[str] = frozenset()
    repository_opted_out: bool = False
    bound_to: tuple[Place, ...] = ()
    place: PlaceSettings = field(default_factory=PlaceSettings)
    asker: UserSettings = field(default_factory=UserSettings)
    author: UserSettings = field(default_factory=UserSettings)
    rules: RepositoryRules = field(default_factory=RepositoryRules)


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a roast may go ahead: the bounds of its heat, and whether to be gentle (a first-timer)."""

    mildest: Heat = Heat.MILD
    hottest: Heat = Heat.SPICY
    gently: bool = False

    def heat(self, asked: Heat) -> Heat:
        """Return the heat that was asked for, moved inside the bounds."""
        return min(max(asked, self.mildest, key=_rank), self.hottest, key=_rank)


def may_roast(pull_request: PullRequest, privacy: Privacy) -> None:
    """Return if the operator's settings allow it. Raises ``RefusedError`` with words that put nobody on the spot."""
    login = pull_request.user.login.casefold()
    if login in {name.casefold().removeprefix("@") for name in privacy.opted_out}:
        raise _prefers_not(pull_request.user.login)
    name = f"{pull_request.owner}/{pull_request.repo}".casefold()
    if privacy.repositories and not any(fnmatchcase(name, one.casefold()) for one in privacy.repositories):
        raise RefusedError(
            f"{pull_request.owner}/{pull_request.repo} is not among the repositories that may be roasted here.",
            "privacy.repositories in config/roast.toml lists them.",
        )
    if privacy.skip_label and privacy.skip_label.casefold() in {label.casefold() for label in pull_request.labels}:
        raise RefusedError(f"{pull_request.slug} carries the label {privacy.skip_label}, and is left alone.")


def trusts(place: Place, privacy: Privacy) -> bool:
    """Return whether the operator lets private repositories appear in a workspace, once they are bound there.

    An admin's word is not enough: whoever installs the app is admin of their own workspace.
    """
    name = f"{place.platform}/{place.workspace}"
    return place.platform in _ALONE or any(fnmatchcase(name, one) for one in privacy.private_for)


def is_seen(place: Place, bound_to: Sequence[Place], privacy: Privacy) -> bool:
    """Return whether a private repository, bound to these channels, may be shown in a place."""
    return place.platform in _ALONE or (trusts(place, privacy) and place in bound_to)


def may_appear(name: str, place: Place, bound_to: Sequence[Place], privacy: Privacy) -> None:
    """Return where something of a private repository may be shown. Raises ``RefusedError``."""
    if not is_seen(place, bound_to, privacy):
        raise unseen(name, place, privacy)


def unseen(name: str, place: Place, privacy: Privacy) -> RefusedError:
    """Return the one answer to what is private and to what is not there: which it is, a stranger shall not learn."""
    step = "An admin can bind the channel to a private repository."
    if not trusts(place, privacy):
        step = (
            "Check its name. For a private one, whoever runs the bot can add"
            f" {place.platform}/{place.workspace} to privacy.private_for; then an admin can bind this channel to it."
        )
    return RefusedError(f"{name} is not there, or it is private and not at home in this channel.", step)


def admit(repository: str, standing: Standing) -> None:
    """Decide before anything is read: does the repository want this at all? Raises ``RefusedError``."""
    if standing.repository_opted_out:
        raise RefusedError(f"{repository} has opted out of roasts.", "An admin can undo that where it was said.")
    if standing.rules.unreadable:
        raise RefusedError(
            f"The {FILE_NAME} of {repository} cannot be read ({standing.rules.unreadable}), so I take it for a no.",
            "Mend it on the default branch, then ask again.",
        )
    if not standing.rules.roast:
        raise RefusedError(f"{repository} prefers not to be roasted: its {FILE_NAME} says so.")


def consent(pull_request: PullRequest, place: Place, standing: Standing, privacy: Privacy = _NOBODY) -> Terms:
    """Decide once the pull request is known: return the terms, or raise ``RefusedError``."""
    repository = f"{pull_request.owner}/{pull_request.repo}"
    admit(repository, standing)
    if pull_request.private:
        may_appear(f"The pull request {pull_request.slug}", place, standing.bound_to, privacy)
    login = pull_request.user.login
    silent = standing.opted_out | {name.lower().removeprefix("@") for name in standing.rules.opted_out}
    if login.lower() in silent:
        raise _prefers_not(login)
    if not pull_request.user.is_bot:
        _policy_allows(login, standing)
    return terms(pull_request, standing)


def _prefers_not(login: str) -> RefusedError:
    return RefusedError(f"{login} prefers not to be roasted, and that is that.")


def _policy_allows(login: str, standing: Standing) -> None:
    policy = standing.place.policy or Policy.EVERYONE
    asker = standing.asker.confirmed_login.lower()
    if policy is Policy.EVERYONE or login.lower() == asker:
        return
    if policy is Policy.OPTED_IN:
        if not standing.author.opted_in:
            raise RefusedError(f"Here only people who opted in are roasted, and {login} has not.", "Try one of yours.")
        return
    if not asker:
        raise RefusedError(
            "Here people roast their own pull requests only, and I do not know yet which GitHub login is yours.",
            "Name your login to me; I tell you then how it is confirmed.",
        )
    raise RefusedError(f"Here people roast their own pull requests only, and this one is {login}'s.")


def may_share(stored: StoredVerdict, standing: Standing) -> bool:
    """Return whether a verdict of minutes ago answers this asker too, or its heat is more than they bear.

    Raises ``RefusedError`` where consent or policy says no by now, as for a roast of their own.
    """
    subject = stored.verdict.subject
    admit(stored.verdict.pull_request.partition("#")[0], standing)
    if subject.author.lower() in standing.opted_out:
        raise _prefers_not(subject.author)
    if not subject.author_is_bot:
        _policy_allows(subject.author, standing)
    bounds = [one for one in (standing.asker.hottest, standing.author.hottest, standing.place.hottest) if one]
    return all(stored.verdict.heat.rank <= bound.rank for bound in bounds)


def terms(pull_request: PullRequest, standing: Standing) -> Terms:
    """Return the bounds of heat: the mildest wish of place, author, asker and repository wins; first-timers gently."""
    if pull_request.author_association in {"FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR"}:
        return Terms(hottest=Heat.MILD, gently=True)
    return bounds(standing)


def bounds(standing: Standing) -> Terms:
    """Return the bounds of heat for an author who is no first-timer."""
    wishes = [standing.place.hottest, standing.author.hottest, standing.asker.hottest, standing.rules.hottest]
    hottest = min([wish for wish in wishes if wish is not None], key=_rank, default=Heat.SPICY)
    return Terms(min(standing.place.mildest or Heat.MILD, hottest, key=_rank), hottest)


def _rank(heat: Heat) -> int:
    return heat.rank


def over(channel: PlaceSettings, workspace: PlaceSettings) -> PlaceSettings:
    """Return a channel's settings where it has any, the workspace's elsewhere; the milder ``hottest`` of both."""
    merged = workspace.model_dump(exclude_none=True) | channel.model_dump(exclude_none=True, exclude_defaults=True)
    bounds = [one.hottest for one in (channel, workspace) if one.hottest is not None]
    return PlaceSettings.model_validate(merged | {"hottest": min(bounds, key=_rank, default=None)})


def limits_of(settings: PlaceSettings) -> tuple[Limit, ...]:
    """Return the limits on asking, per hour."""
    most = (
        ("person", settings.per_person, PER_PERSON),
        ("channel", settings.per_channel, PER_CHANNEL),
        ("workspace", settings.per_workspace, PER_WORKSPACE),
    )
    return tuple(Limit(scope=scope, most=usual if given is None else given) for scope, given, usual in most)


def limits_in(channel: PlaceSettings, workspace: PlaceSettings) -> tuple[Limit, ...]:
    """Return the limits of a channel in its workspace."""
    return limits_of(over(channel, workspace))


def wait(found: Wait | None, now: datetime) -> None:
    """Return if nothing stands in the way; raise ``RefusedError`` with the time until the next roast."""
    if found is None:
        return
    who = {"person": "You have had", "channel": "This channel has had"}.get(found.limit.scope, "This workspace has had")
    roasts = f"{found.limit.most} roast{'' if found.limit.most == 1 else 's'}"
    minutes = max(1, -int(-(found.until - now).total_seconds() // 60))
    raise RefusedError(
        f"{who} {roasts} within the hour, which is plenty.",
        f"The next one is ready in {minutes} minute{'' if minutes == 1 else 's'} ({found.until:%H:%M} UTC).",
    )


def may_opt_out(kind: OptOutKind, *, is_admin: bool, may_push: bool = False) -> None:
    """Anyone may opt any login out: a no needs no proof. A repository needs an admin or somebody who may push to it."""
    if kind is OptOutKind.REPOSITORY and not (is_admin or may_push):
        raise RefusedError(
            "Only an admin here, or somebody who may push to the repository, can opt it out.",
            f"A {FILE_NAME} with `roast = false` on its default branch does the same.",
        )


def may_opt_in(kind: OptOutKind, subject: str, who: UserSettings, *, is_admin: bool) -> None:
    """Only an admin undoes an opt-out, or the person whose login it is and whose link to it was confirmed.

    How far their word reaches says ``undoes_everywhere``.
    """
    if not (is_admin or _is_own(kind, subject, who)):
        raise RefusedError(
            f"Only an admin can undo the opt-out of {subject}.",
            "If it is you: name your login to me, and once the link is confirmed you can do it yourself.",
        )


def undoes_everywhere(kind: OptOutKind, subject: str, by: Person, who: UserSettings) -> bool:
    """Whether somebody undoes what was said in other workspaces, too.

    Whoever installs the app is admin of their own workspace, and confirms logins there: neither may take back a no that
    somebody said elsewhere. The operator may, and the person themself, shown by mail.
    """
    return by.platform == TERMINAL or (_is_own(kind, subject, who) and who.confirmed_by == BY_MAIL)


def said_elsewhere(kind: OptOutKind, subject: str) -> RefusedError:
    """Return the words for a no that cannot be undone from here."""
    step = f"Whoever runs the bot can undo it: roast-bot optin {subject}."
    if kind is OptOutKind.LOGIN:
        step = f"So can {subject}, once the mail of a commit confirmed who that is. {step}"
    return RefusedError(f"{subject} has opted out in another place, too: an admin can undo that only there.", step)


def _is_own(kind: OptOutKind, subject: str, who: UserSettings) -> bool:
    return kind is OptOutKind.LOGIN and who.confirmed_login.lower() == subject.lower()


def may_withdraw(stored: StoredVerdict, who: Person, login: str, *, is_admin: bool) -> None:
    """The author, whoever asked, and admins may take a verdict down."""
    own = bool(login) and login.lower() == stored.verdict.subject.author.lower()
    if not (is_admin or own or who == stored.asker):
        raise RefusedError(
            "Only its author, whoever asked for it, or an admin can withdraw a roast.", "Appeal instead."
        )
