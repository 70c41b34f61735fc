"""Which pull requests of a week are worth telling: cheap signs first, then what was found in the best dozen. Pure.

The most roastable is wanted, not the largest: what took many rounds, was mended after it was merged, or says "fix lint"
for the fifth time. Nobody is told two weeks in a row while there is somebody else, and variety counts: across authors,
folders and offences.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.exhibit import Exhibit
from bot.merged import MergedPull
from bot.pull_request import Frozen, PullRequest
from bot.verdict import Doneness

DOZEN = 12
_ROUTINE_BOTS = frozenset(
    {
        "dependabot", "dependabot-preview", "renovate", "renovate-bot", "pre-commit-ci", "greenkeeper", "snyk-bot",
        "pyup-bot", "depfu", "mend-bolt-for-github", "allcontributors", "imgbot", "weblate", "scala-steward",
        "release-please", "semantic-release-bot", "transifex-integration", "crowdin-bot",
    }
)  # fmt: skip
_ROUTINE_TITLE = re.compile(
    r"^(?:(?:chore|build|fix|ci)\((?:deps|deps-dev|release|i18n)\)|chore: release\b|bump\b|update dependency\b|"
    r"update translations\b|release v?\d|docs: add release notes)",
    re.IGNORECASE,
)
_MENDING = re.compile(
    r"\b(?:fixup|squash!|amend!|wip|oops|whoops|typos?|nits?|lint|ruff|mypy|eslint|prettier|format(?:ting)?|again|"
    r"actually|forgot|really|try(?:ing)?|attempt|revert|undo|temp(?:orary)?|debug|address(?:ing|ed)?|review|feedback|"
    r"suggestions?|cleanup|clean up|fix(?:es|ed)? (?:the )?(?:tests?|build|ci|imports?))\b",
    re.IGNORECASE,
)
_LATE_WORDS = re.compile(
    r"\b(?:revert|hotfix|again|really|actually|follow-?up|attempt|workaround|finally)\b", re.IGNORECASE
)
_FIX = re.compile(r"^(?:fix|hotfix|bugfix)\b|\bfix(?:es)?\b", re.IGNORECASE)
_QUIET_SUFFIXES = (".md", ".mdx", ".rst", ".txt", ".lock", ".svg", ".png")
_REVERT = re.compile(r"^revert:?\s+[\"“]?(.+?)[\"”]?(?:\s*\(#\d+\))?$", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w/])#(\d{1,9})\b")
_MOST_TOUCHING = 6
_SOON = timedelta(days=4)
_RECENTLY = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Told:
    """What was told before: the pull requests, the authors of the last digest, and when authors were last roasted."""

    pulls: frozenset[int] = frozenset()
    last_authors: frozenset[str] = frozenset()
    roasted_at: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of a subscription. Empty ones let everything through; names are compared without case."""

    labels: frozenset[str] = frozenset()
    not_labels: frozenset[str] = frozenset()
    authors: frozenset[str] = frozenset()
    not_authors: frozenset[str] = frozenset()
    paths: tuple[str, ...] = ()
    not_paths: tuple[str, ...] = ()
    min_doneness: str = ""

    @classmethod
    def of(cls, options: Mapping[str, object], min_doneness: str = "") -> Wanted:
        """Return the filters in a subscription's options."""
        named = {
            name: frozenset(one.casefold() for one in _words(options.get(name)))
            for name in ("labels", "not_labels", "authors", "not_authors")
        }
        paths = {name: tuple(_words(options.get(name))) for name in ("paths", "not_paths")}
        return cls(min_doneness=min_doneness, **named, **paths)  # type: ignore[arg-type]

    def admits(self, pull: MergedPull) -> bool:
        """Whether a pull request passes, as far as its cheap record says."""
        labels = {one.casefold() for one in pull.labels}
        login = pull.user.login.casefold()
        return not (
            (self.labels and not labels & self.labels)
            or labels & self.not_labels
            or (self.authors and login not in self.authors)
            or login in self.not_authors
            or (pull.paths and not self.touches(pull.paths))
        )

    def touches(self, paths: Iterable[str]) -> bool:
        """Whether a change of these files is one of the folders that are wanted, and not of those that are not."""
        found = list(paths)
        inside = not self.paths or any(_under(path, self.paths) for path in found)
        return inside and not (self.not_paths and all(_under(path, self.not_paths) for path in found))

    def is_done_enough(self, doneness: Doneness) -> bool:
        """Whether a verdict is done enough for this channel."""
        ranks = list(Doneness)
        return not self.min_doneness or ranks.index(doneness) >= ranks.index(Doneness(self.min_doneness))


