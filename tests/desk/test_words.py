"""What people type is read as what they meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.brief import Heat
from bot.command_subscribe import read_wish
from bot.command_words import BY_NAME, COMMANDS, read, words_of
from bot.errors import RoastBotError, UsageError

URL = "https://github.com/acme/soup/pull/7"


@pytest.mark.parametrize(
    "said",
    [
        URL, f"<{URL}>", f"<{URL}|acme/soup#7>", f"roast {URL}.", f"ROAST {URL}!", f"({URL})", f"“{URL}”",
        f"<@U1|roast> {URL}", f"@roast please roast {URL}?", f"can you have a look at {URL}, please",
        f"<@!42> <{URL}> ", f"/roast {URL}",
    ],
)  # fmt: skip
def test_one_pull_request(said):
    """However it is wrapped, the same pull request is asked for"""
    assert (read(said).name, read(said).typed) == ("roast", URL)


@pytest.mark.parametrize(
    ("said", "heat", "quiet"),
    [
        ("acme/soup#7", None, False),
        ("acme/soup#7 mild", Heat.MILD, False),
        ("Spicy acme/soup#7", Heat.SPICY, False),
        ("acme/soup#7, medium, quietly.", Heat.MEDIUM, True),
        ("#7 privately", None, True),
    ],
)
def test_heat_and_quiet(said, heat, quiet):
    """Heat and quietness may stand anywhere, in any case, with commas"""
    command = read(said)
    assert (command.heat, command.quiet, command.private) == (heat, quiet, quiet)


@pytest.mark.parametrize("name", sorted(BY_NAME.keys() - {"roast"}))
def test_every_command(name):
    """Every command is known by its name in any case, and its own example is read as itself"""
    assert read(name.upper()).name == name
    assert read(f"{name}!").name == name
    assert read(BY_NAME[name].example).name == name


def test_roast_example():
    """The example of a roast is one"""
    assert read(BY_NAME["roast"].example).heat is Heat.MILD


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("subcribe o/r", "subscribe"),
        ("leaderbord", "leaderboard"),
        ("optuot", "optout"),
        ("hepl", "help"),
        ("stats", None),
        ("o/r#7 spcy", "spicy"),
    ],
)
def test_misspelt(said, meant):
    """A misspelt word is met with the one that was meant; a known nickname needs no correction"""
    if meant is None:
        assert read(said).name == "me"
        return
    with pytest.raises(UsageError, match=f"Did you mean “{meant}”"):
        read(said)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("o/r#7 o/r#8", "more than one"),
        ("what is this", "no command of mine"),
        ("o/r#7 tomorrow", "what “tomorrow” asks for"),
    ],
)
def test_not_understood(said, words):
    """What is not understood is named, not guessed at"""
    with pytest.raises(UsageError, match=words):
        read(said)


def test_nothing_is_help():
    """Nothing at all, or the bot's name alone, asks for help"""
    assert [read(said).name for said in ("", "  ", "<@U1>", "roast", "hello")] == ["help"] * 5


def test_numbers():
    """Commands on a roast take its number with or without a hash"""
    assert (read("why 12").number, read("why #12").number, read("why").number) == (12, 12, None)
    appeal = read("appeal 12 E1 wrong")
    assert (appeal.number, appeal.text) == (12, "E1 wrong")
    with pytest.raises(UsageError, match="no roast number"):
        read("why 99999999999999999999999")


def test_markup():
    """Chat markup is resolved into channels, people and addresses; a group mention is none of them"""
    kinds = [
        (word.sort.value, word.text) for word in words_of("in <#C1|general> by <@U1|ada> <https://a.b|c> <!channel>")
    ]
    assert kinds == [
        ("text", "in"), ("channel", "C1"), ("text", "by"), ("person", "U1"), ("link", "https://a.b"), ("text", "!channel")
    ]  # fmt: skip


@given(st.text(max_size=200))
def test_anything(said):
    """Whatever is typed is read, or refused in words: nothing else comes out"""
    try:
        assert read(said).name in BY_NAME
    except RoastBotError as error:
        assert str(error)


def test_private_and_public():
    """Only what is meant for everybody is answered in public: what a deferral must know beforehand"""
    public = {known.name for known in COMMANDS if known.public}
    assert public == {"roast", "leaderboard", "full", "hotter", "milder"}
    assert read("receipts 1").private


def wish(said):
    """Read a wish."""
    return read_wish(words_of(said), "UTC")


def test_whole_wish():
    """A subscription says what, where, when and how in any order"""
    found = wish(
        "in <#C9|dev> every weekday at 9am timezone Europe/Berlin top 5 min well done labels bug, ui without labels deps"
        " authors ada,grace paths src/ docs/ person octocat feed https://example.com/feed.xml silent"
    )
    assert (found.schedule.cron, found.zone, found.top) == ("0 9 * * mon,tue,wed,thu,fri", "Europe/Berlin", 5)
    assert (found.channel.text, found.min_doneness) == ("C9", "well done")
    assert (found.person, found.feed) == ("octocat", "https://example.com/feed.xml")
    assert found.options == {
        "labels": ["bug", "ui"], "not_labels": ["deps"], "authors": ["ada", "grace"], "paths": ["src/", "docs/"], "silent": True
    }  # fmt: skip


@pytest.mark.parametrize("said", ["", "friday 16:00", "every friday at 4pm", 'cron "0 16 * * fri"', "on fridays 16:00"])
def test_usual_wish(said):
    """Friday at four is what is taken where nothing is said, and what these words say"""
    assert wish(said).schedule.cron == "0 16 * * fri"


@pytest.mark.parametrize(
    "said", ["top 0", "top many", "min burnt", "timezone Mars", "every blursday", "feed ftp://x", "labels", "tomorrow"]
)
def test_wrong_wish(said):
    """What cannot be meant is refused in words"""
    with pytest.raises(UsageError):
        wish(said)
