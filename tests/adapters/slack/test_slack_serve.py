"""``roast-bot serve`` and ``doctor`` as real processes in a workspace on loopback: from the first screen to kill -9."""

import asyncio
import re

from fakes.github import made_up_pull_request
from fakes.github.made_up import made_up_file
from fakes.slack import SECRET, Fault, text_of
from serve.running import locked

from .conftest import SOUP
from .serving import APP_TOKEN, BOT_TOKEN, GITHUB_TOKEN, doctor, serving

CODE = "def pour_the_very_private_soup(): return 42  # marker in the code"


def carded(slack):
    """Return the cards that stand in the channel."""
    return [one for one in slack.in_channel() if "Full roast" in text_of(one)]


def figure(metrics, name):
    """Return the sum of a metric over its labels."""
    return sum(float(found) for found in re.findall(rf"^{name}(?:{{.*}})? (\S+)$", metrics, re.MULTILINE))


async def test_a_day(slack, github, tmp_path):
    """A served bot roasts with a picture, tells of a fault, counts both, logs neither token nor code, and ends cleanly"""
    private = made_up_pull_request(8, title="Private soup")
    private.files.append(made_up_file("src/private.py", patch=f"@@ -0,0 +1,1 @@\n+{CODE}"))
    github.add(private)
    slack.faults.append(Fault("chat.update", error="invalid_blocks", times=1))
    async with serving(slack, github, tmp_path, ROAST_LOG__LEVEL="debug") as served:
        assert "Socket Mode as @roast in Acme" in "".join(served.screen)
        await slack.send(slack.command("https://github.com/acme/soup/pull/8"))
        await slack.until(lambda: carded(slack) and "slack_file" in str(carded(slack)[0]["blocks"]), 120)
        await slack.send(slack.command("https://github.com/acme/soup/pull/404", user="U2"))
        await slack.until(lambda: slack.private("U2"), 60)
        metrics = (await served.get("/metrics")).text
        assert (await served.get("/healthz")).text == "alive\n"
        assert (await served.get("/readyz")).json()["ready"] is True
        assert await served.end() == 0
    assert figure(metrics, "roast_commands_total") == 2
    assert figure(metrics, "roast_acknowledgement_seconds_count") == 2
    assert figure(metrics, "roast_faults_total") >= 1
    for stage in ("waiting", "reading", "exhibits", "writing", "card"):
        assert f'roast_stage_seconds_count{{stage="{stage}"}}' in metrics
    said = "".join([*served.log, *served.screen])
    assert "platform started" in said
    assert [
        word for word in (BOT_TOKEN, APP_TOKEN, GITHUB_TOKEN, "very_private", "marker in the code") if word in said
    ] == []
    assert {call.token for call in slack.calls} <= {BOT_TOKEN, APP_TOKEN, ""}


async def test_killed(slack, github, tmp_path):
    """Killed with -9 right after the acknowledgement, and again while it works, the last life answers, once

    What a locked store could not take before the first death was acknowledged with words that say so.
    """
    async with serving(slack, github, tmp_path) as first:
        await slack.send(slack.command(SOUP), seconds=60)
        with locked(tmp_path):
            untaken = await slack.send(slack.command(SOUP, user="U2"), seconds=60)
            await first.kill()
    assert "again in a minute" in untaken["text"]
    begun = asyncio.Event()
    slack.before = lambda call: begun.set() if call.method == "chat.update" else None
    async with serving(slack, github, tmp_path) as second:
        await asyncio.wait_for(begun.wait(), 120)
        await second.kill()
    async with serving(slack, github, tmp_path) as third:
        await slack.until(lambda: carded(slack), 120)
        await third.end()
    assert len(slack.in_channel()) == 1
    assert slack.direct() == slack.private() == []


async def test_install_page(slack, github, tmp_path):
    """With a client id the web side offers the page for installing, and says so on the first screen"""
    more = {"SLACK_BOT_TOKEN": "", "SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": SECRET}
    more |= {"SLACK_CLIENT_ID": slack.teams.client_id, "SLACK_CLIENT_SECRET": slack.teams.client_secret}
    async with serving(slack, github, tmp_path, **more) as served:
        assert "new ones at /slack/install" in "".join(served.screen)
        page = await served.get("/slack/install")
        assert (page.status_code, "slack-app-oauth-state" in page.headers["set-cookie"]) == (200, True)
        assert (await served.get("/slack/oauth_redirect?error=access_denied")).status_code == 200
        await served.end()
    assert slack.teams.client_secret not in "".join([*served.log, *served.screen])


async def test_doctor(slack, github, tmp_path):
    """Doctor looks at tokens, scopes, clock, store and GitHub, one line each, and ends with 0 where all holds"""
    status, said = await doctor(slack, github, tmp_path)
    assert status == 0, said
    for words in ("@roast in Acme", "Slack clock", "Slack scopes", "Socket Mode", "store", "github", "clock"):
        assert words in said, said
    assert BOT_TOKEN not in said


async def test_doctor_finds_it(slack, github, tmp_path):
    """A token that Slack does not accept ends doctor with 1, and its line says what to do"""
    slack.faults.append(Fault("auth.test", error="invalid_auth"))
    status, said = await doctor(slack, github, tmp_path)
    assert status == 1
    assert "Set SLACK_BOT_TOKEN" in next(line for line in said.splitlines() if "Slack bot token" in line)
