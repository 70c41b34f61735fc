"""The models in GitHub's words."""

from urllib.parse import unquote, urlsplit

import pytest

from bot.display import web_address
from bot.pull_request import PullRequest, User

PULL = PullRequest(
    owner="acme", repo="soup", number=7, title="", user=User(login="ada"), head_sha="f00",
    url="https://github.com/acme/soup/pull/7",
)  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "a b.py",
        "c#.py",
        "what?.md",
        "100%.txt",
        "%20.txt",
        "käse/süppchen.py",
        "汤.py",
        "[id]/(x).tsx",
        "a\\b",
        "x\ty",
        "+@&=",
    ],
)
def test_the_page_of_a_file_is_an_address_whatever_it_is_called(path):
    """A path with marks that mean something in addresses leads to that very file, at its line"""
    url = PULL.blob_url(path, 3)
    parts = urlsplit(url)
    assert web_address(url) == url
    assert (unquote(parts.path), parts.query, parts.fragment) == (f"/acme/soup/blob/f00/{path}", "", "L3")


def test_a_path_of_half_a_letter_costs_no_receipt():
    """What no address can spell does not raise"""
    assert web_address(PULL.blob_url("so\ud800up.py"))
    assert web_address(PULL.blob_url("so\udcffup.py"))
