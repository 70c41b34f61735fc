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
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

import structlog

from bot.answers import full_roast
from bot.card import card_of
from bot.desk import Desk, Fits, all_fit
from bot.digest_choice import Wanted, is_for
from bot.digest_consent import ask_of, may_afford
from bot.display import plain
from bot.errors import (
    BusyError,
    MessengerError,
    NotFoundError,
    RateLimitedError,
    RefusedError,
    RoastBotError,
    StoreError,
    UnavailableError,
)
from bot.ports import silent
from bot.ports_messenger import Answer, Ask, Tone
from bot.pull_request import PullRequest
from bot.records import (
    EffectState,
    Job,
    Message,
    NewJob,
    Person,
    Place,
    PostKind,
    StoredVerdict,
    Subscription,
    SubscriptionId,
)
from bot.target import Target
from bot.verdict import Verdict

log = structlog.get_logger(__name__)

MERGED = "merged"
PATH = "/github/webhook"
_AFTER_PEOPLE = 4
_SLUG = re.compile(r"^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$")
REMARK = "comment"
_KEY = re.compile(r"^(?P<kind>merged|comment):(?P<repository>[^#:]+)#(?P<number>\d+)(?::(?P<subscription>\d+))?$")
"""The key of an effect and of its job: a merge as a whole, one channel's part of it, the remark."""

_AGAIN = timedelta(minutes=5)
_PASSING = (RateLimitedError, UnavailableError, MessengerError, StoreError, BusyError)


