"""Which sentences of a description tell a stranger what was wrong and what was done about it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.detectors._words import Sentence, sentences

_TEMPLATE = re.compile(
    r"^\W*(?:please|thank(?:s| you)|make sure|describe|by submitting|i have|check(?:list)?\b|ensure|if you|you can"
    r"|see (?:the )?contributing"
    r"|this (?:template|section)|add (?:a|any) (?:description|screenshots)|what (?:does|is) this|why (?:is|do)"
    r"|how (?:has|did)"
    r"|co-authored-by|signed-off-by|generated (?:with|by)|release notes|related (?:to|issues?)|closes|fixes #"
    r"|resolves #|follows|cc )",
    re.IGNORECASE,
)
_FAULT = re.compile(
    r"\b(?:no longer|fail(?:s|ed|ing|ure)?|miss(?:ing|es|ed)|never|cannot"
    r"|can't|could not|couldn't|does(?:n't| not)|did(?:n't| not)|silently|crash\w*|hang(?:s|ing)?|hung"
    r"|rais(?:es|ed|ing)|throws?|threw|bugs?|flak\w+|slow\w*|broken?|breaks?|wrong\w*|incorrect\w*|los(?:t|es|ing)"
    r"|ignor(?:es|ed|ing)|leak\w*|discard\w*|time[sd]? out|race\w*|duplicat\w*|unnecessar\w*|even (?:when|though)"
    r"|causing|caused|bottleneck|prevent(?:s|ed)|unexpected\w*|noisy|stale|drops?|dropped|overw\w+)\b",
    re.IGNORECASE,
)
_ONCE = re.compile(r"\b(?:previously|currently|prior to|until now|today)\b", re.IGNORECASE)
_MUSING = re.compile(r"(?:I|I'm|I've|I'll|Unsure|Not sure|Open to|Let me|Feel free|TODO|Note|See|FYI|Also)\b")
_DANGLING = re.compile(
    r"(?:It|They|That|These|Those|Both|Such|He|She|Here|There|Therefore|However|Then|As a result"
    r"|To (?:do|accomplish|achieve) (?:this|that|so))\b"
    r"|This (?!pr\b|pull request|change|commit|adds|fix|makes|moves|removes|replaces|introduces|ensures|lets|allows"
    r"|will)",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|had|used to|would|could|created|enforced|iterated|assumed|returned|without|because|only"
    r"|instead of)\b",
    re.IGNORECASE,
)
_DEED = re.compile(
    r"^(?:this (?:pr|pull request|change|commit|adds|fix\w*|makes|moves|removes|replaces|introduces|ensures|matches"
    r"|lets|allows|defers|will|updates?)|now\b(?!,)|we now|instead\b|so\b|it now|the fix\b|to fix|add(?:s|ed|ing)?"
    r"|introduc\w+|replac\w+|mak(?:e|es|ing)|us(?:e|es|ing)\b|mov(?:e|es|ed|ing)|remov\w+|allow\w*|support\w*"
    r"|stop\w*|keep\w*|handl\w+|chang\w+|switch\w*|merge[sd]?|construct\w*|guard\w*|validat\w+|expos\w+"
    r"|wir(?:e|es|ing)|plumb\w*|port(?:s|ed)?|stor(?:e|es|ed)|return\w*|acquir\w+|updat\w+|implement\w*|extract\w*"
    r"|prevent\w*|render\w*|sets?\b|separat\w+|avoid\w*|skip\w*|ensur\w+|lets?\b|preserv\w+|wrap\w*|split\w*"
    r"|cach\w+|defer\w*|index\w*|match\w*|teach\w*|giv(?:e|es)|rework\w*|refactor\w*|clean\w*|drop\w*|rename\w*"
    r"|fix(?:es)?|enable\w*|disable\w*|track\w*|bump\w*|mirror\w*|pass(?:es)?|report\w*|emit\w*|includ\w+|apply"
    r"|applies|verif\w+|tests?\b|covers?\b|rewrit\w+|detect(?:s|ed)?|pars(?:e|es|ed)|provid(?:e|es|ed)"
    r"|collects?|generates?|converts?|resolv(?:e|es)|retr(?:y|ies)|catch(?:es)?|surfaces?|recogni[sz]es?)\b",
    re.IGNORECASE,
)
_EXPLAINS = re.compile(
    r"\b(?:to|so that|before|after|until|when|whenever|while|instead of|because|which|lets?|whether)\b"
)
_SUBJECT = re.compile(r"(?:The|A|An|Each|Every|When|Once|This (?:module|file|script|package|class))\b|[A-Z][a-z]+s\b")
_FULL = 11  # words: fewer say what a thing is called, more say what it does
_NOW = re.compile(r"\bnow (?!that\b)\w+", re.IGNORECASE)
_NAME = re.compile(r"\w+_\w+|`[^`]+`|\w+\(\)|\w+\.\w{3,}|[a-z]+[A-Z]\w+|[A-Z][a-z]+[A-Z]\w+")
_LEAST_WORDS, _MOST_WORDS = 5, 45
_LONGEST = 240
_LONG, _HEAVY = 180, 0.4
_LOOKED_AT = 14
_EARLY = 0.12  # of a point: how much a place further down costs


@dataclass(frozen=True, slots=True)
class Told:
    """The sentences that were found: the trouble and the deed (either may be missing), and how the text opens."""

    opening: tuple[Sentence, ...]
    trouble: Sentence | None = None
    deed: Sentence | None = None

    @property
    def all(self) -> tuple[Sentence, ...]:
        """Every sentence found, each once."""
        return tuple(dict.fromkeys(item for item in (*self.opening, self.trouble, self.deed) if item))


def tells(item: Sentence) -> bool:
    """Whether a sentence says something: no heading, template, list's head, table, half sentence or label."""
    said = item.clean
    return (
        not item.is_heading
        and len(said.split()) >= 4
        and not _TEMPLATE.match(said)
        and not said.endswith((":", "…", "(", "`,"))
        and not _MUSING.match(said)
        and "|" not in said
        and said.count("`") % 2 == 0
        and said.count("(") == said.count(")")
        and not re.match(r"[a-z]+(?:[\s,]|$)|[.,;)\]\[]", said)
        and not re.search(r"\b(?:e\.g|i\.e)\.?$", said)
    )


