"""What is published in the dev log: a choice of each workspace, within what is nobody's secret. Pure.

Nothing unless an admin says so; a private repository never; and nothing whose author said no, ever. The records are
kept by ``bot.ports_publishing.PublishingStore``; ``bot.publisher`` is what the desk and the digests call.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase

from bot.feedback import Meaning
from bot.pull_request import Frozen
from bot.records import Place, PlaceSettings, VerdictId
from bot.repository_rules import RepositoryRules
from bot.verdict import Verdict

_LONGEST_SLUG = 60
_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")


class Choice(StrEnum):
    """How much of a workspace is published."""

    NOTHING = "nothing"
    HEADLINES = "headlines"
    ALL = "all"

    @property
    def rank(self) -> int:
        """0 for nothing, 2 for all."""
        return list(Choice).index(self)


class Publication(Frozen):
    """A verdict that was offered to the dev log. ``headline`` says that a digest led with it.

    It is public from ``due_at`` on, as long as its verdict stands and nobody said no (``vetoed`` is the reason).
    """

    verdict: VerdictId
    headline: bool = False
    offered_at: datetime
    due_at: datetime
    vetoed: str = ""
    vetoed_at: datetime | None = None


class Listed(Frozen):
    """A publication with as much of its verdict as lists need. ``standing`` is false once that is withdrawn or gone.

    ``author`` and the parts of ``pull_request`` are spelled as the verdict spells them, or in lower case.
    """

    publication: Publication
    standing: bool = False
    ended_at: datetime | None = None
    place: Place = Place(platform="")
    created_at: datetime | None = None
    pull_request: str = ""
    author: str = ""
    title: str = ""
    epithet: str = ""
    punchline: str = ""
    doneness: str = ""
    score: float = 0.0
    acquitted: bool = False
    private: bool = False
    offences: tuple[str, ...] = ()
    voices: dict[Meaning, int] = {}

    @property
    def id(self) -> VerdictId:
        """The number of the verdict."""
        return self.publication.verdict

    @property
    def repository(self) -> str:
        """``owner/repo``, or the folder's name of a local clone."""
        return self.pull_request.partition("#")[0]

    @property
    def slug(self) -> str:
        """The last part of the page's address."""
        return slug_of(self.id, self.title)


class Shelf(Frozen):
    """What the dev log shows: ``posts`` newest first, ``gone`` what was taken down, ``moved`` what was told anew."""

    posts: tuple[Listed, ...] = ()
    gone: frozenset[VerdictId] = frozenset()
    moved: dict[VerdictId, VerdictId] = {}


def slug_of(verdict_id: VerdictId, title: str) -> str:
    """Return "12-the-assertive-handshake": the number finds the page, the words are for people."""
    ascii_ = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = _NOT_IN_SLUG.sub("-", ascii_).strip("-")[:_LONGEST_SLUG].strip("-")
    return f"{verdict_id}-{words}" if words else str(verdict_id)


def path_of(verdict_id: VerdictId, title: str) -> str:
    """Return the page's path below the address of the dev log."""
    return f"posts/{slug_of(verdict_id, title)}/"


def choice_of(channel: PlaceSettings, workspace: PlaceSettings, usual: Choice) -> Choice:
    """Return how much is published: what the workspace chose, or less where the channel says so."""
    chosen = _read(workspace.publish) or usual
    return min(chosen, _read(channel.publish) or chosen, key=lambda one: one.rank)


def _read(kept: str | None) -> Choice | None:
    """Read a kept choice; a word that nobody knows any more is taken for the cautious one."""
    if kept is None:
        return None
    known = {one.value: one for one in Choice} | {"on": Choice.ALL}
    return known.get(kept, Choice.NOTHING)


def allows(choice: Choice, *, headline: bool) -> bool:
    """Whether the choice lets this one out."""
    return choice is Choice.ALL or (choice is Choice.HEADLINES and headline)


def barred(
    verdict: Verdict, *, known_public: Sequence[str], opted_out: Sequence[str], rules: RepositoryRules | None = None
) -> str:
    """Return why a verdict can never be published, or nothing.

    ``known_public`` are the repositories of which the operator says that they are public: a local clone cannot.
    """
    repository = verdict.pull_request.partition("#")[0].casefold()
    author = verdict.subject.author
    if verdict.private or (verdict.private is None and not is_named(repository, known_public)):
        return "its repository is private, or nobody knows that it is not"
    if author.casefold() in {name.casefold().removeprefix("@") for name in opted_out}:
        return "its author prefers not to be roasted"
    return against(rules, author) if rules is not None else ""


def against(rules: RepositoryRules, author: str) -> str:
    """Return what a repository says against publishing a roast of this author, or nothing."""
    if not rules.publish:
        return "its repository wants nothing published"
    if not rules.roast:
        return "its repository prefers not to be roasted"
    silent = {name.casefold().removeprefix("@") for name in rules.opted_out}
    return "its repository leaves its author alone" if author.casefold() in silent else ""


def is_named(repository: str, names: Sequence[str]) -> bool:
    """Whether a repository is one of these; a ``*`` stands for whatever there is."""
    return any(fnmatchcase(repository.casefold(), one.casefold()) for one in names)


def due(now: datetime, delay_hours: float) -> datetime:
    """Return when an offer becomes public; until then its author may veto without anybody having seen it."""
    return now + timedelta(hours=delay_hours)


def shelf(found: Sequence[Listed], choices: Mapping[Place, Choice], silent: frozenset[str], now: datetime) -> Shelf:
    """Sort what was offered into what is shown, what is gone, and what was told anew.

    ``silent`` are logins and repositories in lower case that opted out. Of several roasts of one pull request the
    newest is shown. What never was public is neither shown nor gone.
    """
    posts: dict[str, Listed] = {}
    gone: set[VerdictId] = set()
    moved: dict[VerdictId, VerdictId] = {}
    for one in sorted(found, key=lambda one: one.id, reverse=True):
        if one.publication.due_at > now:
            continue
        if not _stands(one, choices, silent):
            if not _ended_early(one):
                gone.add(one.id)
        elif (newer := posts.get(_told_of(one))) is not None:
            moved[one.id] = newer.id
        else:
            posts[_told_of(one)] = one
    return Shelf(posts=tuple(posts.values()), gone=frozenset(gone), moved=moved)


def _told_of(one: Listed) -> str:
    """Return what a post is about: its pull request, or itself where it is about a range of commits."""
    return one.pull_request.casefold() if "#" in one.pull_request else str(one.id)


def _stands(one: Listed, choices: Mapping[Place, Choice], silent: frozenset[str]) -> bool:
    if not one.standing or one.private or one.publication.vetoed:
        return False
    if {one.author.lower(), one.repository.lower()} & silent:
        return False
    return allows(choices.get(one.place, Choice.NOTHING), headline=one.publication.headline)


def _ended_early(one: Listed) -> bool:
    """Whether it was stopped before it was ever public."""
    ends = [at for at in (one.publication.vetoed_at, one.ended_at) if at is not None]
    return bool(ends) and min(ends) < one.publication.due_at
