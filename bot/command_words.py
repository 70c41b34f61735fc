"""What people type, read as commands: tolerant, pure, the same for every platform.

Case, smart quotes, chat markup (``<https://…|label>``, ``<#C1|general>``, ``<@U1>``), a trailing full stop, a
"please": none of it matters. A word that is nearly a command is met with the command that was meant.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from enum import StrEnum

from bot.brief import Heat
from bot.display import plain
from bot.errors import UsageError
from bot.pull_request import Frozen


class Sort(StrEnum):
    """What a word is."""

    TEXT = "text"
    LINK = "link"
    CHANNEL = "channel"
    PERSON = "person"


class Word(Frozen):
    """One word: its text (an address, a channel's or a person's id), and the label that chat put beside it."""

    text: str
    sort: Sort = Sort.TEXT
    label: str = ""

    @property
    def folded(self) -> str:
        """The word as it is compared: lower case, without what people put around words."""
        return self.text.casefold().strip(_AROUND) if self.sort is Sort.TEXT else self.text


class Known(Frozen):
    """A command as help shows it. ``usage`` comes after what people type to call the bot. ``admin`` is for admins."""

    name: str
    usage: str
    summary: str
    example: str
    admin: bool = False
    public: bool = False
    shown: bool = True


class Command(Frozen):
    """A command that was understood: its name, the roast's number where one was named, and the words after it."""

    name: str
    words: tuple[Word, ...] = ()
    number: int | None = None
    typed: str = ""
    heat: Heat | None = None
    quiet: bool = False

    @property
    def private(self) -> bool:
        """Whether its answer is for the asker alone: what a deferral has to know beforehand."""
        return self.quiet or not BY_NAME[self.name].public

    @property
    def text(self) -> str:
        """The words after the name, as typed."""
        return " ".join(word.text for word in self.words)


def _known(name: str, usage: str, summary: str, example: str = "", **flags: bool) -> Known:
    return Known(name=name, usage=usage, summary=summary, example=example or name, **flags)


COMMANDS = (
    _known(
        "roast",
        "<pull request> [mild|medium|spicy] [quietly]",
        "roast a pull request, here or for you alone",
        "https://github.com/owner/repo/pull/7 mild",
        public=True,
    ),
    _known(
        "subscribe",
        "subscribe <owner/repo> [in #channel] [every friday 16:00] [timezone Europe/Berlin] [top 3]",
        "a digest of the most roastable pull requests, regularly",
        "subscribe owner/repo every friday 16:00 top 3",
    ),
    _known("unsubscribe", "unsubscribe <owner/repo>", "end that", "unsubscribe owner/repo"),
    _known(
        "digest",
        "digest [pause|resume|preview|now|cancel] [owner/repo]",
        "what is subscribed here and when it comes next",
        "digest pause owner/repo",
    ),
    _known("leaderboard", "leaderboard", "the best-loved roasts and the best-behaved repositories", public=True),
    _known("me", "me", "your own record and settings, for you alone"),
    _known("heat", "heat [mild|medium|spicy|any]", "how hot roasts of you and for you may get", "heat mild"),
    _known(
        "ping", "ping [on|off]", "be mentioned below the roasts of your own pull requests; off until you ask", "ping on"
    ),
    _known("optout", "optout [login|owner/repo]", "never be roasted; nobody asks why", "optout octocat"),
    _known("optin", "optin [login|owner/repo]", "undo that, or join in where only volunteers are roasted"),
    _known("link", "link <your GitHub login>", "say which GitHub login is yours", "link octocat"),
    _known("confirm", "confirm @person", "confirm the login that somebody named", "confirm @ada", admin=True),
    _known("settings", "settings [name value]", "how things are set here", "settings hottest medium"),
    _known("policy", "policy [own|opted_in|everyone]", "whose pull requests may be roasted here", "policy everyone"),
    _known(
        "bind", "bind <owner/repo>", "let a private repository appear in this channel", "bind owner/repo", admin=True
    ),
    _known("unbind", "unbind <owner/repo>", "end that", "unbind owner/repo", admin=True),
    _known("why", "why [number]", "why a roast says what it says", "why 12"),
    _known("status", "status", "what waits, what runs, what went wrong"),
    _known("help", "help [command]", "this", "help subscribe"),
    _known("full", "full <number>", "the whole story of a roast", "full 12", public=True),
    _known("receipts", "receipts <number>", "where to check every line of a roast", "receipts 12"),
    _known("hotter", "hotter <number>", "the same, one heat hotter", "hotter 12", public=True),
    _known("milder", "milder <number>", "the same, one heat milder", "milder 12", public=True),
    _known(
        "appeal",
        "appeal <number> <exhibit> <wrong|unfair|fixed>",
        "have one line looked at again",
        "appeal 12 E1 wrong",
    ),
    _known("appeals", "appeals [number]", "what was appealed here, and what became of it"),
    _known("withdraw", "withdraw <number>", "take a roast down; it can be undone for a minute", "withdraw 12"),
    _known("unpublish", "unpublish <number>", "keep a roast out of the dev log", "unpublish 12"),
    _known("publish", "publish <number>", "undo that", "publish 12", shown=False),
    _known("undo", "undo <number>", "put a withdrawn roast back", "undo 12", shown=False),
)
"""Every command, in the order in which help lists them."""

