"""What GitHub tells by itself: a pull request was merged. Heard once, whatever is delivered how often.

It keeps lists fresh without asking, roasts at merge where a channel wants that, and puts the verdict on the pull
request where the repository's own ``.roast.toml`` asks for it. Nothing of an event is believed but its names: what is
roasted is read anew.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import structlog

from bot.answers import full_roast
from bot.card import card_of
from bot.desk import Desk, Fits, all_fit
from bot.digest_choice import Wanted, is_for
from bot.digest_consent import ask_of
from bot.display import plain
from bot.errors import MessengerError, NotFoundError, RefusedError, RoastBotError, StoreError
from bot.ports_messenger import Ask
from bot.pull_request import PullRequest
from bot.records import EffectState, Job, NewJob, Person, Place, PostKind, StoredVerdict, Subscription
from bot.target import Target
from bot.trial import silent
from bot.verdict import Verdict

log = structlog.get_logger(__name__)

MERGED = "merged"
PATH = "/github/webhook"
_AFTER_PEOPLE = 4
_SLUG = re.compile(r"^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$")


class Comments(Protocol):
    """Remarks on pull requests. Methods raise ``SourceError``."""

    async def find(self, repository: str, number: int, marker: str) -> bool:
        """Whether a remark that holds the marker is there."""
        ...

    async def post(self, repository: str, number: int, body: str) -> None:
        """Put a remark (Markdown) there."""
        ...


@runtime_checkable
class HasComments(Protocol):
    """A source that can write remarks, too."""

    def comments(self) -> Comments | None:
        """Return what writes them, where the credential may."""
        ...


Hear = Callable[[Mapping[str, str], bytes], Awaitable[tuple[int, str]]]
"""Takes a delivery's headers (names in lower case) and body; returns a status and a word."""


def signed(secret: str, body: bytes, signature: str) -> bool:
    """Whether a body bears our secret's signature (``X-Hub-Signature-256``), told in constant time."""
    own = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(own.encode(), signature.encode())


def merged_in(event: str, body: bytes) -> tuple[str, int] | None:
    """Return the repository and the number of a pull request that was merged, nothing for any other event. Pure."""
    try:
        told = json.loads(body)
        pull = told["pull_request"] if event == "pull_request" and told["action"] == "closed" else {}
        repository, number = told["repository"]["full_name"], pull["number"]
    except (ValueError, KeyError, TypeError):
        return None
    good = pull.get("merged") is True and isinstance(number, int) and isinstance(repository, str)
    return (repository, number) if good and _SLUG.match(repository) else None


