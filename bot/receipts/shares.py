"""Shares and orders: percentages, fractions, "twice as many", "the third commit"."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from bot.receipts.counted import NARROWING
from bot.receipts.ledger import Quantity
from bot.receipts.nouns import COUNTED, canonical, noun_phrase
from bot.receipts.numbers import Form, Number, agrees, in_figures
from bot.receipts.report import Claim, ClaimKind, Proof
from bot.receipts.scene import TECHNICAL, Scene, proven, unproven
from bot.receipts.text import Kind, clause_around, stem, stemmed, stems, stems_of

_GLUE = stemmed("the a an of it in on at to and or is are was were that this as by for")
_ALWAYS_BEGUN = stemmed("commit line file test version attempt try sentence word paragraph step name character letter")
_TIME = stem("time")
_LARGE = 12
_SIZES = canonical(stemmed("line file commit"))
_ROUNDS = {Form.PERCENT: 0.02, Form.FRACTION: 0.06}
"""How far a share may be off where the sentence says that it rounds."""
_MOST_IN_ORDER = 50
_DONE = canonical(stemmed("add remove change take bring merge fix read call test"))
"""What a noun after an ordinal may do: "the second gang added" orders gangs."""


def share(scene: Scene, number: Number) -> Claim | None:
    """Return the claim of a percentage or fraction; nothing where it shares out nothing that was counted."""
    begin, end = clause_around(scene.items, number.first, number.last)
    wanted = number.value / 100 if number.form is Form.PERCENT else number.value
    text = scene.said(number.first, number.last + 3)
    for item in scene.evidence.quantities:
        if item.form is Form.PERCENT and number.form is Form.PERCENT and agrees(number, item.value):
            return proven(ClaimKind.SHARE, text, Proof(exhibit=item.exhibit, source=item.source))
    if number.form is Form.FRACTION:
        nouns = canonical(stems_of(scene.items[number.last + 1 : end])) & COUNTED
        if not nouns and not _anaphoric(scene, number):
            return None
    for whole, part in _pairs(scene, begin, end):
        told = part.value / whole.value
        near = 0.006 if number.form is Form.PERCENT else 0.03
        if abs(told - wanted) <= (near if not number.hedge else _ROUNDS[number.form]):
            source = f"{part.source} of {whole.source}"
            return proven(ClaimKind.SHARE, text, Proof(exhibit=part.exhibit, source=source))
    return unproven(ClaimKind.SHARE, text, "no two figures of the exhibits cited here give that share")


def _anaphoric(scene: Scene, number: Number) -> bool:
    following = [item.lower for item in scene.items[number.last + 1 : number.last + 3]]
    return following in (["of", "them"], ["of", "those"], ["of", "these"]) and number.value != 0.5


def _pairs(scene: Scene, begin: int, end: int) -> Iterator[tuple[Quantity, Quantity]]:
    """Yield (whole, part): figures of the same noun, or of the same exhibit where the clause names the part.

    Where the clause says of which (tests, production), one of the two is of these.
    """
    narrowing = canonical(stems_of(scene.items[begin:end])) & NARROWING
    words = canonical(stems_of(scene.items[begin:end])) | scene.stems - _GLUE
    figures = _told_of(
        scene, [item for item in scene.evidence.quantities if item.form is Form.CARDINAL and item.value > 0]
    )
    for whole in figures[:150]:
        for part in figures[:150]:
            if part.value > whole.value or part is whole:
                continue
            same = bool(part.heads & whole.heads) or part.exhibit == whole.exhibit
            if (
                same
                and narrowing <= part.heads | part.traits | part.near | whole.heads | whole.traits
                and (part.heads | part.traits | part.near) & words
                and (whole.heads | whole.traits) & (words | scene.before)
            ):
                yield whole, part


def _told_of(scene: Scene, figures: list[Quantity]) -> list[Quantity]:
    """Return the figures that the sentence itself gives, where it gives two ("94 in 621"), else all of them."""
    given = {
        item.value for item in scene.numbers if item.form is Form.CARDINAL and (item.in_digits or item.value > _LARGE)
    }
    told = [item for item in figures if item.value in given]
    alike = [item for item in told if any(item.heads & one.heads and item.value != one.value for one in told)]
    return alike or figures


def times(scene: Scene, number: Number, last: int) -> Claim | None:
    """Return the claim of "twice" or "four times"; nothing in a figure of speech. ``last`` is the word's own token."""
    begin, end = clause_around(scene.items, number.first, last)
    text = scene.said(number.first, last)
    clause = canonical(stems_of(scene.items[begin:end])) - _GLUE
    following = [item.lower for item in scene.items[last + 1 : last + 3]]
    if following[:1] == ["as"] or following[:1] == ["the"]:
        return _ratio(scene, number, text)
    if (main := _main_count(scene, number)) is not None:
        return proven(ClaimKind.COUNT, text, Proof(exhibit=main.exhibit, source=main.source))
    if (rival := _done_so_often(scene, number)) is not None:
        return unproven(ClaimKind.COUNT, text, f"the exhibits cited here say {rival.source}")
    counted = (*scene.evidence.quantities, *scene.evidence.frequencies)
    related = [item for item in counted if _is_repetition(scene, item)]
    for item in sorted(related, key=lambda item: -len((item.near | item.traits | item.around) & clause)):
        context = (scene.stems | scene.before) - _GLUE
        told = item.is_of_its_own or item.is_frequency or scene.evidence.is_told_with(item, scene.text)
        if agrees(number, item.value) and (told or (item.near | item.traits | item.heads | item.around) & context):
            return proven(ClaimKind.COUNT, text, Proof(exhibit=item.exhibit, source=item.source))
    if (scene.is_image(begin, end) or scene.is_ours(0, end)) and not number.in_digits:
        return None
    known = ", ".join(in_figures(item.value) for item in related[:3]) or "nothing"
    return unproven(ClaimKind.COUNT, text, f"the exhibits cited here count {known} for that")