class Comments(Protocol):
    """Remarks on pull requests. Methods raise ``SourceError``."""

    async def find(self, repository: str, number: int, marker: str) -> str:
        """Return the id of a remark that holds the marker, or nothing."""
        ...

    async def post(self, repository: str, number: int, body: str) -> str:
        """Put a remark (Markdown) there; return its id."""
        ...

    async def edit(self, repository: str, remark: str, body: str) -> None:
        """Put other words into a remark of ours."""
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
    """``secret`` is what GitHub signs with; ``fresh`` is told which list is stale; ``comments`` may be wanting.

    ``patience`` is how long something that is hindered is tried again, ``most_a_day`` as in ``bot.digests``.
    """

    desk: Desk
    secret: str
    target_of: Callable[[str, int], Target]
    comments: Comments | None = None
    fresh: Callable[[str], None] = lambda _: None
    patience: timedelta = timedelta(days=1)
    most_a_day: int = 0
    _next: dict[str, datetime] = field(default_factory=dict)

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
        key = f"{MERGED}:{repository.lower()}#{number}"
        try:
            # What is begun and not confirmed is what ``sweep`` looks for, whatever becomes of the job.
            await self.desk.store.claim_effect(key, self.desk.holder)
            taken = await self.desk.queue.put(_job(key), event=f"github:{delivery}")
        except RoastBotError as error:
            log.warning("a webhook could not be taken", words=str(error))
            return 503, "Deliver it again later."
        return 202, "Taken." if taken is not None else "Taken before."

    async def sweep(self) -> int:
        """Put what a passing fault stopped on the queue again, ever more rarely; return how much.

        Raises ``StoreError``.
        """
        now, put, left = self.desk.clock.now(), 0, dict[str, datetime]()
        for effect in await self.desk.store.unconfirmed_effects(before=now - _AGAIN):
            if not _KEY.match(effect.key):
                continue
            left[effect.key] = self._next.get(effect.key, now)
            if left[effect.key] <= now:
                put += await self.desk.queue.put(_job(effect.key)) is not None
                left[effect.key] = now + max(_AGAIN, (now - effect.taken_at) / 2)
        self._next = left
        return put

    async def work(self, job: Job) -> str:
        """Work off a merge, or one of the places that want to hear of it; return what went wrong for good."""
        repository, number = str(job.payload["repository"]), int(str(job.payload["number"]))
        where = str(job.payload.get("where", ""))
        key = f"{REMARK if where == REMARK else MERGED}:{repository}#{number}"
        key += f":{where}" if where.isdigit() else ""
        since = job.created_at
        try:
            taken = await self.desk.store.claim_effect(key, self.desk.holder)
            since = taken.taken_at
            if taken.state is not EffectState.CONFIRMED:
                begun = taken.state is EffectState.UNCONFIRMED
                await self._done(where, repository, number, begun=begun)
                await self.desk.store.confirm_effect(key)
        except (RefusedError, NotFoundError) as no:
            log.info("not roasted at merge", words=str(no))
            return await self._ended(key)
        except RoastBotError as error:
            return await self._faulty(key, error, since)
        except Exception:
            log.exception("a merge failed unforeseen", key=key)
            return await self._given_up(
                key, RoastBotError("Something unforeseen went wrong here.", "It is in the log.")
            )
        return ""

    async def _done(self, where: str, repository: str, number: int, *, begun: bool) -> None:
        if where == REMARK:
            await self._on_pull_request(repository, number, begun=begun)
        elif where:
            one = await self.desk.store.subscription(SubscriptionId(int(where)))
            if one is not None and one.ended_at is None and _is_live(one):
                await self._in_channel(one, repository, number, begun=begun)
        else:
            await self._spread(repository, number)

    async def _spread(self, repository: str, number: int) -> None:
        """Make a job of each place, so that what is wrong with one does not keep it from the others."""
        for one in await self.desk.store.subscriptions():
            if _is_live(one) and one.repository.casefold() == repository.casefold():
                await self.desk.queue.put(_job(f"{MERGED}:{repository}#{number}:{one.id}"))
        if self.comments is not None:
            await self.desk.queue.put(_job(f"{REMARK}:{repository}#{number}"))

    async def _faulty(self, key: str, error: RoastBotError, since: datetime) -> str:
        """Leave what may pass to ``sweep``; give up the rest."""
        self.desk.meters.fault(type(error).__name__, "github")
        if isinstance(error, _PASSING) and self.desk.clock.now() - since < self.patience:
            log.warning("a merge is tried again later", key=key, words=str(error))
            return ""
        return await self._given_up(key, error)

    async def _given_up(self, key: str, error: RoastBotError) -> str:
        """End it in words: in the log, on the job, and in the channel's list of digests."""
        log.error("a merge could not be answered", key=key, words=str(error))
        found = _KEY.match(key)
        number = found["subscription"] if found else None
        try:
            one = await self.desk.store.subscription(SubscriptionId(int(number))) if number else None
            if found and one is not None and one.ended_at is None:
                words = f"#{found['number']} could not be roasted when it was merged: {error}"
                changes = {"last_ran_at": self.desk.clock.now(), "last_decision": words}
                await self.desk.store.save_subscription(one.model_copy(update=changes))
                await self._tell_owner(one, words)
        except StoreError as untold:
            log.warning("a channel's list could not say so", key=key, words=str(untold))
        await self._ended(key)
        return str(error)

    async def _tell_owner(self, one: Subscription, words: str) -> None:
        """Tell whoever subscribed, where they can be told; the list of digests says it in any case."""
        messenger = self.desk.messengers.get(one.place.platform)
        if messenger is None or one.created_by is None:
            log.warning("nobody could be told of a merge given up", subscription=one.id)
            return
        title = f"A merge into {one.repository} stayed without its roast"
        try:
            await messenger.tell(one.created_by, Answer(title=title, text=words, tone=Tone.FAILED))
        except MessengerError as gone:
            log.warning("nobody could be told of a merge given up", subscription=one.id, words=str(gone))

    async def _ended(self, key: str) -> str:
        """Note that nothing more comes of it; where that fails, it is tried once more and ends alike."""
        try:
            await self.desk.store.confirm_effect(key)
        except StoreError as error:
            log.warning("a merge could not be ended", key=key, words=str(error))
        return ""

    async def _in_channel(self, one: Subscription, repository: str, number: int, *, begun: bool) -> None:
        messenger = self.desk.messengers.get(one.place.platform)
        if messenger is None:
            raise MessengerError(f"{one.place.platform} is not connected.")
        key = hashlib.sha256(f"merged:{repository}#{number}:{one.id}".encode()).hexdigest()[:24]
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
            await self.desk.store.record_post(stored.id, message, PostKind.FULL)

    async def _on_pull_request(self, repository: str, number: int, *, begun: bool) -> None:
        """Put the verdict on the pull request, once: a key in the store, and a marker in the remark itself."""
        if self.comments is None or not (await self.desk.read_rules(repository)).comment:
            return
        remark = await self.comments.find(repository, number, self._marker(repository, number))
        owner, _, name = repository.partition("/")
        place = Place(platform="github", workspace=owner, channel=name)
        ask = Ask(typed=f"{repository}#{number}", place=place, person=Person(platform="github", user=""))
        stored = await self._verdict(ask, repository, number, again=begun or bool(remark))
        if not remark:
            remark = await self.comments.post(repository, number, self._remark(repository, number, stored.verdict))
        await self.desk.store.record_post(stored.id, Message(place=place, id=remark), PostKind.COMMENT)

    def _marker(self, repository: str, number: int) -> str:
        """Return what our remark is found by: nobody else can have put it there, for what is found is edited later."""
        told = hmac.new(self.secret.encode(), f"{REMARK}:{repository}#{number}".lower().encode(), hashlib.sha256)
        return f"<!-- roast-bot verdict #{number} {told.hexdigest()[:32]} -->"

    def _remark(self, repository: str, number: int, verdict: Verdict) -> str:
        return f"{self._marker(repository, number)}\n{comment_of(verdict)}"

    async def strike(self, message: Message, words: str) -> None:
        """Put a line in a remark's place: its roast was taken down. Raises ``SourceError``."""
        if self.comments is not None:
            await self.comments.edit(_repository_of(message), message.id, _safe(words))

    async def redraw(self, message: Message, verdict: Verdict) -> None:
        """Write a remark anew: an appeal struck a line, or its roast was put back. Raises ``SourceError``."""
        if self.comments is not None:
            repository, number = _repository_of(message), verdict.subject.number
            await self.comments.edit(repository, message.id, self._remark(repository, number, verdict))

    async def _verdict(
        self, ask: Ask, repository: str, number: int, *, again: bool, fits: Fits = all_fit
    ) -> StoredVerdict:
        """Return a new verdict; after a crash the one that it left behind, which nobody had asked for."""
        target, store = self.target_of(repository, number), self.desk.store
        if again:
            kept = await store.verdicts(place=ask.place, repository=repository, limit=50)
            ours = (one for one in kept if one.asker is None and one.verdict.pull_request.endswith(f"#{number}"))
            found = next(ours, None)
            if found is not None:
                return found
        await may_afford(store, ask.place, self.desk.clock.now(), self.most_a_day)
        verdict = await self.desk.judged(ask, target, silent, fits)
        self.desk.meters.wrote(verdict.writer)
        stored = await store.verdict(await store.save_verdict(verdict, ask.place))
        if stored is None:
            raise StoreError("A verdict was gone as soon as it was kept.")
        return stored


