"""Subscriptions that the operator's settings ask for: kept in the store like all others, and ended with their entry."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from pydantic import JsonValue

from bot.errors import SettingsError
from bot.ports import Clock
from bot.ports_store import Store
from bot.records import NewSubscription, Place
from bot.schedules import read_schedule, read_zone
from bot.settings_sections import DigestEntry

log = structlog.get_logger(__name__)

_FILTERS = ("labels", "not_labels", "authors", "not_authors", "paths", "not_paths")
_COMPARED = ("schedule", "timezone", "top", "min_doneness", "feed", "options")
_PARTS_OF_A_PLACE = 3


def wish_of(entry: DigestEntry, zone: str) -> NewSubscription:
    """Return the subscription that an entry asks for."""
    platform, workspace, channel = entry.place.split("/")
    options: dict[str, JsonValue] = {name: list(value) for name in _FILTERS if (value := getattr(entry, name))}
    options |= {name: True for name in ("silent", "at_merge") if getattr(entry, name)}
    return NewSubscription(
        place=Place(platform=platform, workspace=workspace, channel=channel),
        repository=entry.repository,
        schedule=read_schedule(entry.schedule).cron,
        timezone=read_zone(entry.timezone) if entry.timezone else zone,
        top=entry.top,
        min_doneness=entry.min_doneness,
        person=entry.person,
        feed=entry.feed,
        options=options,
        from_config=True,
    )


async def settle(store: Store, clock: Clock, entries: Sequence[DigestEntry], zone: str) -> None:
    """Make the store's subscriptions from the settings those that stand there. What did not change keeps its state."""
    wishes = {_name(wish): wish for wish in (wish_of(entry, zone) for entry in entries)}
    if len(wishes) < len(entries):
        raise SettingsError(
            "scheduler.digests names the same place, repository and person twice.", "Keep one of the two."
        )
    standing = {_name(one): one for one in await store.subscriptions()}
    for name, one in standing.items():
        if one.from_config and name not in wishes:
            await store.save_subscription(one.model_copy(update={"ended_at": clock.now()}))
            log.info("digest ended with its entry", repository=one.repository, place=str(one.place))
    for name, wish in wishes.items():
        kept = standing.get(name)
        same = kept is not None and all(getattr(kept, field) == getattr(wish, field) for field in _COMPARED)
        if not same or kept is None or not kept.from_config:
            await store.subscribe(wish)


def _name(one: NewSubscription) -> tuple[Place, str, str]:
    return one.place, one.repository.casefold(), one.person.casefold()
