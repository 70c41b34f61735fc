# ruff: noqa: E501 - a pattern reads best whole
"""What happens when code runs, which only a witness may tell, and where a fact stands: merged, or only on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.exhibit import StandsIn
from bot.receipts.report import Claim, ClaimKind, Proof
from bot.receipts.scene import Scene, in_span, proven, unproven
from bot.receipts.text import clause_around, sentences, stem, stemmed, stems, stems_of

_RUN_TIME = re.compile(
    r"\b(?:(?:will|would|could|might|may|can|is going to|going to|bound to) (?:\w+ )?(?:fail|break|crash|leak|hang|explode|deadlock"
    r"|race|corrupt|overflow|loop forever|time out|blow up|go down|lose|throw|die)"
    r"|crash(?:es|ed|ing)?|leak(?:s|ed|ing)|deadlock(?:s|ed)?|segfault(?:s|ed)?|corrupt(?:s|ed)|overflow(?:s|ed)"
    r"|(?:fails|failed|breaks|broke|hangs|hung|dies|died|times out|timed out|blows up|blew up|falls over|fell over)"
    r"(?! (?:to|down into|for a|out))"
    r"|(?:in|took down|broke|reached|hit) production(?! code| line| file| function| module)"
    r"|outage|data loss|brings? down|took down|takes down|runs? out of memory|out of memory|memory leak)\b",
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(
    r"\b(?:tests? (?:is|are|for|about|of|that|which)|tests|said|says|wrote|writes|pointed out|points out|noted|notes|reported|reports|asked|according to|called|calls|warned"
    r"|warns|found|flagged|flags|told|tells|observed|title[ds]?|review(?:er)?|bot|comment|message|subject|commit|spotted|in (?:its|his|her|their|the author's)"
    r" (?:own )?words|describes?|described|issue|report|mentions?|admits?|explains?|explained|raised)\b|#\d",
    re.IGNORECASE,
)  # fmt: skip


_EDITS = stemmed("change changes changed add adds added remove removes removed line lines nothing gave touch touched")


def run_time(scene: Scene) -> Iterator[Claim]:
    """Yield the claims on what happens when code runs: only what somebody said, and then as theirs."""
    for found in _RUN_TIME.finditer(scene.text):
        if in_span(scene, found.start()):
            continue
        at = next((at for at, item in enumerate(scene.items) if item.end > found.start()), 0)
        begin, end = clause_around(scene.items, at, at)
        if "production" in found.group().lower() and stems_of(scene.items[begin:end]) & _EDITS:
            continue
        if scene.is_ours(begin, end):
            continue
        if scene.is_figure(at, at) and not stems_of(scene.items[begin:end]) & stemmed("production outage"):
            continue
        yield _ran(scene, found.group())


def _ran(scene: Scene, text: str) -> Claim:
    wanted = {stem(word) for word in re.findall(r"\w+", text)} | ({"timeout"} if "out" in text.lower() else set())
    wanted -= {"will", "would", "could", "might", "may", "can", "in"}
    for passage in scene.evidence.passages:
        told = {word.removesuffix("ur") for word in stems(passage.text)}
        if wanted & (told | stems(passage.text)):
            if _ATTRIBUTION.search(_with_the_sentence_before(scene)):
                return proven(ClaimKind.RUN_TIME, text, Proof(exhibit=passage.exhibit, source=passage.source))
            return unproven(ClaimKind.RUN_TIME, text, "somebody said this: say who, or leave it out")
    return unproven(
        ClaimKind.RUN_TIME, text, "nobody in the exhibits saw it run: tell what the text shows, not what it would do"
    )


def _with_the_sentence_before(scene: Scene) -> str:
    """Return the sentence with the two before it, in which somebody may have been given the word."""
    at = scene.paragraph_text.find(scene.text)
    if at < 0:
        return scene.text
    return " ".join((*sentences(scene.paragraph_text[:at])[-2:], scene.text))


_ON_THE_WAY = re.compile(
    r"\b(?:commits?|before (?:the merge|it (?:was merged|merged|landed|shipped))|(?:before|until) (?:merging|landing)|on the way"
    r"|along the way|in between|mid-?(?:flight|way)|was (?:\w+ )?(?:mended|changed|removed|replaced|renamed|fixed|dropped|deleted|undone"
    r"|reverted|gone|corrected|repaired|taken out)|were (?:\w+ )?(?:mended|changed|removed|replaced|renamed|fixed|dropped|deleted|undone"
    r"|reverted|gone|corrected|repaired|taken out)|did(?:n't| not) (?:make it|survive|last|stay)|never (?:shipped|merged|made it)"
    r"|later (?:\w+ )?(?:mended|changed|removed|replaced|renamed|fixed|dropped|deleted|undone|gone)|by then|by the (?:end|merge)"
    r"|went (?:away|again)|came and went|for (?:a|one|two|three|four|five|six|seven|eight) (?:commits?|hours?|days?)|subjects?"
    r"|history|log|out again|back (?:out|in the)|tak(?:e|es|en) back|before (?:anybody|anyone|somebody|the)"
    r"|(?:take|took|taken|tore|torn|pull(?:ed)?|rip(?:ped)?|sent|carried|went) (?:[\w']+ ){0,6}(?:out|away|back|home|down|apart)"
    r"|left (?:again|within|after|before|by)|lived|survived|no longer|gone|short-lived|briefly|review)\b",
    re.IGNORECASE,
)
_AS_SHIPPED = re.compile(
    r"\b(?:shipped|ships|to this day|still (?:there|stands|has|says|reads)|lives on|the merged (?:code|version)|as merged"
    r"|(?:main|master|the (?:code|codebase|repository)) (?:now )?(?:has|holds|carries|keeps|contains)|was merged with|merged with)\b",
    re.IGNORECASE,
)
_NOT_SHIPPED = re.compile(
    r"\b(?:never|not|n't|before|until|without|none|nothing|nobody) (?:\w+ ){0,3}(?:ship\w*|merge\w*)|\bbefore\b|\bnever\b|n't\b",
    re.IGNORECASE,
)


def place(scene: Scene, used: frozenset[str]) -> Iterator[Claim]:
    """Yield an objection where a fault that lived only on the way is told as if it had been merged.

    ``used`` are the ids of the exhibits that prove the other claims of this sentence.
    """
    ways = [
        ledger
        for ledger in scene.evidence.ledgers
        if ledger.exhibit in used and ledger.stands_in is StandsIn.ON_THE_WAY and not ledger.tells_of_commits
    ]
    others = used - {ledger.exhibit for ledger in ways} - {""}
    if not ways or others:
        return
    told = ways[0].exhibit
    if _AS_SHIPPED.search(scene.text) and not _NOT_SHIPPED.search(scene.text):
        reason = f"{told} lived only on the way: say that it was changed before the merge"
        yield unproven(ClaimKind.PLACE, scene.text, reason)
    elif not _ON_THE_WAY.search(scene.paragraph_text or scene.text):
        reason = f"{told} lived only in a commit on the way: the paragraph must say so, and that it was changed before the merge"
        yield unproven(ClaimKind.PLACE, scene.text, reason)