def _job(key: str) -> NewJob:
    """Return the job of an effect's key, which tells all of it."""
    found = _KEY.match(key)
    if found is None:
        raise ValueError(key)
    where = REMARK if found["kind"] == REMARK else found["subscription"] or ""
    payload = {"repository": found["repository"], "number": int(found["number"]), "where": where}
    return NewJob(kind=MERGED, payload=payload, key=key, priority=_AFTER_PEOPLE)


def _is_live(one: Subscription) -> bool:
    return one.options.get("at_merge") is True and not one.paused


def _repository_of(message: Message) -> str:
    return f"{message.place.workspace}/{message.place.channel}"


def comment_of(verdict: Verdict) -> str:
    """Return a verdict as a remark in Markdown: nobody is called by it, and nothing in it is markup but ours. Pure."""
    card = card_of(verdict)
    parts = [f"### {_safe(card.title)}", f"*{card.meter.word}*", *(_safe(one.text) for one in verdict.told)]
    parts.append(f"**Final verdict:** {_safe(card.final_verdict)}")
    parts += [
        f"- {_safe(item.text)} ([{_safe(item.place)}]({_address(item.url)}))" for item in card.charges if item.url
    ]
    parts += [f"- Struck on appeal: {_safe(one.text)} {_safe(one.reason)}" for one in card.struck]
    return "\n\n".join([*parts, f"<sub>{_safe(card.footer)}. `.roast.toml` asked for this remark.</sub>"])


def _safe(text: str) -> str:
    """Return one line in which no handle calls anybody, and no tag, image or link of somebody's words lives.

    Code spans stay code: nothing in them is markup, an escape would be shown.
    """
    line = plain(text)
    pieces = line.split("`")
    if "``" in line or len(pieces) % 2 == 0:
        return _prose(line.replace("`", "'"))
    return "`".join(piece if at % 2 else _prose(piece) for at, piece in enumerate(pieces))


def _prose(text: str) -> str:
    line = re.sub(r"([\\\[\]!])", r"\\\1", text)  # the backslash too: one of somebody's would undo one of ours
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    line = re.sub(r"(?<=:)(?=//)|(?<=www)(?=\.)", "\u2060", line, flags=re.IGNORECASE)
    return line.replace("@", "@\u2060").replace("#", "#\u2060")


def _address(url: str) -> str:
    """Return an address that ends where it ends: a path may hold a bracket."""
    return re.sub(r"[()<>\[\]\\`]", lambda found: f"%{ord(found.group()):02X}", url)
