# ruff: noqa: E501 - a table of names reads best whole
"""Names and quotations: what must stand letter by letter in the evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.receipts.evidence import Evidence, stands_in
from bot.receipts.ledger import Passage
from bot.receipts.nouns import canonical
from bot.receipts.report import Claim, ClaimKind, Proof
from bot.receipts.scene import Scene, proven, unproven
from bot.receipts.text import Kind, Token, clause_around, stemmed, stems_of

_PROSE_WORDS = 12
_OF_THE_WORK = frozenset(
    "it its this that they their title name names named called word words label subject description message phrase"
    " start starts begin begins end ends open opens read reads come comes".split()
)
_SINGLE = str.maketrans({'"': "'", "“": "‘", "”": "’"})
_CUT_SHOWN = re.compile(
    r"\b(?:start|starts|started|starting|begin|begins|began|beginning|open|opens|opened|opening|end|ends|ended|ending"
    r"|word|words|prefix|verb|verbs|contain|contains|mention|mentions|phrase|phrases|noun|adjective)\b[^\"“]{0,40}$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r'"[^"\n]{1,600}"|“[^”\n]{1,600}”')
_ATTRIBUTES = canonical(
    stemmed(
        "say said writes read call title commit subject start begin open end word name comment describe message log quote"
        " return review reply ask answer promise explain note state claim declare label phrase prefix verb mention come"
    )
)
_KNOWN_WORDS = frozenset(
    "GitHub GitLab WebSocket WebSockets PostgreSQL MySQL SQLite JavaScript TypeScript PyPI OpenAI DevOps OAuth macOS iOS"
    " GraphQL NumPy PyTorch FastAPI LaTeX YouTube LinkedIn DevTools MongoDB DynamoDB CloudFormation RabbitMQ NoSQL McCabe"
    " JUnit IntelliJ VSCode PyCharm WebAssembly NodeJS IDs APIs URLs PRs".split()
)


def names(scene: Scene) -> Iterator[Claim]:
    """Yield the claims of code spans, quotations, file names, identifiers, handles and pull request numbers."""
    for item in scene.items:
        if item.kind is Kind.QUOTE:
            claim = _quotation(scene, item)
            if claim is not None:
                yield claim
        elif item.kind in _CHECKS:
            kind, what = _CHECKS[item.kind]
            text = item.inner.strip()
            if item.kind is Kind.IDENTIFIER and text in _KNOWN_WORDS:
                continue
            claim = _name(scene.evidence, text, kind, what)
            part = None if claim.proven or not _speaks_of_parts(scene) else _name_read_aloud(scene.evidence, text)
            if part is None and not claim.proven and text in scene.told:
                yield proven(kind, text, Proof(exhibit="", source="as told before"))
            else:
                yield proven(kind, text, Proof(exhibit=part.exhibit, source=part.source)) if part else claim


_CHECKS = {
    Kind.CODE: (ClaimKind.NAME, "this code"),
    Kind.PATH: (ClaimKind.NAME, "this file name"),
    Kind.VERSION: (ClaimKind.NAME, "this version"),
    Kind.IDENTIFIER: (ClaimKind.NAME, "this name"),
    Kind.BOT: (ClaimKind.HANDLE, "this account"),
    Kind.HANDLE: (ClaimKind.HANDLE, "this account"),
    Kind.PULL: (ClaimKind.NUMBER, "this number"),
    Kind.SHA: (ClaimKind.NAME, "this commit"),
}


def _name(evidence: Evidence, text: str, kind: ClaimKind, what: str) -> Claim:
    found = (_commit(evidence, text) if what == "this commit" else None) or evidence.letter_by_letter(text)
    found = found or evidence.letter_by_letter(text.removesuffix("()").lstrip("@"))
    if found is None and (parts := _in_pieces(evidence, text, whole_only=False)):
        found = parts
    if found is None:
        return unproven(kind, text, f"{what} does not stand, letter by letter, in an exhibit that this text may use")
    return proven(kind, text, Proof(exhibit=found.exhibit, source=found.source))


def _speaks_of_parts(scene: Scene) -> bool:
    """Whether a sentence says that it tells parts of names: "they differ in their last two words"."""
    words = {item.lower for item in scene.items}
    return bool(words & {"word", "words", "end", "ends", "ending", "suffix", "prefix", "differ", "begins", "part"})


def _commit(evidence: Evidence, text: str) -> Passage | None:
    """Return the text that names this commit, however many characters of it either of them tells."""
    at = re.compile(rf"(?<![0-9a-f]){text[:7]}[0-9a-f]*")
    named = ((passage, found.group()) for passage in evidence.passages for found in at.finditer(passage.text))
    return next((passage for passage, sha in named if sha.startswith(text) or text.startswith(sha)), None)


def _in_pieces(evidence: Evidence, text: str, *, whole_only: bool) -> Passage | None:
    """Return the text that holds, in this order, the pieces which ellipses in a quotation leave over."""
    pieces = [piece.strip() for piece in re.split(r"…|\.{3}", text) if piece.strip()]
    if not pieces or ("…" not in text and "..." not in text):
        return None
    for passage in evidence.passages:
        at = 0
        for piece in pieces:
            found = passage.text.find(piece, at)
            if found < 0 or not stands_in(piece, passage.text):
                break
            at = found + len(piece)
        else:
            if not whole_only or passage.whole:
                return passage
    return None


def _quotation(scene: Scene, item: Token) -> Claim | None:
    text = item.inner.strip()
    candidates = dict.fromkeys((text, text.rstrip(",.;:!?")))
    lead = scene.text[: item.start]
    for candidate in filter(None, candidates):
        shown = _shows_cut(lead, candidate) or _is_a_word_of_it(scene, candidate) or _is_one_word(lead, candidate)
        found = _quoted(scene.evidence, candidate, cut_shown=shown)
        if found is not None:
            return proven(ClaimKind.QUOTATION, text, Proof(exhibit=found.exhibit, source=found.source))
    if found := _in_pieces(scene.evidence, text, whole_only=False):
        return proven(ClaimKind.QUOTATION, text, Proof(exhibit=found.exhibit, source=found.source))
    if spoken := _name_read_aloud(scene.evidence, text):
        return proven(ClaimKind.QUOTATION, text, Proof(exhibit=spoken.exhibit, source=spoken.source))
    if _is_scare_quote(scene, item):
        return None
    if scene.evidence.letter_by_letter(text):
        return unproven(
            ClaimKind.QUOTATION, text, "this quotation is cut in silence: quote the whole, or mark the cut with …"
        )
    return unproven(ClaimKind.QUOTATION, text, "this does not stand, letter by letter, in an exhibit cited here")


def _name_read_aloud(evidence: Evidence, text: str) -> Passage | None:
    """Return the name of which this is a part with spaces in place of underscores: "between batches"."""
    name = "_".join(text.strip(" .,;:").split())
    if "_" not in name:
        return None
    at = re.compile(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])")
    return next((passage for passage in evidence.passages if "_" in passage.text and at.search(passage.text)), None)


def _one_kind_of_quote(text: str) -> str:
    return text.translate(_SINGLE) if '"' in text or "“" in text else text


def unnested(text: str, evidence: Evidence) -> str:
    """Return the text with quotation marks inside a quotation made single, where the quotation holds some itself."""
    for passage in evidence.passages:
        inner = passage.text.strip()
        if '"' in inner and inner in text and "\n" not in inner:
            for opened, closed in ('""', "“”"):
                text = text.replace(f"{opened}{inner}{closed}", f"{opened}{inner.translate(_SINGLE)}{closed}")
    return text


def _is_a_word_of_it(scene: Scene, text: str) -> bool:
    """Whether the sentence says that the quotation is a word: The title says "flaky", a word that ended evenings."""
    return " " not in text and any(item.lower in {"word", "verb", "noun", "adjective"} for item in scene.items)


def _is_one_word(lead: str, text: str) -> bool:
    """Whether the quotation is a single telling word: nobody takes "forntend" for a whole title."""
    told_as_more = re.search(r"\b(?:words|says?|called|titled?|named|reads|starts?|begins?)\b[^\"“.!?]{0,30}$", lead)
    return told_as_more is None and re.fullmatch(r"[A-Za-z][\w-]{3,30}", text) is not None


def _shows_cut(lead: str, text: str) -> bool:
    """Whether the words before a quotation say that it is a part: "starts with", "the word"."""
    found = _CUT_SHOWN.search(_QUOTED.sub("", lead))
    return found is not None and (len(text.split()) > 1 or not found.group().lower().startswith("words"))


def _quoted(evidence: Evidence, text: str, *, cut_shown: bool) -> Passage | None:
    """Return the text that is quoted: whole, or a part where the sentence shows that it is one, or a part of prose."""
    for passage in evidence.passages:
        if _one_kind_of_quote(passage.text.strip()) == _one_kind_of_quote(text):
            return passage
    words = len(text.split())
    for passage in evidence.passages:
        if not stands_in(text, passage.text) or (passage.source == "summary" and not passage.whole):
            continue
        if (cut_shown and words <= 4) or (not passage.whole and words >= 2) or _is_prose(passage.text):
            return passage
    return None


def _is_prose(text: str) -> bool:
    return len(text.split()) > _PROSE_WORDS or "\n" in text


def _is_scare_quote(scene: Scene, item: Token) -> bool:
    """Whether the marks only hold a word at arm's length: short, plain, and attributed to nobody."""
    text = item.inner.strip()
    if len(text.split()) > 2 or not re.fullmatch(r"[a-z][a-z' -]{0,40}[,.]?", text):
        return False
    around = [other for other in scene.items if other is not item]
    if " " in text and any(other.kind is item.kind and len(other.inner.split()) > 2 for other in around):
        return False  # in the company of a whole one it is taken for one as well
    at = scene.items.index(item)
    begin, end = clause_around(scene.items, at, at)
    spoken = {other.lower for other in scene.items}
    if scene.is_image(begin, end) and not spoken & _OF_THE_WORK:
        return True
    return not canonical(stems_of(around)) & _ATTRIBUTES
