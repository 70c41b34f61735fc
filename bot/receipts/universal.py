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
    r"|(?<!all in )(?<!of )all (?:of )?(?:the|its|these|those)\b|both (?:of )?(?:(?:the|its|these) \w+|\w+s\b))",
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
_GLUE = canonical(stemmed("is are was were the a an of it in its be been to and new"))
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
    following = [word for item in scene.items[quantity : quantity + 4] for word in canonical({item.stem})]
    counted = [word for word in following if word in COUNTED - _GLUE]
    noun = frozenset(counted[:1] or following[:2])
    said = canonical(stems_of(scene.items[quantity + 1 : end])) - noun - _GLUE
    if in_span(scene, found.start()) or scene.is_ours(begin, end) or not said:
        return None
    cited = [ledger for ledger in scene.evidence.ledgers if ledger.exhibit]
    counting = [one for one in cited if any(item.heads & noun for item in one.quantities)]
    if any(_counts_a_part(ledger, said, _value(scene, at, quantity)) for ledger in counting):
        return unproven(ClaimKind.ABSOLUTE, found.group(), "an exhibit cited here counts fewer of them")
    pictured = not noun & (TECHNICAL | scene.vocabulary)  # "most of the portions went to one table"
    if pictured or not said & (TECHNICAL | _OF_THE_PROCESS) or scene.is_figure(at, quantity):
        return None
    for ledger in counting or cited:
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
    zeros = (canonical(item.fact) - stemmed("with in") for item in ledger.quantities if item.fact and item.value == 0)
    if any(name & why and name <= why | _OBVIOUS | _GENERIC for name in zeros):
        return None
    return Proof(exhibit=ledger.exhibit, source="summary") if telling <= words else None


def _counts_a_part(ledger: Ledger, said: frozenset[str], value: float) -> bool:
    """Whether the exhibit counts fewer of what is said of all: "six tests, 2 of them on what goes wrong"."""
    whole = value or max((item.value for item in ledger.quantities if item.heads & ledger.mainly), default=0)
    for item in ledger.quantities:
        words = canonical(item.fact) - _GENERIC if item.fact else item.near - item.heads - ledger.mainly
        words -= stemmed("with of on in")
        words = words if item.source.startswith("in_") else words - _OBVIOUS
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
    bare = deeds == stemmed("ask") and not said & (TECHNICAL | stemmed("question"))  # "Nobody asked."
    if (
        not _is_told(scene, at, found.group())
        or bare
        or in_span(scene, found.start())
        or not deeds
        or scene.is_ours(begin, end)
        or _is_pictured(scene, at, end)
    ):
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


_AUXILIARIES = frozenset("has had have ever was were did".split())


def _is_told(scene: Scene, at: int, words: str) -> bool:
    """Whether it tells of what was not done, in the past: not "nobody reviews a file like that"."""
    if words.lower() in {"never", "nothing"}:
        return not stems_of(scene.items[at + 1 : at + 4]) & stemmed("ask")
    near = [item.lower for item in scene.items[at + 1 : at + _NEAR]]
    return any(word in _AUXILIARIES or word.endswith("ed") for word in near[:3])


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


# What there is, and what there is not.

_LACKS = re.compile(
    r"\b(?:no|neither|not one)\b[^.,;!?]{2,40}?\b(?:has|have|had|carries|carried|came with|comes with|brought|says?|gets?) (?:an? |any |its own )?(?P<what>tests?|docstrings?|comments?|descriptions?|reasons?|tickets?|messages?|explanations?)\b",
    re.IGNORECASE,
)
_BRINGS = re.compile(
    r"(?<!no )(?<!not )\b(?:adds|added|comes with|came with|brings|brought|has|had|with|gained|includes) (?:an? |its own |new |some |several )?(?P<what>tests?|docstrings?)\b(?! (?:file|that|name|lines?)s?\b)",
    re.IGNORECASE,
)


def presences(scene: Scene) -> Iterator[Claim]:
    """Yield an objection to "no function has a docstring" without a proof, and to "it added a test" where none was."""
    for found in _LACKS.finditer(scene.text):
        if not in_span(scene, found.start()) and not _none_of(scene, found["what"]):
            yield unproven(ClaimKind.ABSOLUTE, found.group(), "no exhibit cited here says that there is none")
    for found in _BRINGS.finditer(scene.text):
        at = _at(scene, found.start("what"))
        begin, end = clause_around(scene.items, at, at)
        denied = {item.lower for item in scene.items[begin:end]} & {
            "no",
            "not",
            "never",
            "without",
            "nothing",
            "zero",
            "neither",
            "nor",
        }
        if not denied and not in_span(scene, found.start()) and (zero := _zero_of(scene, found["what"])):
            yield unproven(ClaimKind.ABSOLUTE, found.group(), f"the exhibits cited here say {zero}")


def _none_of(scene: Scene, what: str) -> bool:
    noun = canonical(stemmed(what))
    lacking = any(
        (item.value == 0 or (stem("without") in item.fact and item.value))
        and (item.heads | canonical(item.fact)) & noun
        for item in scene.evidence.quantities
    )
    texts = (one.text for one in scene.evidence.passages if _DENIES.search(one.text))
    return lacking or any(noun & canonical(stems(text)) for text in texts)


def _zero_of(scene: Scene, what: str) -> str:
    """Return the figure that counts none of them, where no figure of a cited exhibit counts any."""
    noun = canonical(stemmed(what))
    known = [item for item in scene.evidence.quantities if noun <= canonical(item.fact) and item.form is Form.CARDINAL]
    return known[0].source if known and all(item.value == 0 for item in known) else ""


# What is said to have happened.

_DEEDS = {
    verb: canonical(stemmed(words))
    for words in (
        "revert reverted", "rewritten rewrote rewrite", "renamed rename", "reopened reopen", "rebased rebase", "squashed squash",
        "answered answer replied reply responded", "covered coverage cover", "rejected reject", "skipped skip disabled xfail", "deprecated deprecate",
        "released release", "deployed deploy", "downgraded downgrade", "notice noticed", "complained complain", "typo misspelt misspelled spelling",
        "moved move", "documented document docstring describe description", "benchmarked benchmark", "refactored refactor", "backported backport", "duplicated duplicate copy same copied twice",
        "promised promise todo", "approved approve review", "resolved resolve fix", "requested request", "ported port",
    )
    for verb in words.split()
}  # fmt: skip
_DONE = re.compile(
    r"\b(?:was|were|been|got|is|are|had|has|have|later|then|author|reviewer|and|never|which|that|it|they)\s+(?:\w+ly |all |never |not |soon |later |also |still |ever |since )?(?P<deed>approved|resolved(?! that)|reverted|rewritten|rewrote|renamed|reopened|rebased|squashed|answered(?! with)|replied|responded|covered (?=by)|rejected|skipped|disabled|deprecated|released|deployed|downgraded|complained|moved (?=to another|into another|elsewhere)|documented|benchmarked|refactored|backported|duplicated|promised|ported)\b",
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
        denied = re.search(r"\b(?:not|never|n't|nobody|nothing)\b", found.group(), re.IGNORECASE)
        if not denied and not words & (scene.vocabulary | called):
            yield unproven(ClaimKind.DEED, found.group(), f"no exhibit cited here speaks of anything being {deed}")
