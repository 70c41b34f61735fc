"""The recorded brief and draft of #22004 as the types of the core."""

from __future__ import annotations

import json
import re
from pathlib import Path

from bot.brief import Brief, Cast, Role, Subject
from bot.exhibit import Exhibit, Receipt, Stance, StandsIn, Where
from bot.verdict import Draft, Paragraph

_LINE = re.compile(r"(?P<id>[EC]\d+) (?P<kind>[\w ]+?)(?: \[(?P<tag>\w+)\])?(?=[:,])[:,] (?P<text>.+)")
_STANDS = {
    "fixup_train": StandsIn.ON_THE_WAY,
    "scope_cut": StandsIn.ON_THE_WAY,
    "sequel_fix": StandsIn.AFTERWARDS,
    "bot_caught": StandsIn.CONVERSATION,
    "quick_answers": StandsIn.CONVERSATION,
}


def brief(recordings: Path) -> Brief:
    """Return the sixteen facts as exhibits whose summaries are all they have."""
    lines = (recordings / "drafts" / "22004-brief.md").read_text().splitlines()
    exhibits = [exhibit(line) for line in lines if _LINE.match(line)]
    assert len(exhibits) == 15
    subject = Subject(
        slug="PrefectHQ/prefect", number=22004, title="Add worker channel handshake and heartbeat", author="desertaxle",
        url="", opened_on="19 May 2026", merged_on="20 May 2026", took="21 hours",
    )  # fmt: skip
    return Brief(
        subject=subject,
        context=tuple(exhibits[:2]),
        cast=tuple(Cast(exhibit=item, role=Role.CHARGE) for item in exhibits[2:]),
    )


def exhibit(line: str) -> Exhibit:
    """Read one line of the recorded brief."""
    found = _LINE.match(line)
    assert found
    kind = found["kind"].strip().replace(" ", "_")
    stance = Stance.CREDIT if found["id"].startswith("C") else Stance.CHARGE
    return Exhibit(
        id=found["id"], kind=kind, stance=stance, weight=5, summary=found["text"],
        stands_in=_STANDS.get(kind, StandsIn.MERGED), receipts=(Receipt(where=Where.FIGURES, quote=""),),
    )  # fmt: skip


def draft(recordings: Path) -> Draft:
    """Return the recorded draft."""
    data = json.loads((recordings / "drafts" / "22004-draft.json").read_text())
    paragraphs = tuple(Paragraph(text=item["text"], exhibits=tuple(item["exhibits"])) for item in data["paragraphs"])
    return Draft(
        title=data["title"],
        gist=data["gist"],
        paragraphs=paragraphs,
        epithet=data["epithet"],
        punchline=data["punchline"],
    )
