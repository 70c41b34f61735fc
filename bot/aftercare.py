"""What people do with a roast once it stands: read it whole, check it, appeal, take it down. The desk's second half.

Adapters call these with a verdict's number and a person, or send the same wish through ``bot.commands`` as words. Each
returns the answer to show, and brings every post of the verdict up to date itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import structlog

from bot import answers, memory
from bot.card import CardExhibit, card_of, exhibit_line
from bot.case import Case
from bot.errors import RefusedError, RepositoryError, RoastBotError, UsageError
from bot.ports import Clock, Source
from bot.ports_messenger import Answer, Messenger
from bot.ports_store import Store
from bot.records import EffectState, Ground, Message, Person, Place, Post, PostKind, StoredVerdict, VerdictId
from bot.records_places import TERMINAL
from bot.sharing import everybody
from bot.target import LocalTarget, Target, parse_target
from bot.verdict import Verdict

log = structlog.get_logger(__name__)

UNDO_FOR = timedelta(minutes=1)
_LOOKED_BACK = 20


Mend = Callable[[VerdictId, Place], Awaitable[frozenset[Message]]]
"""Brings the digests of a channel that told a verdict up to date; returns the messages that it saw to."""


Tell = Callable[[bool], Awaitable[Sequence[Message]]]
"""Says something, returns the messages that show it. True: somebody who died may have said it, so it looks first."""


async def no_digests(_: VerdictId, __: Place) -> frozenset[Message]:
    """Know of no digest."""
    return frozenset()


class Remarks(Protocol):
    """What keeps remarks on pull requests. Raises ``SourceError``."""

    async def strike(self, message: Message, words: str) -> None:
        """Put a line in a remark's place."""
        ...

    async def redraw(self, message: Message, verdict: Verdict) -> None:
        """Write a standing remark anew, as its verdict is by now."""
        ...


