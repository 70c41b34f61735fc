"""What people do in Discord around a roast: commands, buttons, menus, forms, reactions, the shortcut."""

import discord
import pytest

from bot.feedback import Meaning
from bot.records import Person, PlaceSettings, UserSettings

SOUP = "https://github.com/acme/soup/pull/7"


def said(message):
    """Return all that a message says."""
    embeds = [f"{one.title or ''} {one.description or ''}" for one in message.embeds]
    return " ".join([message.content, *embeds])


@pytest.mark.parametrize(
    ("name", "options", "words", "private"),
    [
        ("roastbot help", {}, "/roast \\<pull request\\>", True),
        ("roastbot me", {}, "which GitHub login is yours", True),
        ("roastbot heat", {"most": "mild"}, "mild", True),
        ("roastbot leaderboard", {}, "Nobody has laughed", False),
        ("roastbot digest", {}, "Nothing is subscribed here", True),
        ("roastbot status", {}, "", True),
        ("roastbot settings", {}, "", True),
        ("roastbot optout", {"who": "ada"}, "", True),
        ("roastbot link", {"login": "octocat"}, "octocat", True),
        ("roastbot why", {"number": 99}, "no roast number 99", True),
        ("roastbot receipts", {"number": 99}, "no roast number 99", True),
        ("roastbot subscribe", {"repository": "acme/soup", "when": "every friday 16:00", "top": 2}, "acme/soup", True),
    ],
)
async def test_commands(live, name, options, words, private):
    """Each command is answered at once, for all or for the asker alone"""
    async with live(work=False) as home:
        result = await home.bob.slash(home.channel, name, **options)
        assert words in said(result.response)
        assert said(result.response).strip()
        assert result.ephemeral is private
        assert home.env.errors == []


async def test_admin_commands(live):
    """What only admins may do is offered to them alone, and they can"""
    async with live(work=False) as home:
        assert "roastadmin policy" not in home.bob.available_commands(home.channel)
        result = await home.admin.slash(home.channel, "roastadmin policy", who="own")
        assert "own" in said(result.response)
        result = await home.admin.slash(home.channel, "roastadmin bind", repository="acme/soup")
        assert "acme/soup" in said(result.response)


async def test_hotter_in_place(live):
    """Hotter changes the very message that it stands under"""
    async with live() as home:
        await home.roast()
        (card,) = home.shown()
        await home.bob.click(card, label="Hotter")
        await home.done(2)
        (card,) = home.shown()
        assert "spicy heat" in card.embeds[0].footer.text
        assert [post.verdict for post in await home.store.posts(2)] == [2]


async def test_refused_hotter(live):
    """Whoever may not turn the heat is told so alone, and the card stays"""
    async with live() as home:
        await home.roast()
        (card,) = home.shown()
        eve = home.guild.add_member(home.env.create_user("eve"))
        result = await eve.click(card, label="Hotter")
        assert "Only its author" in said(result.followups[-1])
        assert result.followups[-1].ephemeral
        assert home.shown()[0].embeds == card.embeds


async def test_receipts_and_menu(live):
    """Receipts and the menu answer the presser alone"""
    async with live() as home:
        await home.roast()
        (card,) = home.shown()
        result = await home.bob.click(card, label="Receipts")
        assert result.ephemeral
        assert "Receipts of" in said(result.response)
        result = await home.bob.select(card, ["why 1"])
        assert result.ephemeral
        assert "exhibits were found" in said(result.response)


async def test_withdrawn_and_put_back(live):
    """A roast that is withdrawn leaves a line, and the button to undo it works"""
    async with live() as home:
        await home.roast()
        (card,) = home.shown()
        result = await home.bob.select(card, ["withdraw 1"])
        assert "taken down" in said(home.shown()[0])
        assert home.shown()[0].components == []
        await home.bob.click(result.response, label="Undo")
        assert home.shown()[0].components != []


async def test_appealed_by_form(live):
    """An appeal is a form with the lines of the roast, and its answer comes to the presser alone"""
    async with live() as home:
        await home.roast()
        (card,) = home.shown()
        form = await home.bob.click(card, label="Appeal")
        assert form.modal["title"] == "Appeal"
        exhibits = await home.store.verdict(1)
        line = next(one.id for one in exhibits.verdict.public_exhibits)
        result = await home.bob.submit_modal(form, {"exhibit": [line], "ground": ["unfair"]})
        await home.done(2)
        assert result.ephemeral
        assert "Noted" in said(result.response)
        assert len(await home.store.appeals(verdict_id=1)) == 1
        assert home.env.errors == []


async def test_shortcut(live):
    """The shortcut roasts the first pull request in a message, and says so where there is none"""
    async with live() as home:
        message = await home.bob.send(home.channel, f"look at {SOUP}!")
        await home.bob.context_menu(home.channel, "Roast this PR", message)
        await home.done()
        assert "acme/soup#7" in home.shown()[-1].embeds[0].author.name
        message = await home.bob.send(home.channel, "nothing here")
        result = await home.bob.context_menu(home.channel, "Roast this PR", message)
        assert result.ephemeral
        assert "no link" in said(result.response)


