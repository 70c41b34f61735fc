"""Help that helps: what there is, with examples in the words that this platform's people type."""

from __future__ import annotations

from difflib import get_close_matches

from bot.command_words import BY_NAME, COMMANDS, Command
from bot.ports_messenger import Action, Answer

SUBSCRIBE_MORE = (
    ("When", "every friday 16:00 · every weekday at 9am · mon, thu 09:30 · cron “0 16 * * fri”"),
    ("Where", "in #channel; this one otherwise"),
    ("Which", "labels bug,ui · without labels deps · authors ada,grace · paths src/ · without paths docs/"),
    ("How", "top 3 · min well done · timezone Europe/Berlin · silent (no word in a quiet week) · live (also at merge)"),
    ("Accountability", "person octocat feed https://example.com/feed.xml: spared in a week in which they wrote"),
)


def help_answer(command: Command, called: str, *, is_admin: bool) -> Answer:
    """Return help on everything, or on the command that was named."""
    wanted = command.words[0].folded.lstrip("/") if command.words else ""
    near = [wanted] if wanted in BY_NAME else get_close_matches(wanted, list(BY_NAME), n=1) if wanted else []
    if near:
        return _on_one(near[0], called)
    known = [one for one in COMMANDS if one.shown and (is_admin or not one.admin)]
    return Answer(
        title="I roast pull requests. Every line carries a receipt.",
        text=f"Begin with {called} https://github.com/owner/repo/pull/7, or #7 alone where one repository is at home.",
        rows=tuple((f"{called} {one.usage}", one.summary + (" (admins)" if one.admin else "")) for one in known),
        actions=(
            Action(label="My record", command="me"),
            Action(label="Leaderboard", command="leaderboard"),
            Action(label="Never roast me", command="optout"),
        ),
    )


def _on_one(name: str, called: str) -> Answer:
    one = BY_NAME[name]
    rows: tuple[tuple[str, str], ...] = (("For example", f"{called} {one.example}"),)
    if name == "subscribe":
        rows += SUBSCRIBE_MORE
    who = " For admins." if one.admin else ""
    return Answer(title=f"{called} {one.usage}", text=f"{one.summary[:1].upper()}{one.summary[1:]}.{who}", rows=rows)
