"""Many workspaces, each with its own token: installed from a page, exchanged in time, removed without a trace."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from fakes.postgres import postgres_url
from fakes.slack import ASKER, CHANNEL, TEAM, Fault, text_of
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from sqlalchemy import select, update

from adapters.slack.oauth import SCOPES
from adapters.store import slack_tables
from bot.records import JobState

from .conftest import SOUP

OTHER, THEIRS, STRANGER = "T2", "C2", "U2"
COOKIE = "slack-app-oauth-state"


@pytest.fixture
async def homes(make_home, slack):
    """The app, over HTTP, in two workspaces."""
    home = await make_home(http=True, installs=True)
    slack.teams.homes.update({CHANNEL: TEAM, ASKER: TEAM, THEIRS: OTHER, STRANGER: OTHER})
    for team in (TEAM, OTHER):
        assert (await home.install(team)).status_code == 200
    return home


async def roasted(home, team=TEAM, channel=CHANNEL, user=ASKER):
    """Ask for a roast in one of them."""
    before = len(await home.jobs())
    assert (await home.post(home.slack.command(SOUP, team_id=team, channel=channel, user=user))).status_code == 200
    return (await home.done(before + 1))[-1]


async def expiring(home, team):
    """Let a workspace have a token that expires within the hour."""
    home.slack.teams.lifetime = 12 * 3600
    await home.install(team)
    soon = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=1)
    async with home.store.engine.execution_options(writes=True).begin() as connection:
        for table in (slack_tables.bots, slack_tables.installations):
            await connection.execute(update(table).where(table.c.team_id == team).values(bot_token_expires_at=soon))
    home.app._workspaces.forget(team)


async def rows(home, table):
    """Return the rows of one of the tables."""
    async with home.store.engine.connect() as connection:
        return (await connection.execute(select(table))).mappings().all()


async def test_install_page(make_home, slack):
    """The page leads to Slack with the scopes of the manifest and a state that this browser keeps"""
    home = await make_home(http=True, installs=True)
    page = await home.get("/slack/install")
    assert page.status_code == 200
    assert "%2C".join(SCOPES).replace(":", "%3A") in page.text or ",".join(SCOPES) in page.text
    assert page.cookies[COOKIE] in page.text
    assert f"{slack.url}/oauth/v2/authorize" in page.text


async def test_two_at_once(homes, slack):
    """Two workspaces ask at once; each is answered with its own token, and no call bears the other's"""
    await asyncio.gather(
        homes.post(slack.command(SOUP, team_id=TEAM)),
        homes.post(slack.command(SOUP, team_id=OTHER, channel=THEIRS, user=STRANGER)),
    )
    await homes.done(2)
    await homes.settled()
    for channel in (CHANNEL, THEIRS):
        (card,) = slack.in_channel(channel)
        assert "Full roast" in text_of(card)
    assert slack.teams.meddled == []
    assert {slack.teams.tokens[call.token] for call in slack.calls if call.method == "chat.postMessage"} == {
        TEAM,
        OTHER,
    }


async def test_pressed_in_the_other(homes, slack):
    """Buttons, mentions, reactions and the home tab in the second workspace speak with its token alone"""
    await roasted(homes, OTHER, THEIRS, STRANGER)
    (card,) = slack.in_channel(THEIRS)
    there = {"team": {"id": OTHER}, "user": {"id": STRANGER, "team_id": OTHER}}
    for label in ("Full roast", "Appeal"):
        await homes.post({**slack.press(card, label, user=STRANGER), **there})
    await homes.post(slack.event("app_home_opened", team=OTHER, user=STRANGER, tab="home", channel="D2"))
    await homes.post(slack.event("app_mention", team=OTHER, user=STRANGER, channel=THEIRS, text="<@UBOTT2> hello"))
    await slack.until(lambda: slack.views and slack.homes.get(STRANGER) and slack.private(STRANGER))
    await homes.settled()
    assert slack.teams.meddled == []


async def test_welcomed(homes, slack):
    """Whoever installed the app is said hello to, once, however often it is installed"""
    await homes.install(OTHER)
    await homes.settled()
    (hello,) = slack.direct(f"UINST{OTHER}")
    assert "Hello, I roast pull requests" in text_of(hello)