_SUBJECTS = frozenset("it which that and function method test loop file".split())


def _done_so_often(scene: Scene, number: Number) -> Quantity | None:
    """Return the figure that counts just what the verb says, and otherwise: "it returns 18 times", where returns=0."""
    led = scene.items[max(0, number.first - 2) : number.first]
    verb = led[1].stem if len(led) == 2 and (led[0].lower in _SUBJECTS or led[0].kind is Kind.CODE) else ""
    alike = [item for item in scene.evidence.quantities if item.fact == {verb}]
    return alike[0] if alike and not any(agrees(number, item.value) for item in alike) else None


def _main_count(scene: Scene, number: Number) -> Quantity | None:
    """Return the figure of "it let main in seven times": a cited exhibit counts so many first and foremost."""
    mainly = {ledger.exhibit: ledger.mainly for ledger in scene.evidence.ledgers}
    for item in scene.evidence.quantities:
        own = item.exhibit in scene.evidence.own - {""} and item.heads & mainly.get(item.exhibit, frozenset())
        if own and number.value == item.value and not item.heads & _SIZES and number.value > 1:
            return item
    return None


def for_every(scene: Scene, number: Number) -> Claim | None:
    """Return the claim of "two lines of tests for every line of code", if it is one."""
    following = [item.lower for item in scene.items[number.last + 1 : number.last + 8]]
    pairs = set(pairwise(following))
    before = [item.lower for item in scene.items[max(0, number.first - 14) : number.first]]
    pairs |= {pair for pair in pairwise(before) if pair[0] == "for"}
    shared = following[1:2] in (["a"], ["per"]) and len(following) > 2
    if shared and all(canonical({stem(word)}) & COUNTED for word in (following[0], following[2])):
        return _rate(scene, number, [canonical({stem(word)}) for word in (following[0], following[2])])
    counted = bool(following[:1]) and bool(canonical({stem(following[0])}) & COUNTED)
    if counted and "per" in following[2:6]:  # "eight lines of test per line of code"
        return _ratio(scene, number, scene.said(number.first, number.last + 3))
    if not pairs & {("for", "every"), ("for", "each"), ("to", "every"), ("to", "each")}:
        return None
    noun = noun_phrase(scene.items, number, len(scene.items))[:1]
    if noun and not number.in_digits and not canonical(noun) & COUNTED and before[-1:] not in (["than"], ["about"]):
        return None  # "so it leaves with six proofreaders"
    if scene.is_figure(number.first, number.last):
        return None
    return _ratio(scene, number, scene.said(number.first, number.last + 3))


def _rate(scene: Scene, number: Number, nouns: list[frozenset[str]]) -> Claim | None:
    """Check "sixteen words a line": one figure of each noun, the one by the other."""
    text = scene.said(number.first, number.last + 3)
    for item in scene.evidence.quantities:
        if {"per", "by"} & item.fact and agrees(number, item.value):
            return proven(ClaimKind.SHARE, text, Proof(exhibit=item.exhibit, source=item.source))
    figures = [item for item in scene.evidence.quantities if item.value > 0]
    for one in (item for item in figures if item.heads & nouns[0]):
        for other in (item for item in figures if item.heads & nouns[1]):
            if abs(one.value / other.value - number.value) <= 0.05 * number.value:
                source = f"{one.source} by {other.source}"
                return proven(ClaimKind.SHARE, text, Proof(exhibit=one.exhibit, source=source))
    if scene.is_figure(number.first, number.last):
        return None
    return unproven(ClaimKind.SHARE, text, "no two figures of the exhibits cited here give that rate")


def _is_repetition(scene: Scene, item: Quantity) -> bool:
    if item.is_of_its_own or item.form is Form.TIMES or _TIME in item.heads:
        return True
    if item.is_frequency and scene.evidence.is_told_with(item, scene.paragraph_text):
        return True
    return bool(item.heads & (scene.stems - {_TIME})) or scene.evidence.is_told_with(item, scene.text)