@dataclass(kw_only=True)
class Aftercare:
    """What a standing roast needs. ``messengers`` are kept by platform; ``serve`` adds them as platforms come up."""

    store: Store
    source_of: Callable[[Target], Source]
    clock: Clock
    messengers: MutableMapping[str, Messenger] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset({"github.com"})
    mend: Mend = no_digests
    remarks: Remarks | None = None
    alone: Callable[[str], AbstractAsyncContextManager[bool]] = everybody

    async def known_here(self, verdict_id: VerdictId, place: Place, person: Person | None = None) -> StoredVerdict:
        """Return a verdict that may be spoken of in a place. Raises ``UsageError``, the same as for one that is not.

        ``readable`` says where that is.
        """
        stored = await self.store.verdict(verdict_id)
        if stored is not None and await self.readable(stored, place, person):
            return stored
        raise _unknown(verdict_id)

    async def readable(self, stored: StoredVerdict, place: Place, person: Person | None = None) -> bool:
        """Whether a verdict may be read in a place.

        One on a private repository only in the channels that the repository is bound to, whoever asks. Another one in
        the channel where it was asked for, by its asker anywhere, and in its workspace: where its repository is bound
        to channels of it, only in those. Whoever sits at the machine reads all.
        """
        if place.platform == TERMINAL:
            return True
        bindings = await self.store.bindings(repository=stored.verdict.pull_request.partition("#")[0])
        bound = [where for where, _ in bindings if where.whole == place.whole]
        near = stored.place.whole == place.whole
        at_home = near and place in bound
        if stored.private:
            return at_home
        mine = person is not None and person == stored.asker
        return mine or stored.place == place or at_home or (near and not bound)

    async def _to_take_down(self, verdict_id: VerdictId, place: Place, person: Person, *, is_admin: bool) -> None:
        """Return where it may be read; for its asker, and for the workspace's admins, everywhere. Raises otherwise."""
        stored = await self.store.verdict(verdict_id)
        if stored is not None and (person == stored.asker or (is_admin and stored.place.whole == place.whole)):
            return
        await self.known_here(verdict_id, place, person)

    async def verdict_here(self, place: Place, number: int | None, message: Message | None = None) -> VerdictId:
        """Return which verdict is meant: by number, by the message it stands in, or the newest of the place."""
        if number is not None:
            return VerdictId(number)
        found = await self.store.verdict_of_message(message) if message else None
        if found is not None:
            return found.id
        if place.channel or place.platform == TERMINAL:
            for stored in await self.store.verdicts(place=place, limit=_LOOKED_BACK):
                if await self.readable(stored, place):
                    return stored.id
        raise UsageError("Which roast is meant?", "Reply to it, or give its number.")

    async def full(self, verdict_id: VerdictId, place: Place, person: Person) -> Answer:
        """Return the whole story, for the thread. Note the message that shows it with ``shown_full``."""
        stored = await self.known_here(verdict_id, place, person)
        if stored.withdrawn:
            raise RefusedError("That roast was taken down.")
        return answers.full_roast(stored)

    async def shown_full(self, verdict_id: VerdictId, message: Message) -> None:
        """Note that a message shows the whole story, so that appeals and withdrawals reach it too."""
        await self.store.record_post(verdict_id, message, PostKind.FULL)

    async def full_once(self, verdict_id: VerdictId, place: Place, tell: Tell) -> bool:
        """Have the whole story told in a place, once whatever dies; return whether it did not stand there before.

        Where ``tell`` returns no message it came to one person alone, and the next one who presses may have it told.
        Raises what it raises.
        """
        effect = f"full:{verdict_id}:{place}"
        async with self.alone(effect):
            posts = await self.store.posts(verdict_id)
            if any(post.kind is PostKind.FULL and post.message.place == place for post in posts):
                return False
            taken = await self.store.claim_effect(effect, "full")
            for message in await tell(taken.state is EffectState.UNCONFIRMED):
                await self.shown_full(verdict_id, message)
            # From here on the post itself says that it was told: where that is deleted, it may be told again.
            await self.store.release_effect(effect)
        return True

    async def receipts(self, verdict_id: VerdictId, place: Place, person: Person, page: int = 1) -> Answer:
        """Return where every line can be checked, for this person alone; what is sensitive for asker and author."""
        stored = await self.known_here(verdict_id, place, person)
        login = (await self.store.user_settings(person)).confirmed_login.lower()
        trusted = person == stored.asker or (bool(login) and login == stored.verdict.subject.author.lower())
        return answers.receipts(stored, sensitive=trusted, page=page)

    async def exhibits(self, verdict_id: VerdictId, place: Place, person: Person) -> tuple[CardExhibit, ...]:
        """Return what can be appealed against, cited lines first: what a form lists. Struck ones are gone from it."""
        stored = await self.known_here(verdict_id, place, person)
        struck = {one.exhibit for one in stored.verdict.struck}
        cited = {key for paragraph in stored.verdict.paragraphs for key in paragraph.exhibits}
        open_ = [item for item in stored.verdict.public_exhibits if item.id not in struck]
        return tuple(exhibit_line(item) for item in sorted(open_, key=lambda item: item.id not in cited))

    async def appeal(self, verdict_id: VerdictId, place: Place, person: Person, exhibit: str, ground: Ground) -> Answer:
        """Look again at one exhibit and say what was seen; a struck line is struck on every post. Takes its time."""
        await self.known_here(verdict_id, place, person)
        done = await memory.appeal(self.store, verdict_id, exhibit, ground, by=person, read=self.read_again)
        await self.redraw(done.posts)
        return answers.appealed(done)

    async def withdraw(self, verdict_id: VerdictId, place: Place, person: Person, *, is_admin: bool = False) -> Answer:
        """Take a roast down everywhere; whoever did can undo it for a minute."""
        await self._to_take_down(verdict_id, place, person, is_admin=is_admin)
        told = await memory.withdraw(self.store, verdict_id, person, is_admin=is_admin)
        await self.redraw(told.posts)
        return answers.withdrawn(verdict_id)

    async def undo(self, verdict_id: VerdictId, place: Place, person: Person, *, is_admin: bool = False) -> Answer:
        """Put a withdrawn roast back: within a minute, admins whenever they like."""
        stored = await self.known_here(verdict_id, place, person)
        if not stored.withdrawn:
            return Answer(text="It stands already.")
        at = stored.withdrawn_at
        if not is_admin and at is not None and self.clock.now() - at > UNDO_FOR:
            raise RefusedError("The minute to undo that is over.", "An admin can still put it back.")
        told = await memory.restore(self.store, verdict_id, person, is_admin=is_admin)
        await self.redraw(told.posts)
        return Answer(text=told.words)

    async def read_again(self, stored: StoredVerdict) -> Case:
        """Read the pull request of a verdict as it stands now, for an appeal. Raises ``SourceError``.

        What was read from a clone is read from it again, where that is at hand; it never is in a chat.
        """
        from bot.trial import gather  # noqa: PLC0415 - the whole pipeline; taking an ask needs none of it

        target = parse_target(stored.read_from) if stored.read_from and stored.place.platform == TERMINAL else None
        if stored.verdict.url and not (isinstance(target, LocalTarget) and target.path.is_dir()):
            target = parse_target(stored.verdict.url, hosts=self.hosts, local=False)
        if target is None:
            raise RepositoryError("This roast was read from a clone that nobody can ask from here.")
        return await gather(target, self.source_of(target))

    async def redraw(self, posts: Sequence[Post]) -> None:
        """Bring posts up to date with what the store says of their verdicts: amended, withdrawn or restored.

        A post that cannot be edited any more costs a log line, not the others.
        """
        for post in await self._unmended(posts):
            stored = await self.store.verdict(post.verdict)
            if stored is None:
                continue
            try:
                if stored.withdrawn:
                    await self._strike(post, f"This roast was taken down: {stored.withdrawn}.")
                elif (messenger := self.messengers.get(post.message.place.platform)) is not None:
                    await messenger.redraw(post, card_of(stored.verdict), stored)
                elif post.kind is PostKind.COMMENT and self.remarks is not None:
                    await self.remarks.redraw(post.message, stored.verdict)
            except RoastBotError:
                log.exception("a post could not be edited", verdict=post.verdict, place=str(post.message.place))

    async def _unmended(self, posts: Sequence[Post]) -> list[Post]:
        """Have the digests mended that told of these; return the posts that are no such digest."""
        mended: frozenset[Message] = frozenset()
        for verdict, place in dict.fromkeys((post.verdict, post.message.place) for post in posts):
            mended |= await self.mend(verdict, place)
        return [post for post in posts if post.message not in mended]

    async def _strike(self, post: Post, words: str) -> None:
        messenger = self.messengers.get(post.message.place.platform)
        if messenger is not None:
            await messenger.take_down(post, words)
        elif post.kind is PostKind.COMMENT and self.remarks is not None:
            await self.remarks.strike(post.message, words)

    async def take_down_forgotten(self, posts: Sequence[Post]) -> None:
        """Replace posts whose verdicts are gone from the store altogether (``forget``)."""
        for post in await self._unmended(posts):
            try:
                await self._strike(post, "This roast was taken down: its author asked to be forgotten.")
            except RoastBotError:
                log.exception("a post could not be taken down", place=str(post.message.place))


def _unknown(verdict_id: VerdictId) -> UsageError:
    return UsageError(f"There is no roast number {verdict_id} here.", "The number stands at the foot of each roast.")
