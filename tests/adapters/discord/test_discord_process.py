"""``roast-bot serve`` itself against Discord and GitHub on loopback: it roasts, and a killed one is taken up."""

from fakes.discord import TYPED, text_of
from serve.running import locked, serving, until


def settings(server, github):
    """Return what the process needs to know."""
    return {
        "DISCORD_TOKEN": "made.up",
        "ROAST_DISCORD__BASE_URL": server.base_url,
        "ROAST_GITHUB__API_URL": github.url,
    }


def is_told(server):
    """Whether a card is seen."""
    return lambda: any("acme/soup#7" in text_of(one) and one["components"] for one in server.seen())


async def test_killed_between_deferral_and_answer(server, github, tmp_path):
    """A process that dies by kill -9 after the deferral is taken up by the next: one message, one card, no more posts

    What a locked store could not take before that was not deferred: its asker alone was told.
    """
    hanging = github.fault(r"/pulls/7", delay=3600)
    async with serving(tmp_path, **settings(server, github)) as first:
        assert "gateway as roast" in first.screen
        token, _ = await server.interact(TYPED)
        await until(lambda: github.asked(r"/pulls/7"))
        with locked(tmp_path):
            untaken, _ = await server.interact(TYPED, by="501")
            await first.kill()
    (told,) = server.seen(ephemeral=True)
    assert told["id"] == server.originals[untaken]
    assert "again in a minute" in text_of(told)
    assert not is_told(server)()
    github._faults.remove(hanging)
    async with serving(tmp_path, **settings(server, github)) as second:
        await until(is_told(server))
        (card,) = server.seen()
        assert card["id"] == server.originals[token]
        posts = [path for method, path, _ in server.requests if method == "POST" and path.startswith("channels/")]
        follow_ups = [path for method, path, _ in server.requests if method == "POST" and path.startswith("webhooks/")]
        assert posts == follow_ups == []
        syncs = [path for method, path, _ in server.requests if method == "PUT" and path.endswith("/commands")]
        assert len(syncs) == 1
        assert not [line for line in second.log if "Traceback" in line]
        second.process.terminate()
        assert await second.process.wait() == 0
