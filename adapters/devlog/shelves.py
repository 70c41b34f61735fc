"""The shelf sorted: by repository, author, offence and week, with a safe address for each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.display import plain
from bot.publishing import Listed, Shelf
from bot.records import VerdictId

_ODD = re.compile(r"[^a-z0-9._-]+")


@dataclass(slots=True)
class Group:
    """Posts that have something in common, newest first."""

    kind: str
    key: str
    name: str
    posts: list[Listed] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The address of its page."""
        return f"{self.kind}/{self.key}/"


@dataclass(frozen=True, slots=True)
class Shelves:
    """Everything that is public, and how to find it."""

    posts: tuple[Listed, ...]
    gone: frozenset[VerdictId]
    moved: Mapping[VerdictId, VerdictId]
    place: Mapping[VerdictId, int]
    groups: Mapping[str, Mapping[str, Group]]

    def ranked(self, kind: str) -> list[Group]:
        """Return the groups of a kind, the fullest first."""
        return sorted(self.groups[kind].values(), key=lambda one: (-len(one.posts), one.key))

    def group(self, kind: str, key: str) -> Group | None:
        """Return one group."""
        return self.groups.get(kind, {}).get(key)


KINDS = ("repositories", "authors", "offences", "weeks")


def sort(shelf: Shelf) -> Shelves:
    """Return the shelf, sorted."""
    groups: dict[str, dict[str, Group]] = {kind: {} for kind in KINDS}
    for post in shelf.posts:
        for kind, name in _belongs(post):
            key = key_of(name)
            groups[kind].setdefault(key, Group(kind, key, name)).posts.append(post)
    return Shelves(
        posts=shelf.posts,
        gone=shelf.gone,
        moved=shelf.moved,
        place={post.id: index for index, post in enumerate(shelf.posts)},
        groups=groups,
    )


def _belongs(post: Listed) -> Iterable[tuple[str, str]]:
    yield "repositories", plain(post.repository)
    yield "authors", plain(post.author)
    for offence in dict.fromkeys(post.offences):
        yield "offences", plain(offence)
    if post.created_at is not None:
        yield "weeks", week_of(post)


def week_of(post: Listed) -> str:
    """Return 2026-W21."""
    year, week, _ = post.created_at.isocalendar() if post.created_at else (1970, 1, 1)
    return f"{year}-W{week:02}"


def key_of(name: str) -> str:
    """Return a name as path segments of plain characters that no file system or browser takes for anything else."""
    ascii_ = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    parts = [_segment(part) for part in ascii_.split("/")]
    return "/".join(part for part in parts if part) or "nobody"


def _segment(part: str) -> str:
    clean = _ODD.sub("-", part).strip("-")[:80]
    return f"dot{clean}" if clean.startswith(".") else clean