def _words(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else []


def _under(path: str, folders: Sequence[str]) -> bool:
    return any(path == one.rstrip("/") or path.startswith(f"{one.strip('/')}/") for one in folders)


def is_routine(pull: MergedPull) -> bool:
    """Whether it is a machine's routine: updates, releases, translations. An agent that writes code is no routine."""
    login = pull.user.login.casefold().removesuffix("[bot]")
    if login in _ROUTINE_BOTS:
        return True
    return pull.user.is_bot and bool(_ROUTINE_TITLE.match(pull.title.strip()))


class Sign(Frozen):
    """A pull request with its cheap points and the reasons in words, for whoever asks why."""

    pull: MergedPull
    points: float
    reasons: tuple[str, ...] = ()


def ranked(pulls: Sequence[MergedPull], told: Told, now: datetime) -> tuple[Sign, ...]:
    """Return the pull requests by what their cheap records promise, the most promising first."""
    later = _sequels(pulls)
    signs = [_sign(pull, later.get(pull.number, ()), told, now) for pull in pulls if pull.number not in told.pulls]
    return tuple(sorted(signs, key=lambda one: (-one.points, one.pull.number)))


def _sign(pull: MergedPull, sequels: Sequence[str], told: Told, now: datetime) -> Sign:
    parts = [*_size_points(pull), *_story_points(pull), *_author_points(pull, told, now)]
    parts += [(2.0, why) for why in sequels]
    reasons = [why for points, why in sorted(parts, key=lambda one: -one[0]) if points > 0 and why]
    return Sign(pull=pull, points=round(sum(points for points, _ in parts), 2), reasons=tuple(reasons))


def _size_points(pull: MergedPull) -> list[tuple[float, str]]:
    """Return points for size: they grow to a point and then stop, for what is huge is mostly generated or moved."""
    parts: list[tuple[float, str]] = []
    if pull.lines is not None:
        parts.append((min(2.2, 0.7 * math.log10(1 + pull.lines)), f"{pull.lines:,} lines"))
        churn = min(pull.additions or 0, pull.deletions or 0)
        parts.append((min(0.6, churn / 300), f"{churn:,} lines replaced" if churn > 60 else ""))
        if pull.lines < 10:
            parts.append((-1.0, ""))
    if pull.changed_files and pull.changed_files > 100:
        parts.append((-0.8, ""))
    if pull.paths and all(path.endswith(_QUIET_SUFFIXES) for path in pull.paths):
        parts.append((-1.8, ""))
    return parts


def _story_points(pull: MergedPull) -> list[tuple[float, str]]:
    """Return points for how it got there: rounds, mends, the words of its title."""
    parts: list[tuple[float, str]] = []
    if pull.commits:
        parts.append((min(1.8, 0.15 * (pull.commits - 1)), f"{pull.commits} commits" if pull.commits > 2 else ""))
    mends = sum(bool(_MENDING.search(subject)) for subject in pull.subjects)
    if mends:
        parts.append(
            (min(2.0, 0.45 * mends), f"{mends} commit{'s that mend' if mends > 1 else ' that mends'} the ones before")
        )
    rounds = (pull.reviews or 0) + (pull.comments or 0) / 3
    if rounds > 1:
        parts.append((min(1.5, 0.2 * rounds), f"{pull.reviews or 0} reviews, {pull.comments or 0} comments"))
    if _LATE_WORDS.search(pull.title):
        parts.append((0.9, "a title with regret in it"))
    if pull.created_at and (pull.merged_at - pull.created_at).days > 20:
        parts.append((0.5, f"open for {(pull.merged_at - pull.created_at).days} days"))
    return parts


def _author_points(pull: MergedPull, told: Told, now: datetime) -> list[tuple[float, str]]:
    """Return points against whoever had their turn lately."""
    last = told.roasted_at.get(pull.user.login.casefold())
    if last is None:
        return [(0.4, "")]
    return [(-1.5 * max(0.0, 1 - (now - last) / _RECENTLY), "")]


def _sequels(pulls: Sequence[MergedPull]) -> dict[int, list[str]]:
    """Return, by number, what of the same week mends or reverts a pull request, in words; linear in their number."""
    ordered = sorted(pulls, key=lambda one: (one.merged_at, one.number))
    by_number = {one.number: one for one in ordered}
    by_title = {one.title.strip().casefold(): one for one in ordered}
    touched: dict[str, list[MergedPull]] = {}
    found: dict[int, list[str]] = {}
    for later in ordered:
        reverted = _REVERT.match(later.title)
        taken_back = by_title.get(reverted[1].strip().casefold()) if reverted else None
        named = [by_number.get(int(number)) for number in _NUMBER.findall(later.title)]
        code = [path for path in later.paths if not path.endswith(_QUIET_SUFFIXES)]
        fixes = _FIX.search(later.title)
        touching = [one for path in code for one in touched.get(path, [])[-_MOST_TOUCHING:]] if fixes else []
        for how, ones in (("reverted", [taken_back]), ("named", named), ("mended", touching)):
            for earlier in ones:
                _note(found, later, earlier, how)
        for path in code:
            touched.setdefault(path, []).append(later)
    return found


def _note(found: dict[int, list[str]], later: MergedPull, earlier: MergedPull | None, how: str) -> None:
    """Note one sequel where it came after, soon enough, and was not noted yet; two of them are enough."""
    if earlier is None or earlier.number == later.number or later.merged_at <= earlier.merged_at:
        return
    if how == "mended" and later.merged_at - earlier.merged_at > _SOON:
        return
    whys = found.setdefault(earlier.number, [])
    if len(whys) < 2 and not any(why.endswith(f"#{later.number}") for why in whys):
        whys.append(f"{how} by #{later.number}")


def dozen(signs: Sequence[Sign], told: Told, most: int = DOZEN) -> tuple[Sign, ...]:
    """Return those to read in full: the most promising, spread over authors and folders.

    Authors of the last digest come after everybody else: only where there is nobody else are they told.
    """
    left, chosen = list(signs), list[Sign]()
    authors, folders = Counter[str](), Counter[str]()

    def worth(one: Sign) -> float:
        login = one.pull.user.login.casefold()
        again = 100.0 if login in told.last_authors else 0.0
        return one.points - 0.8 * authors[login] - 0.3 * folders[folder_of(one.pull.paths)] - again

    while left and len(chosen) < most:
        best = max(left, key=lambda one: (worth(one), -one.pull.number))
        left.remove(best)
        chosen.append(best)
        authors[best.pull.user.login.casefold()] += 1
        folders[folder_of(best.pull.paths)] += 1
    return tuple(chosen)


def folder_of(paths: Sequence[str]) -> str:
    """Return the folder that most of these files share, two levels deep."""
    counted = Counter("/".join(path.split("/")[:-1][:2]) for path in paths)
    return max(sorted(counted), key=lambda one: counted[one], default="")


class Reading(Frozen):
    """What reading one pull request in full found, in so few figures that a run can keep them.

    ``offences`` are the kinds of its charges, the strongest first; ``praise`` the summary of its best credit.
    """

    number: int
    author: str
    score: float
    doneness: Doneness
    acquitted: bool
    offences: tuple[str, ...] = ()
    praise: str = ""
    praise_force: float = 0.0
    roastable: float = 0.0
    folder: str = ""
    title: str = ""
    url: str = ""


_MERELY_LARGE = frozenset({"giant_new_file", "rename_storm", "snapshot_flood", "vendored_bulk"})


def roastable(exhibits: Sequence[Exhibit], score: float) -> float:
    """Return how much there is to tell: the score, more for different and strong charges, less for mere size."""
    charges = [item for item in exhibits if item.is_charge and not item.sensitive]
    kinds = {item.kind for item in charges}
    strong = {item.kind for item in charges if item.force >= 4.0}
    size_only = bool(kinds) and kinds <= _MERELY_LARGE
    return round(score + 0.35 * min(len(strong), 5) + 0.1 * min(len(kinds), 8) - (2.0 if size_only else 0.0), 2)


def told_in_order(readings: Sequence[Reading], told: Told, wanted: Wanted, top: int) -> tuple[Reading, ...]:
    """Return what is told, the headline first: the most roastable, then those that are unlike it.

    Whoever was in the last digest is told only where there is nobody else, and then as the headline alone.
    """
    able = [one for one in readings if not one.acquitted and wanted.is_done_enough(one.doneness)]
    fresh = [one for one in able if one.author.casefold() not in told.last_authors]
    left = list(fresh) or list(able)
    most = top if fresh else 1
    chosen: list[Reading] = []
    while left and len(chosen) < most:
        best = max(left, key=lambda one: (one.roastable - _alike(one, chosen), -one.number))
        left.remove(best)
        chosen.append(best)
    return tuple(chosen)


def _alike(one: Reading, chosen: Sequence[Reading]) -> float:
    """Return what it costs to be like what is told already."""
    cost = 0.0
    for other in chosen:
        cost += 3.0 * (one.author.casefold() == other.author.casefold())
        cost += 1.0 * bool(one.folder and one.folder == other.folder)
        cost += 1.5 * bool(one.offences and other.offences and one.offences[0] == other.offences[0])
    return cost


def cleanest(readings: Sequence[Reading], told: Sequence[Reading]) -> Reading | None:
    """Return the pull request to praise: acquitted, or nearly, with a credit worth telling; none of those told."""
    shown = {one.number for one in told}
    able = [one for one in readings if one.number not in shown and one.praise]
    good = [one for one in able if one.acquitted] or [one for one in able if one.doneness is Doneness.RARE]
    return max(good, key=lambda one: (one.praise_force - one.score, -one.number), default=None)


def admitted(
    pulls: Sequence[MergedPull], wanted: Wanted, refused: Callable[[MergedPull], bool]
) -> tuple[MergedPull, ...]:
    """Return those that may be told at all: no routine, within the filters, and nobody who wants no part of it."""
    return tuple(one for one in pulls if not is_routine(one) and wanted.admits(one) and not refused(one))


def is_for(pull: PullRequest, wanted: Wanted, person: str = "") -> bool:
    """Whether one that was read in full passes the filters of a subscription, to one person's or to everybody's."""
    merged_at = pull.merged_at or datetime.min.replace(tzinfo=UTC)
    record = MergedPull(
        number=pull.number, title=pull.title, user=pull.user, merged_at=merged_at,
        labels=pull.labels, paths=tuple(file.path for file in pull.files),
    )  # fmt: skip
    theirs = not person or pull.user.login.casefold() == person.casefold()
    return theirs and bool(admitted([record], wanted, lambda _: False))
