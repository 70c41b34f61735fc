"""The one way in which foreign text gets into Discord's markdown: nothing in it links, mentions, formats or lights up.

Only code spans survive, for readers want them and nothing is parsed in them. ``discord.utils.escape_markdown`` leaves
the inside of a link alone and knows no lists, timestamps, emoji, commands or invites, so text is cut at everything
that begins one of those, each such mark gets its backslash here, and the library takes what lies between.
https://support.discord.com/hc/en-us/articles/210298617, https://discord.com/developers/docs/reference#message-formatting
"""

from __future__ import annotations

import re

from discord.utils import escape_markdown, escape_mentions

from bot.display import block, plain, web_address

_CODE = re.compile(r"(?<!`)`([^`\n]*[^`\s\\][^`\n]*)`(?!`)")
_MARK = re.compile(
    r"[\[\]()<>#]"  # links, mentions, timestamps, emoji, commands, quotes, headings, channels
    r"|(?<=[A-Za-z]):(?=//)"  # addresses
    r"|:(?=[\w+~-]+:)|(?<=\w):(?=\W|$)"  # emoji by name
    r"|(?<=\.[A-Za-z]{2})/|(?<=\.[A-Za-z]{3})/|(?<=\.[A-Za-z]{4})/"  # invites and addresses without a scheme
    r"|^[ ]*[-+](?=[ #])|(?<=\d)\.(?=[ ])"  # lists, small print
    r"|^[ ]*=(?==*[ ]*$)",  # what makes a heading of the line above, by CommonMark; of "-" the library thinks
    re.MULTILINE,
)
_BEFORE_BLANKS = re.compile(r"^\\(\s+)-", re.MULTILINE)
_LONGEST_LINK = 1000


def escape(text: str) -> str:
    """Return foreign text as markdown that shows it and does nothing else; line breaks stay, code spans too."""
    text = block(text)
    parts: list[str] = []
    end = 0
    for found in _CODE.finditer(text):
        parts += [_words(text[end : found.start()], follows=bool(end)), f"`{escape_mentions(found[1])}`"]
        end = found.end()
    return "".join([*parts, _words(text[end:], follows=bool(end))])


def line(text: str) -> str:
    """Return foreign text as one line of harmless markdown."""
    return escape(plain(text))


def link(url: str, label: str) -> str:
    """Return a link with a foreign label, or the label alone where the address is none to send a reader to."""
    address = web_address(url)
    for sign, code in (("(", "%28"), (")", "%29"), ("<", "%3C"), (">", "%3E"), ("\\", "%5C")):
        address = address.replace(sign, code)
    shown = _words(plain(label).replace("`", "ˋ"))
    if not address or not shown or len(address) > _LONGEST_LINK:
        return shown
    return f"[{shown}]({address})"


def _words(text: str, *, follows: bool = False) -> str:
    """Take the effect out of text outside of code. What ``follows`` a code span does not begin a line."""
    parts: list[str] = []
    end = 0
    for found in _MARK.finditer(text):
        mark = found[0].lstrip(" ")
        blanks = " " * (len(found[0]) - len(mark))
        begins = not (follows and found.start() == 0)
        parts += [_between(text[end : found.start()]), blanks, "\\" * (begins or mark not in "-+="), mark]
        end = found.end()
    return escape_mentions("".join([*parts, _between(text[end:])]))


def _between(text: str) -> str:
    # The library puts the backslash of "  -" before the blanks, where it is shown and helps nobody.
    return _BEFORE_BLANKS.sub(r"\1\\-", escape_markdown(text, as_needed=False, ignore_links=False))
