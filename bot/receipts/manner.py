# ruff: noqa: E501 - a pattern reads best whole
"""Claims that are made by the manner of speaking: absolutes, comparisons, absences, sameness."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.exhibit import StandsIn
from bot.receipts.ledger import Ledger, Quantity
from bot.receipts.nouns import COUNTED, canonical
from bot.receipts.report import Claim, ClaimKind, Proof
from bot.receipts.scene import TECHNICAL, Scene, in_span, proven, unproven
from bot.receipts.text import Kind, clause_around, stem, stemmed, stems, stems_of

_ABSOLUTES = {
    word: frozenset(others.split())
    for word, others in {
        "only": "only sole single alone one", "sole": "only sole single one", "never": "never no not without nowhere",
        "always": "always every all each", "every": "every all each", "all": "all every each whole entire",
        "none": "none no not without zero never", "nobody": "nobody no none not without never",
        "nothing": "nothing no none not without", "nowhere": "nowhere never no not", "everything": "everything all every",
        "everyone": "everyone every all", "everybody": "everybody every all", "longest": "longest largest biggest most",
        "largest": "largest biggest most longest main", "biggest": "biggest largest most longest main", "smallest": "smallest least",
        "shortest": "shortest", "most": "most majority", "fewest": "fewest least", "first": "first", "last": "last final",
        "oldest": "oldest first", "newest": "newest last", "worst": "worst", "fastest": "fastest", "slowest": "slowest",
        "entire": "entire whole all every", "solely": "only sole", "exclusively": "only",
    }.items()
}  # fmt: skip
_ABSENCES = canonical(
    stemmed(
        "test comment description docstring documentation changelog message review approval reviewer fixture assert"
        " annotation explanation reply answer"
    )
)
_OVER_NOUNS = frozenset("all every entire most everything everyone everybody nobody nothing none".split())
_ENDS_NOUN = frozenset(
    "of in on at by for from to with that which who and or but is are was were has have had do does did will would can"
    " could may might must one two three four five six seven eight nine ten it they we you".split()
)
_MEASURED = canonical(
    stemmed("change touch edit use common frequent repeat nest test comment review discuss expensive recent of")
) | canonical(COUNTED)
_SEEMS = stemmed("look looks looked seem seems seemed sound sounds sounded pretend pretends pretended")
_WISHES = stemmed("want ask need say know do take get")
_STAYED_OUT = re.compile(
    r"\b(?:none|nothing) of (?:this|it|that|them) (?:shipped|survived|stayed|was merged|were merged|made it|is (?:still )?(?:there|left)|remains)\b|\bnever (?:\w+ )?(?:saw|reached|made|got|met|came|went|entered|joined|shipped|landed|merged|left) ?(?:it |in)?(?:to |into |the )*"
    r"(?:main|merge|branch|ship|\b)",
    re.IGNORECASE,
)
_SMALL = frozenset("the of its this that these those a an our their".split())
_IDIOMS = re.compile(
    r"\b(?:at last|at first|at most|first of all|of all|after all|not at all|at all|in all|all in all|all the same"
    r"|all right|last but not least|for the first time|first things first|if only|only just|once and for all|most of"
    r"|the last word|to the last|from first to last|first reading|at first sight|most of all|(?:says?|said|does|did) it all|nothing but|nothing to (?:add|say|declare|hide|see|do)|for everyone|for everybody|(?:percent|quarters?|half|thirds?|most|much|share) of (?:everything|all)|for nothing|next to nothing|all but|almost all|nothing if not)\b",
    re.IGNORECASE,
)


_A_PICTURE = 3


def absolutes(scene: Scene) -> Iterator[Claim]:
    """Yield the claims of "only", "never", "every" and superlatives; in an image they are free."""
    idioms = [(found.start(), found.end()) for found in _IDIOMS.finditer(scene.text)]
    counted = {at for number in scene.numbers for at in range(number.first - 2, number.last + 1)}
    for at, item in enumerate(scene.items):
        if item.kind is not Kind.WORD or item.lower not in _ABSOLUTES or at in counted:
            continue
        if any(begin <= item.start < end for begin, end in idioms):
            continue
        if (
            (item.text == "None" and at) or _is_a_wish(scene, at) or _is_a_taste(scene, at)
        ):  # Python's None is a value, not a quantity
            continue
        begin, end = clause_around(scene.items, at, at)
        if item.lower == "nobody" and scene.is_image(at + 2, end) and end - at > _A_PICTURE:
            continue  # "nobody checks the earpieces": what is done names code by chance
        if (
            scene.is_figure(at, at)
            or _is_to_the_reader(scene, begin, end)
            or _is_order_word(scene, at)
            or _spans_an_image(scene, at)
        ):
            continue
        yield _absolute(scene, at, begin, end)


def _is_to_the_reader(scene: Scene, begin: int, end: int) -> bool:
    """Whether it is "if you have never seen a page of types", "everyone can read it": that tells of the reader."""
    everyone = re.search(
        r"\b(?:every(?:one|body)|any(?:one|body)|nobody|no one) (?:can|could|may|might|would|will|knows|likes|loves|wants|has seen|has to|have to|needs to|need|notices)\b",
        scene.said(begin, end - 1), re.IGNORECASE,
    )  # fmt: skip
    return everyone is not None or any(
        item.lower in {"you", "we", "us", "your", "anyone", "anybody"} for item in scene.items[begin:end]
    )


def _is_a_taste(scene: Scene, at: int) -> bool:
    """Whether it is "the most honest line", which nobody can count, or the "every" of a ratio ("two for every line")."""
    following = scene.items[at + 1].stem if at + 1 < len(scene.items) else ""
    if scene.items[at].lower == "most":
        return at > 0 and scene.items[at - 1].lower in {"the", "its", "their", "a"} and following not in _MEASURED
    return scene.items[at].lower in {"every", "each"} and at > 0 and scene.items[at - 1].lower == "for"


def _is_a_wish(scene: Scene, at: int) -> bool:
    """Whether it is "all it wanted", "all this pull request asks": that says what was wanted, and counts nothing."""
    if scene.items[at].lower not in {"all", "everything", "only"}:
        return False
    if scene.items[at].lower == "all" and [item.lower for item in scene.items[at + 1 : at + 2]] == ["that"]:
        return at > 0 and scene.items[at - 1].lower in {
            "is",
            "was",
            "are",
            "were",
        }  # "that is all that is written there"
    following = scene.items[at + 1 : at + 6]
    if scene.items[at].lower == "only" and following[:1] and following[0].stem in _SEEMS:
        return True
    subject = following[:1] and following[0].lower in {
        "it",
        "this",
        "that",
        "they",
        "we",
        "the",
        "anybody",
        "anyone",
        "one",
    }
    return bool(subject) and any(item.stem in _WISHES for item in following[1:])


def _is_order_word(scene: Scene, at: int) -> bool:
    """Whether it is "the first commit" or "the last line": there always is one."""
    if scene.items[at].lower not in {"first", "last", "all", "every"}:
        return False
    following = canonical(item.stem for item in scene.items[at + 1 : at + 2])
    if scene.items[at].lower in {"first", "last"}:
        return bool(following & COUNTED)
    return False


def _spans_an_image(scene: Scene, at: int) -> bool:
    """Whether "all" or "every" is said of something that is neither code nor process: "all the plot", "every line of dialogue"."""
    if scene.items[at].lower not in _OVER_NOUNS:
        return False
    words: list[str] = []
    for item in scene.items[at + 1 : at + 6]:
        if item.lower in _SMALL and not words:
            continue
        if item.kind is not Kind.WORD or item.lower in _ENDS_NOUN:
            break
        words.append(item.stem)
        if item.lower.endswith(("'s", "’s", "s'")):
            break
    if not words:
        return False
    after = [item.lower for item in scene.items[at + 1 + len(words) : at + 3 + len(words)]]
    if after[:1] == ["of"] and len(after) > 1 and not canonical({stem(after[1])}) & TECHNICAL:
        return True
    return not canonical(words[:3]) & TECHNICAL


def _absolute(scene: Scene, at: int, begin: int, end: int) -> Claim:
    text = scene.said(at, at + 3)
    context = canonical(stems_of(scene.items[begin:end])) & scene.vocabulary
    nouns = canonical(item.stem for item in scene.items[at + 1 : at + 4]) & COUNTED
    for passage in scene.evidence.passages:
        words = frozenset(re.findall(r"[a-z]+", passage.text.lower())) - _NAMES_OF_BRANCHES
        named = canonical(stems(passage.text))
        if scene.items[at].lower in _NEGATIVE and " " not in passage.text.strip():
            continue  # a name that holds "no" denies nothing
        if words & _ABSOLUTES[scene.items[at].lower] and context & named and (not nouns or nouns & named):
            return proven(ClaimKind.ABSOLUTE, text, Proof(exhibit=passage.exhibit, source=passage.source))
    if zero := _zero(scene, at, begin, end):
        return proven(ClaimKind.ABSOLUTE, text, Proof(exhibit=zero.exhibit, source=zero.source))
    followed = _as_the_evidence_has_it(scene, at, begin, end)
    if followed is not None:
        return proven(ClaimKind.ABSOLUTE, text, followed)
    said = {stem(word) for word in _ABSOLUTES[scene.items[at].lower]}
    for ledger in scene.evidence.ledgers:
        if any(said & name and value and value in scene.text for name, value in ledger.named):
            return proven(ClaimKind.ABSOLUTE, text, Proof(exhibit=ledger.exhibit, source="facts"))
        if nouns and not nouns & canonical(ledger.vocabulary):
            continue
        if (
            said & ledger.stated
            and context & canonical(ledger.stated | ledger.vocabulary)
            and "without" not in ledger.stated
        ):
            return proven(ClaimKind.ABSOLUTE, text, Proof(exhibit=ledger.exhibit, source="facts"))
    reason = f"no exhibit cited here says “{scene.items[at].lower}”: say what was counted instead"
    return unproven(ClaimKind.ABSOLUTE, text, reason)


_COMES_BACK = re.compile(
    r"\b(?:all|every one|each|none) of (?:them|these|those|it)\b|\bthey (?:all|both)\b", re.IGNORECASE
)
_GONE = re.compile(
    r"\b(?:gone|went|left|removed|taken (?:out|back)|taken away|deleted|out again|before the merge)\b", re.IGNORECASE
)


_NAMES_OF_BRANCHES = frozenset(("main",))
_BARE = stemmed("word line add count number")
_NEGATIVE = frozenset("none never no nobody nothing nowhere".split())


def _zero(scene: Scene, at: int, begin: int, end: int) -> Quantity | None:
    """Return the figure that counts none of it: "none of the commits is a merge", where the merges are 0."""
    if scene.items[at].lower not in _NEGATIVE:
        return None
    clause = canonical(stems_of(scene.items[begin:end]))
    zeros = (item for item in scene.evidence.quantities if item.value == 0 and not item.in_code)
    for item in scene.evidence.quantities:
        lacked = item.fact - {stem("without")} if stem("without") in item.fact and item.value else frozenset()
        if lacked and canonical(lacked) <= clause:  # "three asserts, none with a message": without_message=3
            return item
    kinds = ((item, (item.heads | item.traits) - _BARE) for item in zeros)
    return next((item for item, kind in kinds if kind and kind <= clause), None)


def _as_the_evidence_has_it(scene: Scene, at: int, begin: int, end: int) -> Proof | None:
    """Return what shows that "all of them were gone before the merge", "it never saw the main branch", "all in one folder".

    What lived on the way went before the merge, all of it; and what a sentence says of "all of them" is the
    evidence's where each of its telling words is a fact's name or stands in the exhibit's own summary.
    """
    clause = scene.said(begin, end - 1)
    ways = [ledger for ledger in scene.evidence.ledgers if ledger.stands_in is StandsIn.ON_THE_WAY]
    if ways and (_STAYED_OUT.search(clause) or (_COMES_BACK.search(clause) and _GONE.search(clause))):
        return Proof(exhibit=ways[0].exhibit, source="on the way")
    if scene.items[at].lower not in {"all", "every", "none"} or not _COMES_BACK.search(clause):
        return None
    telling = canonical(stems_of(scene.items[begin:end])) & TECHNICAL
    for ledger in scene.evidence.ledgers:
        if telling and telling <= canonical(ledger.called):
            return Proof(exhibit=ledger.exhibit, source=f"facts: {', '.join(sorted(telling))}")
    return None


_BEYOND_ALL = re.compile(
    r"\b(?:no other|no (?:one|body) else|than any(?: other)?\b(?! of (?:the|these|those|its))|like no other|by far the|more than ever|than ever before|of all time|in the (?:whole )?history of|(?:(?:in|of) the (?:whole |entire )?(?:repository|repo|codebase|project)(?= ?(?:$|[.,;:!?]))))\b",
    re.IGNORECASE,
)


def comparisons(scene: Scene) -> Iterator[Claim]:
    """Yield the claims that nothing else compares: "no other pull request", "than any other file"."""
    for found in _BEYOND_ALL.finditer(scene.text):
        at = next((at for at, item in enumerate(scene.items) if item.end > found.start()), 0)
        if in_span(scene, found.start()) or scene.is_figure(at, at):
            continue
        text = scene.said(at, at + 4)
        words = set(re.findall(r"[a-z]+", found.group().lower())) & {"other", "else", "any", "far", "ever", "history"}
        proof = next(
            (
                one
                for one in scene.evidence.passages
                if words & set(re.findall(r"[a-z]+", one.text.lower())) and _compares(one.text)
            ),
            None,
        )
        if proof is not None:
            yield proven(ClaimKind.ABSOLUTE, text, Proof(exhibit=proof.exhibit, source=proof.source))
        else:
            yield unproven(
                ClaimKind.ABSOLUTE, text, "no exhibit cited here compares it with all others: leave that out"
            )


def _compares(text: str) -> bool:
    return re.search(r"\b(?:no other|than any|by far|ever)\b", text, re.IGNORECASE) is not None


def absences(scene: Scene) -> Iterator[Claim]:
    """Yield the claims of "no tests", "without a description", "not one comment"."""
    for found in re.finditer(
        r"\b(?:no|without(?: an?| any)?|not (?:one|a single)|zero|lacks? an?) (\w+)(?: (\w+))?",
        scene.text,
        re.IGNORECASE,
    ):
        nouns = canonical(stem(word) for word in found.groups() if word) & _ABSENCES
        noun = canonical({stem(found.group(1))}) & COUNTED
        if not nouns and noun and (some := _some(scene, noun)):
            yield unproven(ClaimKind.ABSOLUTE, found.group(), f"the exhibits cited here say {some.source}")
        needless = re.search(r"\bneeds? $", scene.text[max(0, found.start() - 8) : found.start()])
        if nouns and not needless:
            yield _absence(scene, found.group(), nouns)


def _some(scene: Scene, noun: frozenset[str]) -> Quantity | None:
    """Return the figure that counts some of what a named thing is said to have none of."""
    known = [item for item in scene.evidence.quantities if canonical(item.fact) == noun]
    told = [item for item in known if scene.evidence.is_told_with(item, scene.text)]
    named = any(item.kind is Kind.CODE for item in scene.items)
    if any(item.value == 0 for item in known) or not named:
        return None
    return next((item for item in told or known if item.value > 0), None)


def _absence(scene: Scene, text: str, nouns: frozenset[str]) -> Claim:
    for item in scene.evidence.quantities:
        if item.value == 0 and (item.heads | item.traits) & nouns:
            return proven(ClaimKind.ABSOLUTE, text, Proof(exhibit=item.exhibit, source=item.source))
    for ledger in scene.evidence.ledgers:
        if {"no", "without", "missing", "empty"} & ledger.stated and nouns & canonical(
            ledger.stated | ledger.vocabulary
        ):
            return proven(ClaimKind.ABSOLUTE, text, Proof(exhibit=ledger.exhibit, source="facts"))
    for passage in scene.evidence.passages:
        negated = re.search(
            r"\b(?:no|not|without|never|none|missing|empty|lack\w*|zero|nothing)\b", passage.text, re.IGNORECASE
        )
        if negated and nouns & canonical(stems(passage.text)):
            return proven(ClaimKind.ABSOLUTE, text, Proof(exhibit=passage.exhibit, source=passage.source))
    return unproven(ClaimKind.ABSOLUTE, text, "no exhibit cited here says that there is none")


def sameness(scene: Scene) -> Iterator[Claim]:
    """Yield the claims of "the same author" and "the same function"."""
    for found in re.finditer(
        r"\bsame (author|function|file|line|person|reviewer|name|method|class|bot)\b", scene.text, re.IGNORECASE
    ):
        noun = found.group(1).lower()
        for passage in scene.evidence.passages:
            if f"same {noun}" in passage.text.lower() or (
                noun in {"author", "person"} and "same author" in passage.text.lower()
            ):
                yield proven(ClaimKind.SAMENESS, found.group(), Proof(exhibit=passage.exhibit, source=passage.source))
                break
        else:
            stated = [ledger for ledger in scene.evidence.ledgers if {stem("same"), stem(noun)} <= ledger.stated]
            stated += [
                ledger
                for ledger in scene.evidence.ledgers
                if ledger.exhibit in scene.evidence.own and _has_one(ledger, noun)
            ]
            if stated:
                yield proven(ClaimKind.SAMENESS, found.group(), Proof(exhibit=stated[0].exhibit, source="facts"))
            elif not scene.is_image(0, len(scene.items)):
                yield unproven(
                    ClaimKind.SAMENESS, found.group(), f"no exhibit cited here says that it was the same {noun}"
                )


def _has_one(ledger: Ledger, noun: str) -> bool:
    """Whether the exhibit counts one of them ("files=1"): then all of it was in the same."""
    heads = canonical({stem(noun)})
    if any(item.value == 1 and item.fact and item.heads == heads and not item.traits for item in ledger.quantities):
        return True
    named = [value for name, value in ledger.named if canonical(name) & heads and not value.isdigit()]
    return len(named) > 1 and len(set(named)) == 1
