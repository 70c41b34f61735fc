"""What Slack's errors mean, and what the person waiting is told. Pure.

https://docs.slack.dev/reference/methods/chat.postMessage#errors
"""

from __future__ import annotations

import asyncio
from enum import StrEnum

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError


class Fault(StrEnum):
    """What can be done about it."""

    PLACE = "place"
    """Nothing can be said in that conversation: say it elsewhere."""
    SHAPE = "shape"
    """The message itself is refused: say it more simply."""
    GONE = "gone"
    """The message that was to be edited is not there any more: post it anew."""
    BUSY = "busy"
    """Slack asks us to wait, longer than anybody would."""
    CREDENTIAL = "credential"
    """The token is of no use any more: only the operator can mend that."""
    SCOPE = "scope"
    """The app was not granted what this takes."""
    DOWN = "down"
    """Slack is down, late or unreachable: it is unknown whether it was done."""
    EXPIRED = "expired"
    """That answer address has run out."""
    UNKNOWN = "unknown"
    """Anything else that Slack may come to say."""


_PLACES = {
    "not_in_channel": "I am not in that channel. Invite me with /invite.",
    "channel_not_found": "I cannot see that conversation. Invite me with /invite.",
    "is_archived": "That channel is archived.",
    "restricted_action": "That workspace does not let me post there.",
    "restricted_action_read_only_channel": "That channel is read-only for me.",
    "restricted_action_thread_only_channel": "Only threads can be written in that channel.",
    "restricted_action_thread_locked": "That thread is locked.",
    "restricted_action_non_threadable_channel": "That channel has no threads.",
    "cannot_reply_to_message": "That message cannot be replied to.",
    "thread_not_found": "That thread is gone.",
    "messages_tab_disabled": "My messages tab is turned off in the app's settings.",
    "user_not_in_channel": "You are not in that channel.",
    "not_in_user_channel": "You are not in that channel.",
    "ekm_access_denied": "That workspace's administrators do not let me post now.",
    "team_access_not_granted": "I was not let into that workspace.",
    "cannot_dm_bot": "Bots cannot be written to.",
    "user_not_found": "I cannot find you there.",
}
_GONE = {"message_not_found", "cant_update_message", "edit_window_closed", "cant_delete_message", "update_failed"}
_SHAPES = {
    "msg_too_long",
    "msg_blocks_too_long",
    "invalid_blocks",
    "invalid_blocks_format",
    "invalid_attachments",
    "no_text",
    "markdown_text_conflict",
    "invalid_metadata_format",
    "metadata_too_large",
    "block_mismatch",
}
_CREDENTIALS = {
    "token_revoked",
    "token_expired",
    "account_inactive",
    "invalid_auth",
    "not_authed",
    "org_login_required",
    "app_uninstalled",
    "no_permission",
    "not_allowed_token_type",
    "team_access_revoked",
}
_SCOPES = {"missing_scope", "access_denied", "not_allowed"}
_BUSY = {"ratelimited", "rate_limited", "message_limit_exceeded"}
_DOWN = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
_EXPIRED = {"expired_url", "used_url", "response_url_expired", "expired_trigger_id", "no_service"}

WORDS = {
    Fault.SHAPE: "Slack would not take the message.",
    Fault.GONE: "The message is gone.",
    Fault.BUSY: "Slack asks me to wait.",
    Fault.CREDENTIAL: "Slack does not accept my token any more.",
    Fault.SCOPE: "I was not granted what that takes.",
    Fault.DOWN: "Slack did not say whether it took my answer.",
    Fault.EXPIRED: "The answer took longer than Slack keeps an answer's address.",
    Fault.UNKNOWN: "Slack would not take it.",
    Fault.PLACE: "I cannot write there.",
}
_MORE = {
    Fault.CREDENTIAL: "Whoever runs me has to install me again and set the new token.",
    Fault.SCOPE: "Whoever runs me has to install me again from the manifest.",
    Fault.BUSY: "Ask again in some minutes.",
    Fault.DOWN: "Ask again in a minute.",
}

CALLS = (SlackClientError, aiohttp.ClientError, asyncio.TimeoutError, OSError)
"""Everything that a call to Slack raises."""


def code_of(error: BaseException) -> str:
    """Return Slack's own name of an error; a status or the kind of exception where it gave none."""
    if isinstance(error, SlackApiError):
        response = error.response
        named = response.get("error") if hasattr(response, "get") else None
        status = getattr(response, "status_code", None) or getattr(response, "status", "")
        if status == 429:
            return "ratelimited"
        return str(named or f"status {status}".strip())
    return type(error).__name__


def fault_of(error: BaseException) -> Fault:
    """Return what can be done about an error of a call."""
    if not isinstance(error, SlackApiError):
        return Fault.DOWN
    code = code_of(error)
    for codes, fault in (
        (_PLACES, Fault.PLACE),
        (_SHAPES, Fault.SHAPE),
        (_GONE, Fault.GONE),
        (_BUSY, Fault.BUSY),
        (_CREDENTIALS, Fault.CREDENTIAL),
        (_SCOPES, Fault.SCOPE),
        (_DOWN, Fault.DOWN),
        (_EXPIRED, Fault.EXPIRED),
    ):
        if code in codes:
            return fault
    return Fault.DOWN if code.startswith("status") else Fault.UNKNOWN


def in_words(error: BaseException) -> str:
    """Return why something could not be said, for the person who waits for it."""
    return _PLACES.get(code_of(error)) or WORDS[fault_of(error)]


def next_step(error: BaseException) -> str:
    """Return what can be done about it, or nothing."""
    return _MORE.get(fault_of(error), "")