@dataclass
class Hooks:
    """``secret`` is what GitHub signs with; ``fresh`` is told which list is stale; ``comments`` may be wanting."""

    desk: Desk
    secret: str
    target_of: Callable[[str, int], Target]
    comments: Comments | None = None
    fresh: Callable[[str], None] = lambda _: None

    async def hear(self, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
        """Take a delivery; return the status and a word. What was taken will be worked off, once."""
        if not signed(self.secret, body, headers.get("x-hub-signature-256", "")):
            log.warning("a webhook without our signature was turned away")
            return 401, "The signature is not ours."
        delivery = headers.get("x-github-delivery", "")
        found = merged_in(headers.get("x-github-event", ""), body)
        if found is None or not delivery:
            return 202, "Nothing to do."
        repository, number = found
        self.fresh(repository)
        job = NewJob(
            kind=MERGED,
            payload={"repository": repository, "number": number},
            key=f"merged:{repository.lower()}#{number}",
            priority=_AFTER_PEOPLE,
        )
        try:
            taken = await self.desk.queue.put(job, event=f"github:{delivery}")
        except RoastBotError as error:
            log.warning("a webhook could not be taken", words=str(error))
            return 503, "Deliver it again later."
        return 202, "Taken." if taken is not None else "Taken before."

    async def work(self, job: Job) -> str:
        """Roast where it is wanted, and comment where that is asked for. Each place by itself."""
        repository, number = str(job.payload["repository"]), int(str(job.payload["number"]))
        words = []
        for one in await self.desk.store.subscriptions():
            wanted = one.options.get("at_merge") is True and not one.paused
            if wanted and one.repository.casefold() == repository.casefold():
                words.append(await self._each(self._in_channel(one, repository, number)))
        words.append(await self._each(self._on_pull_request(repository, number)))
        return " ".join(filter(None, words))

    async def _each(self, work: Awaitable[None]) -> str:
        try:
            await work
        except (RefusedError, NotFoundError) as no:
            log.info("not roasted at merge", words=str(no))
        except RoastBotError as error:
            self.desk.meters.fault(type(error).__name__, "github")
            log.warning("a merge could not be answered", words=str(error))
            return str(error)
        return ""

    async def _in_channel(self, one: Subscription, repository: str, number: int) -> None:
        messenger = self.desk.messengers.get(one.place.platform)
        if messenger is None:
            raise MessengerError(f"{one.place.platform} is not connected.")
        effect = f"merged:{repository.lower()}#{number}:{one.id}"
        taken = await self.desk.store.claim_effect(effect, self.desk.holder)
        if taken.state is EffectState.CONFIRMED:
            return
        key = hashlib.sha256(effect.encode()).hexdigest()[:24]
        begun = taken.state is EffectState.UNCONFIRMED
        message = await messenger.find_digest(one.place, key) if begun else None
        wanted = Wanted.of(one.options, one.min_doneness)

        def fits(pull: PullRequest) -> None:
            if not is_for(pull, wanted, one.person):
                raise RefusedError(f"{pull.slug} is not what this channel wants to see.")

        ask = ask_of(one, f"{repository}#{number}")
        stored = await self._verdict(ask, repository, number, again=begun, fits=fits)
        told = not stored.verdict.acquitted and wanted.is_done_enough(stored.verdict.doneness)
        if told and message is None:
            answer = full_roast(stored).model_copy(update={"private": False})
            message = await messenger.post_digest(one.place, answer, key, ())
        if message is not None:
            await self.desk.store.record_post(stored.id, message, PostKind.DIGEST)
        await self.desk.store.confirm_effect(effect)

    async def _on_pull_request(self, repository: str, number: int) -> None:
        """Put the verdict on the pull request, once: a key in the store, and a marker in the remark itself."""
        if self.comments is None or not (await self.desk.read_rules(repository)).comment:
            return
        effect, marker = f"comment:{repository.lower()}#{number}", f"<!-- roast-bot verdict #{number} -->"
        taken = await self.desk.store.claim_effect(effect, self.desk.holder)
        if taken.state is EffectState.CONFIRMED:
            return
        if not await self.comments.find(repository, number, marker):
            owner, _, name = repository.partition("/")
            place = Place(platform="github", workspace=owner, channel=name)
            ask = Ask(typed=f"{repository}#{number}", place=place, person=Person(platform="github", user=""))
            again = taken.state is EffectState.UNCONFIRMED
            stored = await self._verdict(ask, repository, number, again=again)
            await self.comments.post(repository, number, f"{marker}\n{comment_of(stored.verdict)}")
        await self.desk.store.confirm_effect(effect)

    async def _verdict(
        self, ask: Ask, repository: str, number: int, *, again: bool, fits: Fits = all_fit
    ) -> StoredVerdict:
        """Return a new verdict; after a crash the one that it left behind."""
        target, store = self.target_of(repository, number), self.desk.store
        if again:
            kept = await store.verdicts(place=ask.place, repository=repository, limit=50)
            found = next((one for one in kept if one.verdict.pull_request.endswith(f"#{number}")), None)
            if found is not None:
                return found
        verdict = await self.desk.judged(ask, target, silent, fits)
        self.desk.meters.wrote(verdict.writer)
        stored = await store.verdict(await store.save_verdict(verdict, ask.place))
        if stored is None:
            raise StoreError("A verdict was gone as soon as it was kept.")
        return stored


def comment_of(verdict: Verdict) -> str:
    """Return a verdict as a remark in Markdown: nobody is called by it, and nothing in it is markup but ours. Pure."""
    card = card_of(verdict)
    parts = [f"### {_safe(card.title)}", f"*{card.meter.word}*", *(_safe(one.text) for one in verdict.paragraphs)]
    parts.append(f"**Final verdict:** {_safe(card.final_verdict)}")
    parts += [f"- {_safe(item.text)} ([{_safe(item.place)}]({item.url}))" for item in card.charges if item.url]
    return "\n\n".join([*parts, f"<sub>{_safe(card.footer)}. `.roast.toml` asked for this remark.</sub>"])


def _safe(text: str) -> str:
    """Return one line in which no handle calls anybody, and no tag, image or link of somebody's words lives."""
    line = plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\[\]!])", r"\\\1", line).replace("@", "@\u2060").replace("#", "#\u2060")
