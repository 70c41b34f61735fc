"""The one way in which foreign text gets into Slack's markup: nothing in it links, mentions, formats or lights up.

Only code spans survive, for readers want them and nothing is parsed in them. What ``<``, ``>`` and ``&`` begin
(mentions, links, dates) is made text as Slack says: https://docs.slack.dev/messaging/formatting-message-text. What
other marks begin (bold, italics, strikes, quotes, emoji names) has no escape there, so these marks are shown as their
look-alikes. Text objects must carry ``verbatim`` besides, or bare addresses turn into links.
"""

from __future__ import annotations

import re

from bot.display import block, cut, plain, web_address

_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_MARKS = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})
_EDGE_UNDERSCORE = re.compile(r"(?<!\w)_|_(?!\w)|(?<=_)_|_(?=_)")
_EMOJI = re.compile(r":(?=[^\s:]+:)")
_QUOTE = re.compile(r"^([^\S\n]*)(?=>)", re.MULTILINE)
_BULK = re.compile(r"@(?=channel|here|everyone|group)", re.IGNORECASE)
_OPENING = re.compile(r"<(?=[!@#]|https?:|mailto:)", re.IGNORECASE)
_JOINER = "\u2060"
_LONGEST_LINK, _LONGEST_LABEL = 1000, 150


def escape(text: str) -> str:
    """Return foreign text as mrkdwn that shows it and does nothing else; line breaks stay, code spans too."""
    text = block(text)
    parts: list[str] = []
    end = 0
    for found in _CODE.finditer(text):
        if not found[1].strip():
            continue
        parts += [_words(text[end : found.start()]), f"`{_entities(found[1])}`"]
        end = found.end()
    return "".join([*parts, _words(text[end:])])


def line(text: str) -> str:
    """Return foreign text as one line of harmless mrkdwn."""
    return escape(plain(text))


def link(url: str, label: str) -> str:
    """Return a link with a foreign label, or the label alone where the address is none to send a reader to."""
    address = web_address(url).replace("|", "%7C").replace("<", "%3C").replace(">", "%3E")
    shown = _words(cut(label, _LONGEST_LABEL)).replace("|", "¦")
    if not address or not shown or len(address) > _LONGEST_LINK:
        return shown
    return f"<{address.replace('&', '&amp;')}|{shown}>"


def _words(text: str) -> str:
    """Take the effect out of text outside of code: quotes, emoji names, bulk mentions, emphasis, entities."""
    quiet = _BULK.sub("@" + _JOINER, _EMOJI.sub(":" + _JOINER, _QUOTE.sub(r"\1" + _JOINER, text)))
    return _entities(_EDGE_UNDERSCORE.sub("ˍ", quiet).translate(_MARKS))


def inert(text: str) -> str:
    """Return text in which nothing looks like Slack's markup to a client that decodes entities before it parses."""
    return _OPENING.sub("<" + _JOINER, text)


def _entities(text: str) -> str:
    return inert(text).translate(_ENTITIES)
