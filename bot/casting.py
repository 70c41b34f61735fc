"""Casting: from everything that was found to the handful that is told, in telling order."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

from bot.brief import Brief, Cast, Heat, History, Role, Subject, Taste
from bot.case import Case
from bot.cleaning import label
from bot.doneness import is_acquitted
from bot.exhibit import Exhibit, Stance
from bot.observations import OBSERVED
from bot.spans import day, span
from bot.taste import CEILING, favourite
from bot.topics import Topic, topic_of
from bot.vocabulary import words_of

_MOST_CHARGES = 8
_CHARGES_FOR = {"short": 2, "medium": 3}
"""How many charges make a roast of a length that a place clearly likes better."""
_MOST_CREDITS = 2
_MOST_MORE = 10
_MOST_OBSERVED = 6
_LEAST_MORE = 1.2
_LEAST_FORCE = 2.4
_SAME_KIND = 0.25
_EACH_ITS_OWN = frozenset({"bot_caught"})
"""Kinds of which each exhibit is another story: a second one counts in full."""
_BUILT = 1.25
"""What was built, or what became of it, makes a better comedy than how it got there."""
_SAME_TOPIC = (1.0, 0.85, 0.5, 0.3, 0.2)
_ORDER = {topic: index for index, topic in enumerate(Topic)}
_ROLES = {Topic.LOG: Role.LOG, Topic.AFTERMATH: Role.SEQUEL, Topic.CREDIT: Role.CREDIT}


def cast(
    case: Case, exhibits: Sequence[Exhibit], *, heat: Heat, history: History | None = None, taste: Taste | None = None
) -> Brief:
    """Return the brief: who appears, in which order, as what.

    Sensitive exhibits are never cast. The strongest charge is the headline; of the rest a few are chosen
    for their force, this place's taste and their variety. Half of what was found stays out.
    """
    taste = taste or Taste()
    public = [item for item in exhibits if not item.sensitive]
    most = _CHARGES_FOR.get(favourite(taste.lengths, "long"), _MOST_CHARGES)
    charges = _choose([item for item in public if item.is_charge], taste, most)
    credits_ = _choose([item for item in public if item.is_credit], taste, _MOST_CREDITS)
    return Brief(
        subject=subject_of(case),
        context=tuple(_context(public)),
        cast=tuple(_in_order(charges, credits_)),
        more=tuple(_understudies(public, [*charges, *credits_], taste)),
        angle=charges[0].kind if charges else "acquittal",
        heat=heat,
        acquitted=is_acquitted(exhibits),
        history=history or History(),
        taste=taste,
        seed=_seed(case, exhibits, heat),
    )


def _context(public: Sequence[Exhibit]) -> Iterable[Exhibit]:
    """Return what any paragraph may use: what it is and how large, and the most telling observations."""
    context = [item for item in public if item.stance is Stance.CONTEXT]
    observed = sorted((item for item in context if item.kind in OBSERVED), key=lambda item: (-item.force, item.kind))
    return [item for item in context if item.kind not in OBSERVED] + observed[:_MOST_OBSERVED]


def subject_of(case: Case) -> Subject:
    """Return the pull request as a writer may name it."""
    pull = case.pull_request
    open_ = None if pull.created_at is None or pull.merged_at is None else pull.merged_at - pull.created_at
    return Subject(
        slug=label(pull.slug, 120),
        number=pull.number,
        title=label(pull.title, 160) or "(no title)",
        url=pull.url,
        author="a deleted account" if pull.user.is_ghost else label(pull.user.login, 60),
        author_is_bot=pull.user.is_bot,
        first_timer=case.is_first_timer,
        state=_state(case),
        opened_on=day(pull.created_at),
        merged_on=day(pull.merged_at),
        took=span(open_),
        words=words_of(case),
    )


def _state(case: Case) -> str:
    """Return what became of it so far; a clone knows of what is not merged that it is unmerged, and no more."""
    pull = case.pull_request
    if pull.merged or pull.draft:
        return "merged" if pull.merged else "draft"
    if pull.number and not case.coverage.conversation_known:
        return "unmerged"
    return "closed" if pull.state == "closed" else "open"


def _choose(candidates: list[Exhibit], taste: Taste, most: int) -> list[Exhibit]:
    """Pick greedily by force, dampened by what was picked before; the first pick is the headline."""
    chosen: list[Exhibit] = []
    kinds: Counter[str] = Counter()
    topics: Counter[Topic] = Counter()
    told = [item for item in candidates if taste.offences.get(item.kind, 1.0) > 0]  # 0: retired in this channel
    rest = [item for item in told if item.force >= _LEAST_FORCE or item.is_credit]
    while rest and len(chosen) < most:

        def worth(item: Exhibit) -> tuple[float, str]:
            same = _SAME_TOPIC[min(topics[topic_of(item)], len(_SAME_TOPIC) - 1)]
            liked = taste.offences.get(item.kind, 1.0)
            if not chosen:  # what is picked first is the angle of the whole story
                liked = min(CEILING, liked * taste.angles.get(item.kind, 1.0))
                liked *= _BUILT if topic_of(item) in {Topic.CODE, Topic.AFTERMATH} else 1
            again = 0 if item.kind in _EACH_ITS_OWN else kinds[item.kind]
            return item.force * liked * same * _SAME_KIND**again, item.id

        best = max(rest, key=worth)
        if chosen and worth(best)[0] < _LEAST_FORCE * 0.6:
            break
        rest.remove(best)
        chosen.append(best)
        kinds[best.kind] += 1
        topics[topic_of(best)] += 1
    return chosen


def _understudies(public: list[Exhibit], chosen: list[Exhibit], taste: Taste) -> list[Exhibit]:
    """Return what was not cast and might be told instead, by force, two of a kind at most and nothing retired here."""
    kinds = Counter(item.kind for item in chosen)
    found: list[Exhibit] = []
    for item in sorted(public, key=lambda item: (-item.force, item.id)):
        if item in chosen or item.stance is Stance.CONTEXT or item.force < _LEAST_MORE or len(found) == _MOST_MORE:
            continue
        if kinds[item.kind] < 2 and taste.offences.get(item.kind, 1.0) > 0:
            kinds[item.kind] += 1
            found.append(item)
    return found


def _in_order(charges: list[Exhibit], credits_: list[Exhibit]) -> Iterable[Cast]:
    """Yield the cast in telling order: what was built, tests, log, talk, aftermath, credit."""
    headline = charges[0] if charges else None
    ranked = {item.id: rank for rank, item in enumerate(charges)}
    for item in sorted(charges, key=lambda item: (_ORDER[topic_of(item)], ranked[item.id])):
        yield Cast(exhibit=item, role=Role.HEADLINE if item is headline else _ROLES.get(topic_of(item), Role.CHARGE))
    for item in credits_:
        yield Cast(exhibit=item, role=Role.CREDIT)


def _seed(case: Case, exhibits: Sequence[Exhibit], heat: Heat) -> str:
    text = "\n".join([case.pull_request.slug, case.pull_request.head_sha, heat, *(item.summary for item in exhibits)])
    return hashlib.sha256(text.encode()).hexdigest()