def explains(item: Sentence) -> float:
    """Return points for a sentence of documentation from which a stranger learns what a thing does; 0 for none."""
    said = item.clean
    if not tells(item) or not _fits(said) or not said.endswith(".") or not _SUBJECT.match(said):
        return 0
    if len(said.split()) < _FULL or not _EXPLAINS.search(said):
        return 0
    return 1 - _burden(said)


def told(text: str) -> Told:
    """Return what a description (or a commit's body) tells, in the order of reading."""
    flow = [item for item in sentences(text) if tells(item)][:_LOOKED_AT]
    trouble = _best(flow, _is_trouble)
    deed = _best([item for item in flow if item != trouble], _is_deed)
    return Told(tuple(flow[:2]), trouble, deed)


def _best(flow: Sequence[Sentence], points_of: Callable[[str], float]) -> Sentence | None:
    ranked = [(points_of(item.clean) - _EARLY * at, -at) for at, item in enumerate(flow)]
    best = max(ranked, default=(0.0, 0))
    return flow[-best[1]] if best[0] >= 1 else None


def _fits(said: str) -> bool:
    """Whether a sentence can stand alone: of bearable length, and not about what the one before it named."""
    return not _DANGLING.match(said) and _LEAST_WORDS <= len(said.split()) <= _MOST_WORDS and len(said) <= _LONGEST


def _is_trouble(said: str) -> float:
    """Return points for a sentence that says how things were; an order to do something says what was done."""
    if not _fits(said) or _is_order(said) or not said.endswith("."):
        return 0
    faults = min(len(_FAULT.findall(said)), 3) + 0.7 * bool(_ONCE.search(said))
    return faults + 0.5 * bool(_PAST.search(said)) - _burden(said) if faults else 0


def _is_deed(said: str) -> float:
    """Return points for a sentence that opens with what was done, more where it ends like one."""
    if not _fits(said) or not _is_order(said):
        return 0
    return 2 + 0.5 * said.endswith(".") - _burden(said)


def _is_order(said: str) -> bool:
    """Whether a sentence says what is done: it opens with a deed, or says what happens now, without a but."""
    deed = _DEED.match(said)
    return bool(deed and not deed.group().lower().endswith("ing")) or bool(
        _NOW.search(said) and not re.search(r"\b(?:but|still)\b", said)
    )


def _burden(said: str) -> float:
    """Return how hard a sentence is on somebody who has never seen the code: length, and names out of code."""
    return 0.25 * max(0, len(_NAME.findall(said)) - 1) + (_HEAVY if len(said) > _LONG else 0)