async def test_completion(live):
    """What is typed is completed from the server's subscriptions and the roasts of them"""
    async with live() as home:
        await home.roast()
        await home.bob.slash(home.channel, "roastbot subscribe", repository="acme/soup", when="every friday 16:00")
        choices = await home.bob.autocomplete(home.channel, "roast", "pr", "sou")
        assert [one["value"] for one in choices] == ["acme/soup#7", "acme/soup#"]
        choices = await home.bob.autocomplete(home.channel, "roastbot unsubscribe", "repository", "acme")
        assert [one["value"] for one in choices] == ["acme/soup"]


async def voices(home):
    """Return the voices on the first roast."""
    return (await home.store.verdict(1)).voices


async def test_reactions(live):
    """Reactions count, their removal too, and those of the bot itself do not"""
    async with live() as home:
        eve = home.guild.add_member(home.env.create_user("eve"))
        await home.roast()
        (card,) = home.shown()
        await eve.react(card, "🎯")
        assert await voices(home) == {Meaning.TRUE: 1}
        home.watch.forward(seconds=1)
        await eve.unreact(card, "🎯")
        assert not any((await voices(home)).values())


async def test_cleared_reactions(live):
    """Bulk clears take back every mark, or those of one emoji"""
    async with live() as home:
        eve = home.guild.add_member(home.env.create_user("eve"))
        await home.roast()
        (card,) = home.shown()
        await eve.react(card, "🎯")
        await eve.react(card, "🔥")
        home.watch.forward(seconds=1)
        message = home.app.wire.client.get_channel(home.channel.id).get_partial_message(card.id)
        await message.clear_reaction("🎯")
        await home.env.settle()
        assert await voices(home) == {Meaning.FUNNY: 1}
        await message.clear_reactions()
        await home.env.settle()
        assert not any((await voices(home)).values())


async def test_seeded_reactions(live):
    """Where it is set, the bot puts reactions under a card, and they are no voices"""
    async with live() as home:
        from bot.records import Place

        place = Place(platform="discord", workspace=str(home.guild.id))
        await home.store.set_place_settings(place, PlaceSettings(seed_reactions=True))
        await home.roast()
        (card,) = home.shown()
        assert [str(one.emoji) for one in card.reactions] == ["🔥", "🎯", "💀"]
        assert not any((await voices(home)).values())


async def test_picture(live):
    """The picture is attached, and the embed shows it"""
    async with live(draw=lambda card, verdict: b"\x89PNG made up") as home:
        await home.roast()
        (card,) = home.shown()
        assert [one.filename for one in card.attachments] == ["roast.png"]
        assert card.embeds[0].image.url


async def test_nobody_is_pinged(live):
    """The client lets no mention through, and asks for no privileged intent"""
    async with live(work=False) as home:
        client = home.app.wire.client
        assert client.allowed_mentions.to_dict() == discord.AllowedMentions.none().to_dict()
        assert not client.intents.message_content
        assert not client.intents.members
        assert not client.intents.presences


async def test_mentioned(live):
    """Whoever asked for it is mentioned below a roast of theirs, and only they can be by that message"""
    async with live() as home:
        ada = home.guild.add_member(home.env.create_user("ada"))
        person = Person(platform="discord", workspace=str(home.guild.id), user=str(ada.id))
        await home.store.set_user_settings(person, UserSettings(login="ada", confirmed_by="x"))
        result = await ada.slash(home.channel, "roastbot ping", on=True)
        assert "You are mentioned below" in said(result.response)
        await home.roast()
        card, mention = home.shown()
        assert mention.content == f"<@{ada.id}> this one is about your pull request."
        sent = [
            one.json for one in home.env.http_requests if isinstance(one.json, dict) and "message_reference" in one.json
        ]
        assert sent[0]["allowed_mentions"]["users"] == [ada.id]
        assert sent[0]["allowed_mentions"].get("parse", []) == []
        assert sent[0]["message_reference"]["message_id"] == card.id


async def test_synced_once(live):
    """The commands are told to Discord only when their definition changed"""
    async with live(work=False) as home:
        await home.env.restart_bot(home.app.make_client())
        syncs = [one for one in home.env.http_requests if one.method == "PUT" and one.path.endswith("/commands")]
        assert len(syncs) == 1


async def test_after_a_restart(live):
    """Buttons, menus and forms of an earlier life work after a restart"""
    async with live() as home:
        await home.roast()
        (card,) = home.shown()
        form = await home.bob.click(card, label="Appeal")
        await home.env.restart_bot(home.app.make_client())
        result = await home.bob.click(card, label="Receipts")
        assert "Receipts of" in said(result.response)
        result = await home.bob.select(card, ["why 1"])
        assert "exhibits were found" in said(result.response)
        line = (await home.store.verdict(1)).verdict.public_exhibits[0].id
        result = await home.bob.submit_modal(form, {"exhibit": [line], "ground": ["unfair"]})
        await home.done(2)
        assert "Noted" in said(result.response)