BY_NAME = {known.name: known for known in COMMANDS}

_ALIASES = {
    "commands": "help",
    "usage": "help",
    "?": "help",
    "hi": "help",
    "hello": "help",
    "hey": "help",
    "sub": "subscribe",
    "unsub": "unsubscribe",
    "digests": "digest",
    "subscriptions": "digest",
    "board": "leaderboard",
    "top": "leaderboard",
    "stats": "me",
    "record": "me",
    "pings": "ping",
    "mention": "ping",
    "mentions": "ping",
    "opt-out": "optout",
    "opt_out": "optout",
    "opt-in": "optin",
    "opt_in": "optin",
    "setting": "settings",
    "config": "settings",
    "reason": "why",
    "evidence": "receipts",
    "receipt": "receipts",
    "story": "full",
    "colder": "milder",
    "cooler": "milder",
    "object": "appeal",
    "remove": "withdraw",
    "veto": "unpublish",
    "delete": "withdraw",
    "queue": "status",
    "iam": "link",
}
_NUMBERED = frozenset("why full receipts hotter milder appeal appeals withdraw undo publish unpublish".split())
_QUIET = frozenset({"quietly", "quiet", "privately", "private", "silently"})
_HEATS = {"mild": Heat.MILD, "medium": Heat.MEDIUM, "spicy": Heat.SPICY, "hot": Heat.SPICY, "gently": Heat.MILD}
_FILLERS = frozenset(
    "please this the a pr pull request now it for me and make roast can could would you have look at what about in with"
    " on my our us lets let's".split()
)
_AROUND = ".,;:!?\"'`()[]{}*_~"
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "＃": "#"})
_WORD = re.compile(r"<([^<>\n]*)>|([^\s<>]+)|[<>]")
_ADDRESS = re.compile(r"^(?:https?://|(?:www\.)?[a-z0-9.-]+\.[a-z]{2,}/)", re.IGNORECASE)
_TARGET = re.compile(r"[/#@]|^\d+$|\.\.")


def words_of(said: str) -> tuple[Word, ...]:
    """Return the words of what was said, chat markup resolved."""
    text = plain(said).translate(_QUOTES)
    return tuple(word for found in _WORD.finditer(text) if (word := _word(found[1], found[2])) is not None)


def _word(marked: str | None, bare: str | None) -> Word | None:
    if marked is None:
        return Word(text=bare) if bare else None
    inner, _, label = marked.partition("|")
    inner, label = inner.strip(), label.strip()
    if inner.startswith("#"):
        return Word(text=inner[1:], sort=Sort.CHANNEL, label=label)
    if inner.startswith("@") and not inner.startswith("@&"):
        return Word(text=inner[1:].lstrip("!"), sort=Sort.PERSON, label=label)
    if _ADDRESS.match(inner) or ":" in inner:
        return Word(text=inner, sort=Sort.LINK, label=label)
    return Word(text=inner) if inner else None


