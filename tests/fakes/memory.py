"""Made-up people, places, verdicts and reactions for tests of the memory."""

from datetime import UTC, datetime, timedelta

from bot.brief import Heat, Role, Subject
from bot.case import Coverage
from bot.exhibit import Exhibit, Receipt, Stance, StandsIn, Where
from bot.records import Message, Person, Place, Reaction
from bot.verdict import Doneness, Paragraph, Verdict, WriterInfo

NOON = datetime(2026, 5, 22, 12, 0, tzinfo=UTC)


class Watch:
    """A clock that is turned by hand."""

    def __init__(self):
        self.time = NOON

    def now(self):
        """Return the time it shows."""
        return self.time

    def forward(self, **by):
        """Turn it on and return what it shows then."""
        self.time += timedelta(**by)
        return self.time


PLACE = Place(platform="slack", workspace="T1", channel="C1")
ASKER = Person(platform="slack", workspace="T1", user="asker")


def person(name):
    """Return somebody in the workspace."""
    return Person(platform="slack", workspace="T1", user=name)


def message(name="1.1", place=PLACE):
    """Return a message of the channel."""
    return Message(place=place, id=name)


def exhibit(key="e1", kind="bare_assert", stance=Stance.CHARGE, weight=5.0, quote="assert token"):
    """Return an exhibit with one receipt."""
    receipt = Receipt(where=Where.FILE, path="src/app.py", line=7, sha="abc", quote=quote)
    return Exhibit(
        id=key,
        kind=kind,
        stance=stance,
        weight=weight,
        summary="It asserts.",
        stands_in=StandsIn.MERGED,
        receipts=(receipt,),
    )


def verdict(number=7, *, author="Alice", repository="acme/Tools", title="The assertive handshake", **changes):
    """Return a verdict with a charge, a credit and the words that rest on them."""
    fields = {
        "pull_request": f"{repository}#{number}",
        "url": f"https://github.com/{repository}/pull/{number}",
        "subject": Subject(slug=repository, number=number, title="Add a handshake", url="", author=author),
        "title": title,
        "gist": "It shakes hands. Then it asserts that it has hands.",
        "paragraphs": (
            Paragraph(text="It asserts.", role=Role.CHARGE, exhibits=("e1",)),
            Paragraph(text="It is tested.", role=Role.CREDIT, exhibits=("c1",)),
        ),
        "epithet": "the handshake",
        "punchline": "Assert yourself.",
        "doneness": Doneness.MEDIUM,
        "score": 4.0,
        "acquitted": False,
        "heat": Heat.MEDIUM,
        "exhibits": (exhibit(), exhibit("c1", "tests_that_earn_it", Stance.CREDIT)),
        "coverage": Coverage(files_read=1, files_total=1),
        "writer": WriterInfo(name="house"),
        "motif": "reception",
        "angle": "etiquette",
        "lines": ("bare_assert/body/1",),
    }
    return Verdict(**(fields | changes))


def react(emoji="🔥", who="bob", *, on=True, at=0, where="1.1", bot=False):
    """Return a reaction event ``at`` seconds after noon."""
    return Reaction(
        message=message(where), person=person(who), emoji=emoji, on=on, at=NOON + timedelta(seconds=at), by_bot=bot
    )


async def shown(store, number=7, *, where="1.1", place=PLACE, asker=ASKER, **changes):
    """Save a verdict and post it; return its number."""
    verdict_id = await store.save_verdict(verdict(number, **changes), place, asker)
    await store.record_post(verdict_id, Message(place=place, id=where), asker=asker)
    return verdict_id
