# ruff: noqa: E501 - a pattern reads best whole
"""Text on its way into and out of a writer: no links, no mentions, no markup, nothing invisible.

``written`` is for what a writer wrote (a model's reply may repeat what a pull request told it to say); ``label`` is for
short strings out of a pull request that a writer is given: a title, a login, a path. Both are idempotent, and neither
ever raises. What a reader is shown of a pull request passes ``bot.display`` instead, which keeps every letter (this
module folds look-alikes and drops variation selectors, in which text can be hidden from people but not from a model).
"""

from __future__ import annotations

import re
import unicodedata

from bot.verdict import Draft

LONGEST_LABEL = 200
_LONGEST_WORDS = 20_000
_ISOLATE, _POP = "\u2068", "\u2069"
_JOINER = "\u200d"

_SCHEME = r"(?:https?|ftp|file|data|javascript|mailto|tel|slack|discord|vscode|ssh|git|wss?|smb|ldap|blob|about)"
_LINK = re.compile(r"!?\[((?:`[^`\n]{1,400}`|[^\[\]`\n]){0,400})\]\s{0,3}[(\[][^()\[\]\n]{0,800}[)\]]")
_REFERENCE = re.compile(r"^[ ]{0,3}\[[^\[\]\n]{1,100}\]:[^\n]{0,800}$", re.MULTILINE)
_ANGLE_LINK = re.compile(rf"<{_SCHEME}:[^<>\n]{{0,800}}>|<[^<>\s]{{1,100}}@[^<>\s]{{1,100}}>", re.IGNORECASE)
_SLACK_MARK = re.compile(r"<([@#!][^<>|\n]{0,200})(?:\|([^<>\n]{0,200}))?>")
_TAG = re.compile(r"</?[A-Za-z!?][^<>]{0,800}>|<!--")
_URL = re.compile(
    rf"[a-z]{{2,12}}:/{{2,3}}[^\s<>\"'`)\]]{{1,800}}|\b{_SCHEME}:/{{0,3}}[^\s<>\"'`)\]]{{1,800}}|(?<![a-z])www\.[^\s<>\"'`)\]]{{1,800}}",
    re.IGNORECASE,
)
_SCHEME_WORD = re.compile(rf"\b({_SCHEME}):(?=\S)", re.IGNORECASE)
_ANY_SCHEME = re.compile(r"(?<=\w):(?=//)")
"""What is left of one when a mark stands where its host would."""
_BARE_HOST = re.compile(
    r"(?<![\w@.`/-])(?:[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?\.){1,5}"
    r"(?:com|org|net|io|dev|app|ai|co|info|biz|xyz|me|gg|ly|page|site|online|link|click|top|ru|cn|uk|de|tk)"
    r"(?![\w(.-])(?::\d{1,5})?(?:/[^\s<>\"'`)\]]{0,800})?",
    re.IGNORECASE,
)
_MENTION = re.compile(r"(?<![\w`])@(?=[A-Za-z0-9])|@(?=everyone\b|here\b|channel\b)", re.IGNORECASE)
_FENCE = re.compile(r"`{3,}|~{3,}")
_SPAN = re.compile(r"(`[^`\n]{1,400}`)")


def visible(text: str) -> str:
    """Return the text without control, bidirectional, zero-width, tag and other invisible characters.

    Line breaks stay; other separators become a space or a line break. Compatible forms that only look like
    ASCII punctuation are folded, so that a full-width at sign is seen for what it is.
    """
    kept: list[str] = []
    for char in text:
        if char in "\n\t ":
            kept.append(char if char == "\n" else " ")
        elif char in {"\r", "\u2028", "\u2029", "\x0b", "\x0c", "\x85"}:
            kept.append("\n")
        elif unicodedata.category(char) == "Zs":
            kept.append(" ")
        elif not _is_invisible(char):
            kept.append(_LOOKALIKES.get(char, char))
    return "".join(kept)


_LOOKALIKES = {
    "＠": "@", "﹫": "@", "：": ":", "﹕": ":", "／": "/", "⁄": "/", "∕": "/", "．": ".", "。": ".", "․": ".", "＜": "<",
    "＞": ">", "﹤": "<", "﹥": ">", "［": "[", "］": "]", "（": "(", "）": ")", "｀": "`", "＃": "#", "！": "!",
}  # fmt: skip


def _is_invisible(char: str) -> bool:
    """Whether a character shows nothing itself but changes or hides what stands around it."""
    if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"}:
        return True
    code = ord(char)
    return (
        0xFE00 <= code <= 0xFE0E  # variation selectors carry hidden bytes; FE0F makes an emoji and stays
        or 0xE0100 <= code <= 0xE01EF
        or code in {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, 0x2800}
    )


def written(text: str) -> str:
    """Return a writer's prose as it may be shown, on one line: links give way to their label, mentions lose their sign.

    Inside code spans only invisible characters, schemes and signs of mention go: code may hold a ``<``.
    """
    clean = visible(text[:_LONGEST_WORDS])
    for _ in range(6):  # taking one mark away can put another together
        following = _once(clean)
        if following == clean:
            break
        clean = following
    else:
        clean = re.sub(r"[<>@\[\]]|://", " ", clean)
    return " ".join(clean.split())


def _once(text: str) -> str:
    text = _REFERENCE.sub("", _FENCE.sub("`", re.sub(r"<(?=[@#!])", "", _SLACK_MARK.sub(_label, text))))
    pieces = _SPAN.split(_without_links(text))
    return "".join(_in_code(piece) if at % 2 else _in_prose(piece) for at, piece in enumerate(pieces))


def _without_links(text: str) -> str:
    """Leave of every link its label. Code keeps its brackets: `routes[m][path]` is no link, though a label may hold code."""
    code = [(found.start(), found.end()) for found in _SPAN.finditer(text)]

    def label(found: re.Match[str]) -> str:
        inside = any(begin < found.start() < end for begin, end in code)
        return found.group() if inside else found.group(1)

    return _LINK.sub(label, text) if "]" in text else text


def _label(found: re.Match[str]) -> str:
    """Return what a chat mark shows: ``<@U1|name>`` shows its name."""
    return found.group(2) or ""


def _in_prose(text: str) -> str:
    text = _TAG.sub("", _ANGLE_LINK.sub("", text))
    text = _ANY_SCHEME.sub(": ", _BARE_HOST.sub("", _URL.sub("", text)))
    return _MENTION.sub("", _SCHEME_WORD.sub(r"\1 ", text)).replace("](", "] (")


def _in_code(text: str) -> str:
    text = _ANGLE_LINK.sub("", text)
    return re.sub(r"@(?=everyone\b|here\b|channel\b)", "", _URL.sub("", text), flags=re.IGNORECASE)


def label(text: str, longest: int = LONGEST_LABEL) -> str:
    """Return a short display string: one line, at most ``longest`` characters, nothing invisible.

    Right-to-left text is put between isolates, so that it cannot turn round what stands beside it
    (https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates).
    """
    line = " ".join(visible(text[: longest * 8]).split())
    turned = any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in line)
    room = longest - 2 if turned else longest
    if len(line) > room:
        line = line[: max(room - 1, 0)].rstrip() + "…" if room > 0 else ""
    return f"{_ISOLATE}{line}{_POP}" if turned and line else line


def draft(raw: Draft) -> Draft:
    """Return a draft with every part cleaned."""
    return raw.model_copy(
        update={
            **{part: written(getattr(raw, part)) for part in ("title", "epithet", "punchline", "gist")},
            "paragraphs": tuple(
                item.model_copy(update={"text": text}) for item in raw.paragraphs if (text := written(item.text))
            ),
        }
    )