def read(said: str) -> Command:
    """Read what was said. Raises ``UsageError`` that names the command which was probably meant."""
    words = _without_call(words_of(said))
    if not words:
        return Command(name="help")
    first = words[0].folded.lstrip("/")
    if first == "opt" and len(words) > 1 and words[1].folded in {"in", "out"}:
        return _command(f"opt{words[1].folded}", words[2:])
    name = _ALIASES.get(first, first)
    if name in BY_NAME and words[0].sort is Sort.TEXT and name != "roast":
        return _command(name, words[1:])
    if name == "roast":
        return _roast(words[1:]) if words[1:] else Command(name="help")
    if any(_names_target(word) for word in words):
        return _roast(words)
    raise _unknown(words[0].text)


def _without_call(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Drop the bot's own mention in front: "@roast help" is "help"."""
    while words and (words[0].sort is Sort.PERSON or (len(words[0].text) > 1 and words[0].text[0] == "@")):
        words = words[1:]
    return words


def _command(name: str, words: tuple[Word, ...]) -> Command:
    if name not in _NUMBERED:
        return Command(name=name, words=words)
    number = words[0].folded.lstrip("#") if words else ""
    if not number.isdecimal():
        return Command(name=name, words=words)
    return Command(name=name, words=words[1:], number=_small(number))


def _small(digits: str) -> int:
    if len(digits) > 15:
        raise UsageError(f"There is no roast number {digits[:20]}….")
    return int(digits)


def _names_target(word: Word) -> bool:
    return word.sort is Sort.LINK or (word.sort is Sort.TEXT and bool(_TARGET.search(word.text)))


def _roast(words: tuple[Word, ...]) -> Command:
    heat: Heat | None = None
    quiet = False
    targets: list[str] = []
    for word in words:
        folded = word.folded
        if word.sort is Sort.TEXT and folded in _HEATS:
            heat = _HEATS[folded]
        elif word.sort is Sort.TEXT and folded in _QUIET:
            quiet = True
        elif word.sort in {Sort.PERSON, Sort.CHANNEL} or (word.sort is Sort.TEXT and folded in {"", *_FILLERS}):
            continue
        elif _names_target(word):
            targets.append(_unwrapped(word.text))
        else:
            raise _odd(word.text, targets)
    if len(dict.fromkeys(targets)) > 1:
        raise UsageError("That names more than one pull request.", "One at a time, so that each gets what it deserves.")
    return Command(name="roast", typed=targets[0] if targets else "", heat=heat, quiet=quiet)


def _odd(text: str, targets: list[str]) -> UsageError:
    near = _near(text, [*_HEATS, *_QUIET])
    if near:
        return UsageError(f"“{text[:40]}” is no heat that I know.", f"Did you mean “{near}”?")
    if not targets and _near(text, [*BY_NAME, *_ALIASES]):
        return _unknown(text)
    if targets:
        return UsageError(
            f"I do not know what “{text[:40]}” asks for.", "After the address: mild, medium, spicy, quietly."
        )
    return UsageError(f"“{text[:40]}” is not a pull request.", "Give a pull request's URL, or owner/repo#7.")


def _unwrapped(text: str) -> str:
    """Return an address without the punctuation that a sentence puts around it."""
    return text.strip().strip("\"'`*_~").lstrip("([{").rstrip(".,;:!?)]}\"'`*_~")


def _unknown(text: str) -> UsageError:
    shown = f"“{text[:40]}” is no command of mine."
    near = _near(text, [*BY_NAME, *_ALIASES])
    if not near:
        return UsageError(shown, "Say help for what I understand.")
    return UsageError(shown, f"Did you mean “{_ALIASES.get(near, near)}”?")


def _near(text: str, known: list[str]) -> str:
    """Return the known word that was probably meant: much alike, or fairly alike with the same first letter."""
    word = text.casefold().strip(_AROUND)
    close = get_close_matches(word, known, n=1, cutoff=0.85) or get_close_matches(
        word, [one for one in known if one[0] == word[:1]], n=1, cutoff=0.65
    )
    return close[0] if close else ""