@pytest.mark.parametrize(
    ("query", "cookie", "status", "words"),
    [
        ({"error": "access_denied"}, True, 200, "You said no"),
        ({"code": "code-of-nobody"}, True, 401, "did not confirm"),
        ({}, True, 401, "sent no code"),
        ({"code": "good"}, False, 400, "same browser"),
        ({"code": "good", "state": "made-up"}, True, 401, "ten minutes"),
    ],
)
async def test_not_installed(make_home, slack, query, cookie, status, words):  # noqa: PLR0917
    """An installation that is denied, made up or from another browser ends in a page with words, and keeps nothing"""
    home = await make_home(http=True, installs=True)
    slack.teams.codes["good"] = TEAM
    state = (await home.get("/slack/install")).cookies[COOKIE]
    query = {"state": state, **query}
    cookies = {COOKIE: query["state"]} if cookie else {}
    page = await home.get("/slack/oauth_redirect", params=query, cookies=cookies)
    assert (page.status_code, words in page.text) == (status, True)
    assert await rows(home, slack_tables.installations) == []


async def test_state_used_twice(homes, slack):
    """A state is good for one installation"""
    state = (await homes.get("/slack/install")).cookies[COOKIE]
    first, second = [
        await homes.get(
            "/slack/oauth_redirect", params={"code": slack.teams.code("T3"), "state": state}, cookies={COOKIE: state}
        )
        for _ in range(2)
    ]
    assert (first.status_code, second.status_code) == (200, 401)


async def test_states_forgotten(homes):
    """States that ran out do not pile up"""
    async with homes.store.engine.execution_options(writes=True).begin() as connection:
        past = datetime(2020, 1, 1)  # noqa: DTZ001 - as the library keeps them
        await connection.execute(slack_tables.states.insert().values(state="old", expire_at=past))
    await homes.get("/slack/install")
    assert "old" not in [row["state"] for row in await rows(homes, slack_tables.states)]


async def test_whole_organisation(make_home, slack):
    """A whole organisation is turned away with words"""
    home = await make_home(http=True, installs=True)
    slack.teams.whole_organisation = True
    page = await home.install(TEAM)
    assert "one workspace at a time" in page.text
    assert await rows(home, slack_tables.bots) == []


@pytest.mark.parametrize("fault", [{"status": 503}, {"cut": True}], ids=str)
async def test_slack_away(make_home, slack, fault):
    """Where Slack fails while installing, the page says so"""
    home = await make_home(http=True, installs=True)
    slack.faults.append(Fault("oauth.v2.access", **fault))
    page = await home.install(TEAM)
    assert page.status_code in {401, 502}
    assert "Slack" in page.text


async def test_not_installed_there(homes, slack):
    """A command from a workspace without an installation is told so, and makes no job"""
    command = slack.command(SOUP, team_id="T9", channel="C9", user="U9")
    await homes.post(command)
    (told,) = await slack.until(lambda: slack.private("U9"))
    assert "install" in told["text"].lower()
    assert await homes.jobs() == []


async def test_removed(homes, slack):
    """A workspace that removes the app loses its tokens and what waits for it; the other one notices nothing"""
    await homes.queue.stop(0)
    await homes.post(slack.command(SOUP, team_id=OTHER, channel=THEIRS, user=STRANGER))
    await slack.until(lambda: slack.in_channel(THEIRS))
    for kind in ("tokens_revoked", "app_uninstalled"):
        await homes.post(slack.event(kind, team=OTHER, tokens={"bot": ["UBOTT2"]}))

    async def ended():
        jobs = await homes.jobs()
        return [job.error for job in jobs if job.state in {JobState.DONE, JobState.FAILED}]

    await slack.until_async(ended)
    assert "removed from that workspace" in (await ended())[0]
    await slack.until_async(lambda: _gone(homes))
    for table in (slack_tables.bots, slack_tables.installations):
        assert {row["team_id"] for row in await rows(homes, table)} == {TEAM}
    await homes.work()
    await roasted(homes)
    assert "Full roast" in text_of(slack.in_channel()[0])


async def test_installed_again(homes, slack):
    """After a removal, installing again brings everything back"""
    await homes.post(slack.event("app_uninstalled", team=OTHER))
    await slack.until_async(lambda: _gone(homes))
    await homes.install(OTHER)
    await roasted(homes, OTHER, THEIRS, STRANGER)
    assert "Full roast" in text_of(slack.in_channel(THEIRS)[0])


async def _gone(home):
    return {row["team_id"] for row in await rows(home, slack_tables.bots)} == {TEAM}


async def test_exchanged(homes, slack):
    """A token that is about to expire is exchanged once, whoever asks at once, and the new one is used from then on"""
    await expiring(homes, "T3")
    (old,) = [token for token, team in slack.teams.tokens.items() if team == "T3"]
    workspaces = homes.app._workspaces
    wires = await asyncio.gather(*(workspaces.of("T3") for _ in range(10)))
    assert slack.teams.exchanges == ["T3"]
    assert {wire._token for wire in wires} == {token for token, team in slack.teams.tokens.items() if team == "T3"} - {
        old
    }
    assert len([row for row in await rows(homes, slack_tables.bots) if row["team_id"] == "T3"]) == 1


