"""What Slack would draw, drawn: nothing foreign comes alive, nothing runs out of its frame."""

import json

import pytest
from fakes import browser

from . import look

FOUND = """
const all = [...document.querySelectorAll('.message, .message *')];
document.title = JSON.stringify({
  wide: all.filter(one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth && !one.closest('button, [id^=exhibit]') && !one.querySelector('svg'))
    .map(one => one.className + ': ' + one.textContent.slice(0, 60)),
  links: [...document.querySelectorAll('.message a')].map(one => one.href),
  mentions: document.querySelectorAll('[class*=mention], [class*=broadcast], [class*=user_element]').length,
  frames: document.querySelectorAll('.message').length,
});
"""


@pytest.mark.browser
@pytest.mark.skipif(not look.HERE, reason=look.MISSING)
def test_drawn():
    """In every scene each word stays inside its message, nobody is mentioned, and only our own links can be clicked"""
    scenes = look.scenes()
    found = json.loads(browser.told(look.page(scenes, script=FOUND), width=640))
    assert found["wide"] == []
    assert found["frames"] == len(scenes)
    assert found["mentions"] == 0
    assert all(link.startswith(("https://example.com/", "https://github.com/")) for link in found["links"]), found[
        "links"
    ]
