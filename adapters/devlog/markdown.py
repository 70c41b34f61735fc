"""A roast as Markdown that no generator takes for anything but words: no HTML, no shortcode, no link of its own.

What Markdown, kramdown, Liquid or Hugo might read as markup becomes a numeric entity, which none of them reads again
(https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references).
"""

from __future__ import annotations

import re
from urllib.parse import quote

from adapters.devlog.prose import Links
from bot.display import plain

_SPAN = re.compile(r"`([^`\n]+)`")
_EMPHASIS = re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])")
_NUMBER = re.compile(r"(?<![\w/&#])#(\d{1,9})\b")
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~$&^]")
_AT_START = re.compile(r"^([-+:=%]|\d{1,9}[.)])")
_ADDRESS = re.compile(r"(?i)\b(https?|ftp|mailto)(:)|\b(www)(\.)")
_BRACES = re.compile(r"\{(?=[{%#])")
_JOINER = "\u2060"


def escaped(text: str) -> str:
    """Return words as Markdown that shows exactly them."""
    safe = _MARKUP.sub(lambda found: f"&#{ord(found[0])};", plain(text))
    safe = _ADDRESS.sub(lambda found: f"{found[1] or found[3]}&#{ord(found[2] or found[4])};", safe)
    return _AT_START.sub(lambda found: f"{found[1][:-1]}&#{ord(found[1][-1])};", safe)


def code(text: str) -> str:
    """Return a code span. A mark that nobody sees keeps two braces from being taken for a template."""
    inner = _BRACES.sub("{" + _JOINER, plain(text))
    longest = max((len(run) for run in re.findall(r"`+", inner)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest or inner.startswith(" ") else ""
    return f"{fence}{pad}{inner}{pad}{fence}"


def link(inner: str, url: str) -> str:
    """Return a link to an address that was checked before."""
    return f"[{inner}](<{quote(url, safe=':/?#@!$&+,;=%~._-')}>)"


def paragraph(text: str, links: Links) -> str:
    """Return a paragraph: code spans, emphasis, and links to the pull request's host."""
    parts = []
    for index, part in enumerate(_SPAN.split(plain(text))):
        if index % 2:
            there = links.of(part)
            parts.append(link(code(part), there) if there else code(part))
        else:
            parts.append(_words(part, links, first=not index))
    return "".join(parts)


def _words(text: str, links: Links, *, first: bool) -> str:
    """Escape the words between code spans; marks at the start of a line matter at the start of the first only."""
    out, at = [], 0
    for found in _EMPHASIS.finditer(text):
        out += [_numbered(text[at : found.start()], links), f"*{_inside(found[1])}*"]
        at = found.end()
    out.append(_numbered(text[at:], links))
    done = "".join(out)
    return _AT_START.sub(lambda found: f"{found[1][:-1]}&#{ord(found[1][-1])};", done) if first else done


def _numbered(text: str, links: Links) -> str:
    out, at = [], 0
    for found in _NUMBER.finditer(text) if links.repository else ():
        there = f"{links.repository}/pull/{found[1]}"
        out += [_inside(text[at : found.start()]), link(_inside(found[0]), there)]
        at = found.end()
    return "".join([*out, _inside(text[at:])])


def _inside(text: str) -> str:
    safe = _MARKUP.sub(lambda found: f"&#{ord(found[0])};", text)
    return _ADDRESS.sub(lambda found: f"{found[1] or found[3]}&#{ord(found[2] or found[4])};", safe)
