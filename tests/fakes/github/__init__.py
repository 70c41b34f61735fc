"""A stand-in for GitHub on loopback: a real HTTP server in a thread, which counts, remembers and misbehaves.

::

    with FakeGitHub(recordings / "github") as github:  # the recorded folder, 404 for all else
        source = GitHubSource(api_url=github.url)

    with FakeGitHub() as github:
        github.add(made_up_pull_request(7, files=100, commits=100, comments=100))
        github.fault("/pulls/7/reviews", status=502, times=2)
        ...
        github.requests  # what was asked, with headers
        github.rounds  # sequential round trips, with lockstep=…

The pieces: ``FakeGitHub`` (the server), ``made_up_pull_request`` and ``PullRequestData`` (made-up content),
``Fault`` (what goes wrong, where and how often).
"""

from fakes.github.made_up import SEVEN, PullRequestData, made_up_pull_request
from fakes.github.server import FakeGitHub, Fault, Seen

__all__ = ["SEVEN", "FakeGitHub", "Fault", "PullRequestData", "Seen", "made_up_pull_request"]
