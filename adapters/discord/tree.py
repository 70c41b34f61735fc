"""The commands as Discord lists them: ``/roast``, the groups ``/roastbot`` and ``/roastadmin``, "Roast this PR".

Each one only turns its options into the words that ``bot.commands`` reads on every platform.
https://discord.com/developers/docs/interactions/application-commands
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal, Protocol

import discord
from discord import app_commands
from discord.app_commands import Choice, describe, locale_str

from adapters.discord import limits
from adapters.discord.hearing import Interaction
from adapters.discord.render import cut

Heats = Literal["mild", "medium", "spicy"]
EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
BOTH = app_commands.AppInstallationType(guild=True, user=True)
HERE = app_commands.AppCommandContext(guild=True)
SERVER = app_commands.AppInstallationType(guild=True)
ADMIN = discord.Permissions(manage_guild=True)


class Hears(Protocol):
    """What is told of commands: ``adapters.discord.listeners``, and what it knows for autocompletion."""

    async def typed(self, interaction: Interaction, words: str) -> None:
        """Answer a command."""
        ...

    async def shortcut(self, interaction: Interaction, message: discord.Message) -> None:
        """Answer "Roast this PR"."""
        ...

    async def targets(self, interaction: Interaction, current: str) -> list[tuple[str, str]]:
        """Return pull requests that may be meant: what is shown, and what is typed. Never raises, nor takes long."""
        ...

    async def repositories(self, interaction: Interaction, current: str) -> list[tuple[str, str]]:
        """Return the repositories that are subscribed in the server, in the same way."""
        ...


def plant(tree: app_commands.CommandTree[Any], hears: Hears) -> None:
    """Put every command into a tree."""
    tree.add_command(_roast(hears))
    tree.add_command(_shortcut(hears))
    group = app_commands.Group(
        name="roastbot",
        description=locale_str("Digests, records, receipts, consent: everything but the roast itself"),
        allowed_contexts=EVERYWHERE,
        allowed_installs=BOTH,
    )
    for make in (_digests, _oneself, _verdicts, _place):
        for command in make(hears):
            group.add_command(command)
    tree.add_command(group)
    admin = app_commands.Group(
        name="roastadmin",
        description=locale_str("What only those who run this server may do"),
        allowed_contexts=HERE,
        allowed_installs=SERVER,
        default_permissions=ADMIN,
    )
    for command in _administration(hears):
        admin.add_command(command)
    tree.add_command(admin)


async def fingerprint(tree: app_commands.CommandTree[Any]) -> str:
    """Return what changes when a command's definition does."""
    commands = (*tree.get_commands(), *tree.get_commands(type=discord.AppCommandType.message))
    if tree.translator is None:
        payload = [one.to_dict(tree) for one in commands]
    else:
        payload = [await one.get_translated_payload(tree, tree.translator) for one in commands]
    unique = {json.dumps(one, sort_keys=True, default=str) for one in payload}
    return hashlib.sha256("\n".join(sorted(unique)).encode()).hexdigest()


def _roast(hears: Hears) -> app_commands.Command[Any, ..., None]:
    @app_commands.command(name="roast", description=locale_str("Roast a pull request: every line carries a receipt"))
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    @describe(
        pr=locale_str("A pull request's address, or owner/repo#7"),
        heat=locale_str("How hot; within what this server and the author allow"),
        quiet=locale_str("Show it to you alone"),
    )
    async def roast(interaction: Interaction, pr: str, heat: Heats | None = None, quiet: bool = False) -> None:
        await hears.typed(interaction, _words("roast", pr, heat, "quietly" * quiet))

    @roast.autocomplete("pr")
    async def targets(interaction: Interaction, current: str) -> list[Choice[str]]:
        return _choices(await hears.targets(interaction, current))

    return roast


def _shortcut(hears: Hears) -> app_commands.ContextMenu:
    async def roast_this(interaction: Interaction, message: discord.Message) -> None:
        await hears.shortcut(interaction, message)

    return app_commands.ContextMenu(
        name=locale_str("Roast this PR"), callback=roast_this, allowed_contexts=EVERYWHERE, allowed_installs=BOTH
    )


