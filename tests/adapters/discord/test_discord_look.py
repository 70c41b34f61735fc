"""What Discord's clients would draw, drawn: nothing foreign comes alive, nothing runs out of its frame."""

import json
import re

import look
import pytest
import scenes
from fakes import browser

OVERFLOWING = """
document.fonts.ready.then(() => {
  const wide = [...document.querySelectorAll('.embed,.embed *,.button,.menu')]
    .filter(one => one.className !== 'button b2' && one.scrollWidth > one.clientWidth + 1 && one.clientWidth);
  const blank = [...document.images].filter(one => !one.naturalWidth);
  document.title = JSON.stringify({
    wide: wide.map(one => one.className + ': ' + one.textContent.slice(0, 60)), blank: blank.length,
    fonts: [...document.fonts].filter(one => one.status === 'loaded').length, embeds: document.querySelectorAll('.embed').length,
  });
});
"""


@pytest.mark.parametrize("name", scenes.SCENES)
def test_nothing_foreign_comes_alive(name):
    """In no scene is there a link, a spoiler, an emphasis or a quotation but ours"""
    drawn = re.sub(r"data:[^']+", "", scenes.SCENES[name]())
    assert "class=message" in drawn
    assert "class=spoiler" not in drawn
    assert "<b>html</b>" not in drawn
    assert "<blockquote>" not in drawn
    addresses = re.findall(r"href='(.*?)'", drawn)
    assert all(one.startswith(("https://example.com/", "https://github.com/")) for one in addresses), addresses


@pytest.mark.browser
@pytest.mark.skipif(not browser.CHROMIUM, reason=browser.MISSING)
@pytest.mark.parametrize("theme", look.THEMES)
def test_nothing_runs_out_of_its_frame(theme):
    """On the dark and the light theme every word stays inside its embed, its button and its menu"""
    page = look.page([make() for make in scenes.SCENES.values()], theme, script=OVERFLOWING)
    found = json.loads(browser.told(page, width=640))
    assert found["wide"] == []
    assert found["blank"] == 0
    assert found["fonts"] >= 3
    assert found["embeds"] >= len(scenes.SCENES)
