"""What a card can do without: its picture, and reactions to press. Each comes once; what fails costs a log line.

The picture is uploaded for nobody, then put into the card as an image block. Slack takes such a block only once it has
looked at the file, and some plans never do: then the picture goes into the card's thread. It goes when the card goes
(https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from adapters.slack import limits, render
from adapters.slack.asks import name_of, names_of
from adapters.slack.faults import CALLS, Fault, code_of, fault_of
from adapters.slack.wire import Spot, Wire
from adapters.slack.workspaces import Wires
from bot import guard
from bot.card import Card
from bot.errors import StoreError
from bot.feedback import Meaning
from bot.ports_messenger import Ask
from bot.ports_store import Store
from bot.records import EffectState, Message, Place, StoredVerdict

log = structlog.get_logger(__name__)

SEEDED = (Meaning.FUNNY, Meaning.TRUE, Meaning.HARSH)
_HOLDER = "slack"


@dataclass(frozen=True, slots=True)
class Standing:
    """A card that stands, and the picture that belongs to it."""

    ask: Ask
    spot: Spot
    card: Card
    stored: StoredVerdict
    picture: bytes | None

    @property
    def message(self) -> Message:
        """Where it stands."""
        return Message(place=self.ask.place.model_copy(update={"channel": self.spot[0]}), id=self.spot[1])

    @property
    def alt(self) -> str:
        """The picture in words."""
        return f"{self.card.title}: {self.card.meter.word}"[: limits.ALT_TEXT]


class Extras:
    """Adds them behind the scenes. ``pauses`` lie between attempts to have a fresh file shown."""

    def __init__(self, wires: Wires, store: Store, *, pauses: Sequence[float] = (1.0, 2.0, 4.0)) -> None:
        self._wires, self._store, self.pauses = wires, store, pauses
        self._running: set[asyncio.Task[None]] = set()

    def add_later(self, one: Standing) -> None:
        """Add what belongs to a card; nobody waits for it."""
        task = asyncio.create_task(self._add(one))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def stop(self, grace: float = 1.0) -> None:
        """Finish what is quickly finished, and let go of the rest."""
        if self._running:
            _, left = await asyncio.wait(self._running, timeout=grace)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def remove_picture(self, message: Message) -> None:
        """Take away the picture of a card that is not what it was."""
        try:
            file = await self._store.meta(_key(message))
            if file:
                await self._store.set_meta(_key(message), "")
                wire = await self._wires.of(message.place.workspace)
                await wire.client.files_delete(file=file)
        except (*CALLS, StoreError) as error:
            log.warning("a picture could not be taken away", code=code_of(error), place=str(message.place))

    async def _add(self, one: Standing) -> None:
        ask = one.ask
        try:
            taken = await self._store.claim_effect(f"slack:extras:{ask.key or name_of(ask)}", _HOLDER)
            if taken.state is not EffectState.MINE:
                return
            wire = await self._wires.of(ask.place.workspace)
            if one.picture and wire.takes_files:
                await self._picture(wire, one, one.picture)
        except (*CALLS, StoreError) as error:
            await self._told(error, ask.place)
        if ask.again is None:
            await self._seed(ask.place, one.spot)

    async def _told(self, error: BaseException, place: Place) -> None:
        if fault_of(error) is not Fault.SCOPE:
            log.warning("a picture could not be sent", code=code_of(error), place=str(place))
            return
        (await self._wires.of(place.workspace)).takes_files = False
        log.warning(
            "pictures are left out from here on: the app lacks files:write; install it again from the manifest",
            code=code_of(error),
            workspace=place.workspace,
        )

    async def _picture(self, wire: Wire, one: Standing, picture: bytes) -> None:
        await self.remove_picture(one.message)
        file = await wire.keep_file(picture, "roast.png", one.alt)
        await self._store.set_meta(_key(one.message), file)
        if await self._in_the_card(wire, one, file):
            return
        await self.remove_picture(one.message)
        if one.ask.again is None and await self._still_shows(one):
            log.info("Slack shows no picture in the card: it goes into the thread", place=str(one.ask.place))
            await self._store.set_meta(_key(one.message), await wire.upload(one.spot, picture, "roast.png", one.alt))

    async def _in_the_card(self, wire: Wire, one: Standing, file: str) -> bool:
        drawn = render.card(one.card, one.stored, picture=(file, one.alt))
        for pause in (0.0, *self.pauses):
            await asyncio.sleep(pause)
            if not await self._still_shows(one):
                return False
            if await wire.adorn(one.spot, drawn, names_of(one.ask)):
                return True
        return False

    async def _still_shows(self, one: Standing) -> bool:
        """Whether the message shows this verdict as it was drawn: neither withdrawn, amended nor hotter since."""
        drawn = one.stored
        shown = await self._store.verdict_of_message(one.message) or await self._store.verdict(drawn.id)
        if shown is None or shown.withdrawn:
            return False
        return (shown.id, shown.verdict.struck) == (drawn.id, drawn.verdict.struck)

    async def _seed(self, place: Place, spot: Spot) -> None:
        try:
            here = guard.over(await self._store.place_settings(place), await self._store.place_settings(place.whole))
            wire = await self._wires.of(place.workspace)
        except (*CALLS, StoreError):
            return
        if here.seed_reactions:
            for name in filter(None, map(self._store.emoji.emoji, SEEDED)):
                await wire.react(spot, name)


def _key(message: Message) -> str:
    return f"slack:picture:{message.place.workspace}:{message.place.channel}:{message.id}"