def _completed(hears: Hears, command: app_commands.Command[Any, ..., None]) -> app_commands.Command[Any, ..., None]:
    """Complete a command's repositories."""

    @command.autocomplete("repository")
    async def repositories(interaction: Interaction, current: str) -> list[Choice[str]]:
        return _choices(await hears.repositories(interaction, current))

    return command


def _choices(offers: list[tuple[str, str]]) -> list[Choice[str]]:
    fit = [(cut(shown, limits.CHOICE_NAME), typed) for shown, typed in offers if len(typed) <= limits.CHOICE_VALUE]
    return [Choice(name=shown, value=typed) for shown, typed in fit[: limits.CHOICES]]


def _digests(hears: Hears) -> list[app_commands.Command[Any, ..., None]]:
    @app_commands.command(description=locale_str("A digest of the most roastable pull requests, regularly"))
    @describe(
        repository=locale_str("owner/repo"),
        when=locale_str("For example: every friday 16:00"),
        channel=locale_str("Where; here otherwise"),
        top=locale_str("How many, 1 to 10"),
        more=locale_str("For example: min well done timezone Europe/Berlin labels bug silent"),
    )
    async def subscribe(  # noqa: PLR0917 - one for each option
        interaction: Interaction,
        repository: str,
        when: str = "",
        channel: discord.TextChannel | None = None,
        top: app_commands.Range[int, 1, 10] | None = None,
        more: str = "",
    ) -> None:
        where = f"in <#{channel.id}>" if channel else ""
        await hears.typed(interaction, _words("subscribe", repository, where, when, f"top {top}" if top else "", more))

    @app_commands.command(description=locale_str("End the digests of a repository here"))
    @describe(repository=locale_str("owner/repo"))
    async def unsubscribe(interaction: Interaction, repository: str = "") -> None:
        await hears.typed(interaction, _words("unsubscribe", repository))

    @app_commands.command(description=locale_str("What is subscribed here and when it comes next"))
    @describe(action=locale_str("What to do with it"), repository=locale_str("owner/repo"))
    async def digest(
        interaction: Interaction,
        action: Literal["show", "preview", "now", "pause", "resume"] = "show",
        repository: str = "",
    ) -> None:
        await hears.typed(interaction, _words("digest", action, repository))

    return [_completed(hears, subscribe), _completed(hears, unsubscribe), _completed(hears, digest)]


def _oneself(hears: Hears) -> list[app_commands.Command[Any, ..., None]]:
    @app_commands.command(description=locale_str("Your own record and settings, for you alone"))
    async def me(interaction: Interaction) -> None:
        await hears.typed(interaction, "me")

    @app_commands.command(description=locale_str("How hot roasts of you and for you may get"))
    @describe(most=locale_str("At most this hot; shows what is set where left out"))
    async def heat(interaction: Interaction, most: Literal["mild", "medium", "spicy", "any"] | None = None) -> None:
        await hears.typed(interaction, _words("heat", most))

    @app_commands.command(description=locale_str("Be mentioned below the roasts of your own pull requests, or never"))
    @describe(on=locale_str("Shows what is set where left out"))
    async def ping(interaction: Interaction, on: bool | None = None) -> None:
        await hears.typed(interaction, _words("ping", None if on is None else "on" if on else "off"))

    @app_commands.command(description=locale_str("Never be roasted; nobody asks why"))
    @describe(who=locale_str("A GitHub login or owner/repo; you otherwise"))
    async def optout(interaction: Interaction, who: str = "") -> None:
        await hears.typed(interaction, _words("optout", who))

    @app_commands.command(description=locale_str("Undo that, or join in where only volunteers are roasted"))
    @describe(who=locale_str("A GitHub login or owner/repo; you otherwise"))
    async def optin(interaction: Interaction, who: str = "") -> None:
        await hears.typed(interaction, _words("optin", who))

    @app_commands.command(description=locale_str("Say which GitHub login is yours"))
    @describe(login=locale_str("Your GitHub login"))
    async def link(interaction: Interaction, login: str) -> None:
        await hears.typed(interaction, _words("link", login))

    return [me, heat, ping, optout, optin, link]


