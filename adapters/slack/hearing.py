"""Slack's payloads read as what somebody said, where, and the way back. Pure.

https://docs.slack.dev/interactivity/handling-user-interaction, https://docs.slack.dev/apis/events-api
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.ports_messenger import Said
from bot.records import Message, Person, Place, Reaction

PLATFORM = "slack"
_PULL_REQUEST = re.compile(r"https?://[^\s<>|\"']+/pull/\d+")

Payload = Mapping[str, Any]


def slash(body: Payload, called: str) -> Said:
    """Read a slash command. ``trigger_id`` is its own for each command, and comes again with a repetition."""
    team = str(body.get("team_id", ""))
    return Said(
        words=str(body.get("text", "")),
        place=Place(platform=PLATFORM, workspace=team, channel=str(body.get("channel_id", ""))),
        person=person(team, body.get("user_id")),
        called=called,
        reply={"response_url": str(body.get("response_url", ""))},
        event=event_of(body.get("trigger_id")),
    )


def mention(body: Payload, bot_user: str) -> Said:
    """Read an ``app_mention``; it is answered in the thread where it stands, or in one below it."""
    event = body["event"]
    team = team_of(body)
    place = Place(platform=PLATFORM, workspace=team, channel=str(event["channel"]))
    thread = str(event.get("thread_ts") or event["ts"])
    text = str(event.get("text", ""))
    before, _, after = text.partition(f"<@{bot_user}>")
    return Said(
        words=after if after.strip(" .,!?:;") else before,
        place=place,
        person=person(team, event.get("user")),
        called="@roast",
        message=Message(place=place, id=thread) if event.get("thread_ts") else None,
        reply={"thread_ts": thread},
        event=event_of(body.get("event_id")),
    )


def pressed(body: Payload, words: str, called: str) -> Said:
    """Read a pressed button, whatever it stands under: a message, an ephemeral one, the home tab, a modal."""
    team = _team(body)
    container = body.get("container") or {}
    channel = str((body.get("channel") or {}).get("id") or container.get("channel_id") or "")
    place = Place(platform=PLATFORM, workspace=team, channel=channel)
    ephemeral = bool(container.get("is_ephemeral"))
    ts = str(container.get("message_ts") or "")
    message = body.get("message") or {}
    reply: dict[str, Any] = {"response_url": str(body.get("response_url") or "")}
    if ephemeral:
        reply["ephemeral"] = True
    thread = str(message.get("thread_ts") or "")
    if thread and thread != ts:
        reply["thread_ts"] = thread
    return Said(
        words=words,
        place=place,
        person=person(team, body["user"]["id"]),
        called=called,
        message=Message(place=place, id=ts) if ts and not ephemeral and channel else None,
        reply=reply,
        alone=ephemeral,
        event=event_of(body.get("trigger_id")),
    )


def shortcut(body: Payload, called: str) -> Said:
    """Read the message shortcut; its words are the first pull request in the message, or nothing."""
    team = _team(body)
    place = Place(platform=PLATFORM, workspace=team, channel=str(body["channel"]["id"]))
    message = body.get("message") or {}
    found = next((match[0] for text in _texts(message) if (match := _PULL_REQUEST.search(text))), "")
    return Said(
        words=f"roast {found}" if found else "",
        place=place,
        person=person(team, body["user"]["id"]),
        called=called,
        reply={
            "response_url": str(body.get("response_url") or ""),
            "thread_ts": str(message.get("thread_ts") or message.get("ts") or body.get("message_ts") or ""),
        },
        event=event_of(body.get("trigger_id")),
    )


def appealed(body: Payload, words: str, called: str, channel: str, thread: str) -> Said:
    """Read a submitted form; it knows its channel only from what was put into it."""
    team = _team(body)
    return Said(
        words=words,
        place=Place(platform=PLATFORM, workspace=team, channel=channel),
        person=person(team, body["user"]["id"]),
        called=called,
        reply={"thread_ts": thread} if thread else {},
        event=event_of(body.get("trigger_id") or (body.get("view") or {}).get("id")),
    )


def reaction(body: Payload, *, bot_user: str) -> Reaction | None:
    """Read ``reaction_added`` or ``reaction_removed``; nothing where it is not under a message."""
    event = body["event"]
    item = event.get("item") or {}
    if item.get("type") != "message":
        return None
    team = team_of(body)
    place = Place(platform=PLATFORM, workspace=team, channel=str(item["channel"]))
    return Reaction(
        message=Message(place=place, id=str(item["ts"])),
        person=person(team, event.get("user")),
        emoji=str(event["reaction"]),
        on=event["type"] == "reaction_added",
        at=datetime.fromtimestamp(float(event.get("event_ts") or 0), tz=UTC),
        by_bot=event.get("user") == bot_user,
    )


def event_of(given: object) -> str:
    """Return the name under which a repetition is known, ``slack:…``; nothing where Slack gave none."""
    return f"{PLATFORM}:{given}" if given else ""


def trigger_of(said: Said) -> str:
    """Return what opens a window for whoever pressed: for three seconds."""
    return said.event.removeprefix(f"{PLATFORM}:")


def person(team: str, user: object) -> Person:
    """Return somebody in a workspace."""
    return Person(platform=PLATFORM, workspace=team, user=str(user or ""))


def team_of(body: Payload) -> str:
    """Return the workspace that an event was sent to: in a channel shared by two it may have happened in another."""
    sent_to: Payload = next(iter(body.get("authorizations") or ()), {})
    return str(sent_to.get("team_id") or body.get("team_id") or body["event"].get("team") or "")


def _team(body: Payload) -> str:
    """Return the workspace; in a channel shared by two it is the presser's own, as for commands."""
    return str((body.get("team") or {}).get("id") or (body.get("user") or {}).get("team_id") or "")


def _texts(value: object, depth: int = 0) -> Iterator[str]:
    """Yield every text in a message: its own, its attachments', its blocks'."""
    if isinstance(value, str):
        yield value
    elif depth < 12 and isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner, depth + 1)
    elif depth < 12 and isinstance(value, list):
        for inner in value:
            yield from _texts(inner, depth + 1)