async def test_exchanged_elsewhere(homes, make_home, slack):
    """Of two processes one exchanges a token; the other goes on with the old one, and then takes the new"""
    await expiring(homes, "T3")
    other = await make_home(http=True, installs=True)
    await asyncio.gather(*(one.app._workspaces.of("T3") for one in (homes, other)))
    assert slack.teams.exchanges == ["T3"]
    for one in (homes, other):
        one.app._workspaces.forget("T3")
    tokens = {(await one.app._workspaces.of("T3"))._token for one in (homes, other)}
    assert len(tokens) == 1
    assert slack.teams.exchanges == ["T3"]


async def test_exchange_fails(homes, slack):
    """Where Slack will not exchange a token, the old one goes on, and it is tried again"""
    await expiring(homes, "T3")
    workspaces = homes.app._workspaces
    slack.faults.append(Fault("oauth.v2.access", error="internal_error", times=1))
    old = (await workspaces.of("T3"))._token
    assert slack.teams.tokens[old] == "T3"
    workspaces.forget("T3")
    assert (await workspaces.of("T3"))._token != old


async def test_exchanged_and_not_kept(homes, slack, monkeypatch):
    """A token that was exchanged while the memory was away serves from ours, and is kept as soon as that is back"""
    await expiring(homes, "T3")
    workspaces = homes.app._workspaces
    writing = workspaces.installations.writing

    async def fail(_):
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(writing, "async_save", fail)
        new = (await workspaces.of("T3"))._token
    workspaces.forget("T3")
    assert (await workspaces.of("T3"))._token == new
    assert new in [row["bot_token"] for row in await rows(homes, slack_tables.bots)]


async def test_token_of_no_use(homes, slack):
    """A workspace whose token Slack does not accept is told by doctor with what to do; the other one is sound"""
    slack.teams.revoked |= {token for token, team in slack.teams.tokens.items() if team == OTHER}
    tokens = [line for line in await homes.app.check() if line.name.startswith("Slack bot token")]
    assert sorted((line.ok, "install the app again" in line.next_step) for line in tokens) == [
        (False, True),
        (True, False),
    ]


async def test_socket_mode(make_home, slack):
    """Many workspaces work over Socket Mode just as well"""
    home = await make_home(installs=True)
    slack.teams.homes.update({CHANNEL: TEAM, THEIRS: OTHER})
    for team in (TEAM, OTHER):
        await home.install(team)
    for team, channel in ((TEAM, CHANNEL), (OTHER, THEIRS)):
        await slack.send(slack.command(SOUP, team_id=team, channel=channel))
    await home.done(2)
    assert all("Full roast" in text_of(slack.in_channel(channel)[0]) for channel in (CHANNEL, THEIRS))
    assert slack.teams.meddled == []


async def test_on_postgres(make_home, slack, postgres):
    """Installing, exchanging and removing work on PostgreSQL"""
    postgres.psql("CREATE DATABASE installs;")
    home = await make_home(http=True, installs=True, url=postgres_url(postgres, "installs"))
    await home.install(OTHER)
    await expiring(home, TEAM)
    await roasted(home)
    assert slack.teams.exchanges == [TEAM]
    await home.app._lost_workspace(TEAM, "app_uninstalled")
    with pytest.raises(SlackApiError, match="app_uninstalled"):
        await home.app._workspaces.of(TEAM)
    assert (await home.app._workspaces.of(OTHER))._token in slack.teams.tokens


def test_scopes():
    """The page asks for what the manifest asks for"""
    text = (Path(__file__).parents[3] / "config" / "slack-manifest.yaml").read_text(encoding="utf-8")
    assert tuple(yaml.safe_load(text)["oauth_config"]["scopes"]["bot"]) == SCOPES


def test_columns():
    """Our tables have the very columns that Slack's library reads and writes"""
    from sqlalchemy import MetaData

    metadata = MetaData()
    theirs = [
        AsyncSQLAlchemyInstallationStore.build_bots_table(metadata, "slack_bots"),
        AsyncSQLAlchemyInstallationStore.build_installations_table(metadata, "slack_installations"),
        AsyncSQLAlchemyOAuthStateStore.build_oauth_states_table(metadata, "slack_oauth_states"),
    ]
    for table, our in zip(theirs, (slack_tables.bots, slack_tables.installations, slack_tables.states), strict=True):
        assert {column.name: column.nullable for column in our.c} == {
            column.name: column.nullable for column in table.c
        }