def _verdicts(hears: Hears) -> list[app_commands.Command[Any, ..., None]]:
    summaries = {
        "why": "Why a roast says what it says",
        "full": "The whole story of a roast",
        "receipts": "Where to check every line of a roast",
        "hotter": "The same, one heat hotter",
        "milder": "The same, one heat milder",
        "withdraw": "Take a roast down; it can be undone for a minute",
        "undo": "Put a withdrawn roast back",
        "appeals": "What was appealed here, and what became of it",
    }

    def numbered(name: str, summary: str) -> app_commands.Command[Any, ..., None]:
        @app_commands.command(name=name, description=locale_str(summary))
        @describe(number=locale_str("The number at the foot of the roast; the newest here otherwise"))
        async def command(interaction: Interaction, number: app_commands.Range[int, 1] | None = None) -> None:
            await hears.typed(interaction, _words(name, str(number or "")))

        return command

    @app_commands.command(description=locale_str("Have one line looked at again"))
    @describe(
        number=locale_str("The number at the foot of the roast"),
        line=locale_str("Which line, E1 for example: the receipts name them"),
        ground=locale_str("What is the matter with it"),
    )
    async def appeal(
        interaction: Interaction,
        number: app_commands.Range[int, 1],
        line: str,
        ground: Literal["wrong", "unfair", "fixed"],
    ) -> None:
        await hears.typed(interaction, _words("appeal", str(number), line, ground))

    return [*(numbered(name, summary) for name, summary in summaries.items()), appeal]


def _place(hears: Hears) -> list[app_commands.Command[Any, ..., None]]:
    @app_commands.command(description=locale_str("The best-loved roasts and the best-behaved repositories"))
    @describe(everywhere=locale_str("In the whole server, not in this channel alone"))
    async def leaderboard(interaction: Interaction, everywhere: bool = False) -> None:
        await hears.typed(interaction, _words("leaderboard", "server" * everywhere))

    @app_commands.command(description=locale_str("How things are set here; whoever runs the server can set them"))
    @describe(name=locale_str("For example: hottest"), value=locale_str("For example: medium"))
    async def settings(interaction: Interaction, name: str = "", value: str = "") -> None:
        await hears.typed(interaction, _words("settings", name, value))

    @app_commands.command(description=locale_str("What waits, what runs, what went wrong"))
    async def status(interaction: Interaction) -> None:
        await hears.typed(interaction, "status")

    @app_commands.command(name="help", description=locale_str("What I understand"))
    @describe(command=locale_str("One of the commands"))
    async def help_(interaction: Interaction, command: str = "") -> None:
        await hears.typed(interaction, _words("help", command))

    return [leaderboard, settings, status, help_]


def _administration(hears: Hears) -> list[app_commands.Command[Any, ..., None]]:
    @app_commands.command(description=locale_str("Whose pull requests may be roasted here"))
    @describe(who=locale_str("Shows what is set where left out"))
    async def policy(interaction: Interaction, who: Literal["own", "opted_in", "everyone"] | None = None) -> None:
        await hears.typed(interaction, _words("policy", who))

    @app_commands.command(description=locale_str("Confirm the GitHub login that somebody named"))
    @describe(person=locale_str("Whose"))
    async def confirm(interaction: Interaction, person: discord.User) -> None:
        await hears.typed(interaction, f"confirm <@{person.id}>")

    @app_commands.command(description=locale_str("Let a private repository appear in this channel"))
    @describe(repository=locale_str("owner/repo"))
    async def bind(interaction: Interaction, repository: str) -> None:
        await hears.typed(interaction, _words("bind", repository))

    @app_commands.command(description=locale_str("End that"))
    @describe(repository=locale_str("owner/repo"))
    async def unbind(interaction: Interaction, repository: str) -> None:
        await hears.typed(interaction, _words("unbind", repository))

    return [policy, confirm, _completed(hears, bind), _completed(hears, unbind)]


def _words(*parts: str | None) -> str:
    return " ".join(part.strip() for part in parts if part and part.strip())
