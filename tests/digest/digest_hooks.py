"""GitHub's deliveries and remarks, made up; and short ways to have a merge worked off."""

from __future__ import annotations

import hashlib
import hmac
import json

from bot.webhooks import MERGED

SECRET = "It is soup"


class Remarks:
    """Remarks on pull requests, in memory."""

    def __init__(self):
        self.bodies = []
        self.error = None

    async def find(self, repository, number, marker):
        """Look."""
        return next((str(at) for at, body in enumerate(self.bodies, 1) if marker in body), "")

    async def post(self, repository, number, body):
        """Put one there."""
        self.bodies.append(body)
        if self.error:
            raise self.error
        return str(len(self.bodies))

    async def edit(self, repository, remark, body):
        """Put other words into one."""
        self.bodies[int(remark) - 1] = body


def event(number=1, *, action="closed", merged=True, repository="acme/soup"):
    """Return a delivery's body."""
    told = {
        "action": action,
        "pull_request": {"number": number, "merged": merged},
        "repository": {"full_name": repository},
    }
    return json.dumps(told).encode()


def headers(body, delivery="d1", *, secret=SECRET, name="pull_request"):
    """Return a delivery's headers."""
    mark = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"x-hub-signature-256": f"sha256={mark}", "x-github-delivery": delivery, "x-github-event": name}


async def merge(kitchen, hooks, number=1, delivery="d1"):
    """Have a merge delivered and worked off; return what ended in words."""
    body = event(number)
    assert (await hooks.hear(headers(body, delivery), body))[0] == 202
    return await work_off(kitchen, hooks)


async def work_off(kitchen, hooks):
    """Work off what waits, and what that makes; return what ended in words."""
    words = []
    while job := await kitchen.store.next_job("worker", [MERGED]):
        words.append(await hooks.work(job))
        await kitchen.store.finish_job(job.id, words[-1])
    return " ".join(filter(None, words))


async def later(kitchen, hooks, **by):
    """Let time pass, and what was hindered be tried again."""
    kitchen.watch.forward(**by)
    await hooks.sweep()
    return await work_off(kitchen, hooks)
