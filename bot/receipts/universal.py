# ruff: noqa: E501 - a pattern reads best whole
"""What is said of all or of none, and what is said to have happened: an exhibit must say so.

"Each of the seven says why" needs a figure that counts them all ("with_reason=7"), a text that says it of all, or words
of the exhibit's own summary. "Nobody answered" needs a zero, or a text that says so. A deed of the process (reverted,
rewritten, answered) needs an exhibit that speaks of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.receipts.ledger import Ledger
from bot.receipts.nouns import COUNTED, canonical
from bot.receipts.numbers import Form
from bot.receipts.report import Claim, ClaimKind, Proof
from bot.receipts.scene import TECHNICAL, Scene, in_span, proven, unproven
from bot.receipts.text import Kind, clause_around, stem, stemmed, stems, stems_of

_ALL = re.compile(
    r"\b(?:all (?:of )?(?:the |its |these |those )?(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty)\b(?! (?:files|lines|commits) of)"
    r"|each of (?:the|these|those|its|them)(?: \w+)?|every (?:single )?one of (?:the|these|those|them)|most of (?:the|its|these|those|them)"
    r"|(?<!all in )all (?:of )?(?:the|its|these|those)\b|both (?:of )?(?:(?:the|its|these) \w+|\w+s\b))",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"\b(?:nobody|no one|no (?:reviewer|maintainer|human|person|author)|not (?:one|a single)(?: of)?|none of (?:the|them|these|those|its)|nothing|never)\b",
    re.IGNORECASE,
)
_OF_THE_PROCESS = canonical(
    stemmed(
        "answer reply respond review notice comment object approve explain test document request question complain"
        " reason why merge revert ask caught spot found"
    )
)
"""What nobody is said to have done: that is a claim in a clause that names no code, too."""
_OBVIOUS = canonical(
    stemmed("line code file test function commit name new one whole thing place way time pull request")
)
_GLUE = stemmed("is are was were the a an of it in its be been to and")
_GENERIC = canonical(stemmed("count number total n size line additions time new"))


def universals(scene: Scene) -> Iterator[Claim]:
    """Yield an objection to what is said of all, of both, of most, or of nobody, where no exhibit has it."""
    for found in _ALL.finditer(scene.text):
        if (claim := _of_all(scene, found)) is not None:
            yield claim
    for found in _NONE.finditer(scene.text):
        if (claim := _of_none(scene, found)) is not None:
            yield claim


def _at(scene: Scene, place: int) -> int:
    return next((at for at, item in enumerate(scene.items) if item.end > place), 0)


def _of_all(scene: Scene, found: re.Match[str]) -> Claim | None:
    at = _at(scene, found.start())
    begin, end = clause_around(scene.items, at, at)
    quantity = _at(scene, found.end() - 1)
    noun = canonical(item.stem for item in scene.items[quantity : quantity + 2])
    said = canonical(stems_of(scene.items[quantity + 1 : end])) - noun - _GLUE
    if in_span(scene, found.start()) or scene.is_ours(begin, end) or not said:
        return None
    cited = [ledger for ledger in scene.evidence.ledgers if ledger.exhibit]
    counting = (one for one in cited if any(item.heads & noun for item in one.quantities))
    if any(_counts_a_part(ledger, said, _value(scene, at, quantity)) for ledger in counting):
        return unproven(ClaimKind.ABSOLUTE, found.group(), "an exhibit cited here counts fewer of them")
    pictured = not noun & (TECHNICAL | scene.vocabulary)  # "most of the portions went to one table"
    if pictured or not said & (TECHNICAL | _OF_THE_PROCESS) or scene.is_figure(at, quantity):
        return None
    for ledger in cited:
        if proof := _holds_for_all(scene, ledger, said, scene.said(begin, end - 1), _value(scene, at, quantity)):
            return proven(ClaimKind.ABSOLUTE, found.group(), proof)
    return unproven(
        ClaimKind.ABSOLUTE, found.group(), "no exhibit cited here says that of all of them: say what was counted"
    )


def _value(scene: Scene, first: int, last: int) -> float:
    return next((number.value for number in scene.numbers if first <= number.first <= last), 0.0)


def _holds_for_all(scene: Scene, ledger: Ledger, said: frozenset[str], clause: str, value: float) -> Proof | None:
    """Return what shows it of everything that an exhibit counts: an equal figure, a zero, its own words, its place."""
    wholes = {item.value for item in ledger.quantities if item.heads & ledger.mainly or item.fact == stems("count")} | {
        value
    }
    why = said | (stemmed("reason") if stem("why") in said else frozenset())
    for item in ledger.quantities:
        own = canonical(item.fact | item.traits) - _GENERIC - stemmed("with without in")
        if item.fact and own and own <= why and item.value in wholes - {0.0, 1.0}:
            return Proof(exhibit=ledger.exhibit, source=item.source)
    places = [item.inner for item in scene.items if item.kind in {Kind.CODE, Kind.PATH} and item.text in clause]
    if places and all(any(place in passage.text for passage in ledger.passages) for place in places):
        return Proof(exhibit=ledger.exhibit, source="names")
    words = canonical(stems(ledger.record.summary if ledger.record else "")) | canonical(ledger.called)
    telling = said & (TECHNICAL | _OF_THE_PROCESS)
    return Proof(exhibit=ledger.exhibit, source="summary") if telling <= words else None


def _counts_a_part(ledger: Ledger, said: frozenset[str], value: float) -> bool:
    """Whether the exhibit counts fewer of what is said of all: "six tests, 2 of them on what goes wrong"."""
    whole = value or max((item.value for item in ledger.quantities if item.heads & ledger.mainly), default=0)
    for item in ledger.quantities:
        words = canonical(item.fact) - _GENERIC if item.fact else item.near - item.heads - ledger.mainly
        words -= _OBVIOUS | stemmed("with of on in")
        part = words & said if item.source.startswith("summary") else words and words <= said
        if not item.in_code and item.value < whole and item.form is Form.CARDINAL and part and whole > 1:
            return True
    return False


def _of_none(scene: Scene, found: re.Match[str]) -> Claim | None:
    """Object to "nobody answered", where no text says so and no figure is zero."""
    at = _at(scene, found.start())
    begin, end = clause_around(scene.items, at, at)
    said = canonical(stems_of(scene.items[at + 1 : end]))
    deeds = canonical(item.stem for item in scene.items[at + 1 : min(end, at + _NEAR)]) & _OF_THE_PROCESS
    words = [item for item in scene.items[at + 1 : end] if item.kind is not Kind.MARK]
    bare = len(words) == 1 and deeds == stemmed("ask")  # "Nobody asked."
    if bare or in_span(scene, found.start()) or not deeds or scene.is_ours(begin, end) or _is_pictured(scene, at, end):
        return None
    said |= stemmed("reason") if stem("why") in said else frozenset()
    some = (canonical(item.fact) - _GENERIC - stemmed("with") for item in scene.evidence.quantities if item.value > 0)
    if any(name and name <= said & _OF_THE_PROCESS for name in some):
        return unproven(ClaimKind.ABSOLUTE, found.group(), "an exhibit cited here counts some of them")
    for item in scene.evidence.quantities:
        own = canonical(item.heads | item.fact | item.traits) - _GENERIC
        lacked = stem("without") in item.fact and item.value
        if (item.value == 0 or lacked) and item.fact and own & said:
            return proven(ClaimKind.ABSOLUTE, found.group(), Proof(exhibit=item.exhibit, source=item.source))
    for passage in scene.evidence.passages:
        if _DENIES.search(passage.text) and canonical(stems(passage.text)) & (deeds | said - _OBVIOUS):
            return proven(ClaimKind.ABSOLUTE, found.group(), Proof(exhibit=passage.exhibit, source=passage.source))
    return unproven(
        ClaimKind.ABSOLUTE, found.group(), "no exhibit cited here says that it never happened: leave that out"
    )


_DENIES = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|without|n't|zero|unanswered|un\w+ed)\b|n't\b", re.IGNORECASE
)
_PICTURE_NOUNS = 3
_NEAR = 5
"""Words: how far after "nobody" its verb may stand."""


def _is_pictured(scene: Scene, at: int, end: int) -> bool:
    """Whether nobody does it to something out of an image: "nobody reads the minutes"."""
    following = scene.items[at + 1 : end]
    verbs = [place for place, item in enumerate(following) if canonical({item.stem}) & _OF_THE_PROCESS]
    objects = (
        [item for item in following[verbs[0] + 1 :] if item.kind is Kind.WORD and len(item.text) > _PICTURE_NOUNS]
        if verbs
        else []
    )
    return bool(objects) and not canonical(item.stem for item in objects) & (TECHNICAL | _OF_THE_PROCESS | COUNTED)


# What is said to have happened.

_DEEDS = {
    verb: canonical(stemmed(words))
    for words in (
        "revert reverted", "rewritten rewrote rewrite", "renamed rename", "reopened reopen", "rebased rebase", "squashed squash",
        "answered answer replied reply responded", "covered coverage cover", "rejected reject", "skipped skip disabled xfail", "deprecated deprecate",
        "released release", "deployed deploy", "downgraded downgrade", "notice noticed", "complained complain", "typo misspelt misspelled spelling",
        "moved move", "documented document docstring describe description", "benchmarked benchmark", "refactored refactor", "backported backport", "duplicated duplicate copy same copied twice",
        "promised promise todo", "requested request", "ported port",
    )
    for verb in words.split()
}  # fmt: skip
_DONE = re.compile(
    r"\b(?:was|were|been|being|got|is|are|had|has|have|later|then|author|reviewer|and|never|which|that|it|they)\s+(?:\w+ly |all |never |not |soon |later |also |still |ever |since )?(?P<deed>reverted|rewritten|rewrote|renamed|reopened|rebased|squashed|answered|replied|responded|covered (?=by)|rejected|skipped|disabled|deprecated|released|deployed|downgraded|complained|moved (?=to another|into another|elsewhere)|documented|benchmarked|refactored|backported|duplicated|promised|ported)\b",
    re.IGNORECASE,
)


def deeds(scene: Scene) -> Iterator[Claim]:
    """Yield an objection to a deed of the process of which no exhibit cited here speaks: "it was reverted"."""
    called = canonical(frozenset().union(*(ledger.called for ledger in scene.evidence.ledgers)))
    for found in _DONE.finditer(scene.text):
        at = _at(scene, found.start("deed"))
        begin, end = clause_around(scene.items, at, at)
        if in_span(scene, found.start()) or scene.is_image(begin, end) or scene.is_figure(at, at):
            continue
        deed = found["deed"].strip().lower()
        words = canonical({stem(deed)}) | _DEEDS.get(deed, frozenset())
        if not words & (scene.vocabulary | called):
            yield unproven(ClaimKind.DEED, found.group(), f"no exhibit cited here speaks of anything being {deed}")