_SIDES = (frozenset({stem("test")}), canonical(stemmed("production code")))


def _sides(scene: Scene, number: Number) -> tuple[frozenset[str], frozenset[str]]:
    """Return of which kind the lines are on both sides of "two lines of tests for every line of code"."""
    items = scene.items
    every = next((at for at, item in enumerate(items) if item.lower in {"every", "each", "per"}), -1)
    if every < 0:
        return frozenset(), frozenset()
    end = next((at for at in range(every, len(items)) if items[at].text in {",", ";", ":"}), len(items))
    if number.first > every and any(items[at].text == "," for at in range(every, number.first)):
        end = next(at for at in range(every, len(items)) if items[at].text == ",")
    here = canonical(stems_of(items[number.first : (every if every > number.first else len(items))]))
    there = canonical(stems_of(items[every : (end if every > number.first else min(end, number.first))]))
    return (_kind(here), _kind(there))


def _kind(words: frozenset[str]) -> frozenset[str]:
    kinds = [kind for kind in _SIDES if kind & words]
    return canonical(stemmed("test" if kinds[0] is _SIDES[0] else "production")) if len(kinds) == 1 else frozenset()


def _ratio(scene: Scene, number: Number, text: str) -> Claim:
    """Check "twice as many lines as": the quotient of two figures, rounded."""
    sides = _sides(scene, number)
    known = [item for item in scene.evidence.quantities if item.value > 0]
    of_a_thing = number.form is Form.CARDINAL and number.value > _LARGE  # "32 times the description"
    figures = (known if of_a_thing else _told_of(scene, known))[:150]
    for one in figures:
        for other in figures:
            same = bool(one.heads & other.heads) or one.exhibit == other.exhibit
            bound = all(side <= item.traits | item.heads for side, item in zip(sides, (one, other), strict=True))
            if one is not other and same and bound and _is_ratio(number, one.value / other.value):
                source = f"{one.source} against {other.source}"
                return proven(ClaimKind.SHARE, text, Proof(exhibit=one.exhibit, source=source))
    return unproven(ClaimKind.SHARE, text, "no two figures of the exhibits cited here stand in that ratio")


def _beyond(scene: Scene, number: Number, phrase: list[str]) -> float:
    """Return how many the paragraph has counted, where "the eighth" goes beyond; else 0."""
    if phrase and phrase[0] not in {"such", "one"} and phrase[0] not in _SAYS:
        return 0.0
    before = [item.value for item in scene.numbers if item.last < number.first and item.form is Form.CARDINAL]
    said = [value for value in (*before, *(item.value for item in scene.here)) if 1 < value <= _MOST_IN_ORDER]
    return max(said) if said and max(said) < number.value else 0.0


_SAYS = stemmed("say is was take has goes go read come call ask want get make stand carry")


def _is_ratio(number: Number, told: float) -> bool:
    if number.hedge in {"over", "at least"}:
        return number.value <= told < number.value + 1
    if number.hedge in {"under", "at most"}:
        return number.value - 1 < told <= number.value
    return abs(told - number.value) <= 0.12 * number.value


def ordinal(scene: Scene, number: Number) -> Claim | None:
    """Return the claim of "the third commit"; nothing where the noun is an image's, or where anything has a first."""
    phrase = noun_phrase(scene.items, number, len(scene.items))
    if number.value > 1 and (beyond := _beyond(scene, number, phrase)):
        why = f"the paragraph has spoken of {in_figures(beyond)} at most"
        return unproven(ClaimKind.ORDINAL, scene.said(number.first, number.last + 1), why)
    return _ordered(scene, number, phrase)


def _ordered(scene: Scene, number: Number, phrase: list[str]) -> Claim | None:
    nouns = canonical(phrase[:1] if phrase[1:2] and phrase[1] in _DONE else phrase[:2]) & COUNTED
    text = scene.said(number.first, number.last + 1)
    if not nouns & TECHNICAL and scene.is_figure(number.first, number.last):
        return None
    if not nouns or (
        scene.items[number.last].lower == "second" and number.first and scene.items[number.first - 1].lower == "a"
    ):
        return None
    if number.value == 1 and (nouns & _ALWAYS_BEGUN):
        return None
    for item in scene.evidence.quantities:
        if (
            item.form is Form.ORDINAL
            and item.value == number.value
            and (item.heads | item.near | item.around) & (nouns | set(phrase))
        ):
            return proven(ClaimKind.ORDINAL, text, Proof(exhibit=item.exhibit, source=item.source))
    for passage in scene.evidence.passages:
        if number.value == 1 and "first" in passage.text.lower() and nouns & canonical(stems(passage.text)):
            return proven(ClaimKind.ORDINAL, text, Proof(exhibit=passage.exhibit, source=passage.source))
    return unproven(ClaimKind.ORDINAL, text, "no exhibit cited here gives that order")
