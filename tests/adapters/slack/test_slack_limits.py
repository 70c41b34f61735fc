"""Slack's figures: each one holds at the limit and is told one past it."""

import pytest

from adapters.slack import limits


def text(count, kind="plain_text"):
    """Return a text of so many characters."""
    return {"type": kind, "text": "x" * count}


def actions(*elements):
    """Return a row of elements."""
    return [{"type": "actions", "elements": list(elements)}]


def button(number=0, **more):
    """Return a button."""
    return {"type": "button", "action_id": f"a{number}", "text": text(1), **more}


def option(label=1, value=1):
    """Return a choice with a label and a value of so many characters."""
    return {"text": text(label), "value": "v" * value}


def chosen(kind, count, **more):
    """Return an element with so many choices."""
    return actions({"type": kind, "action_id": "a", "options": [option(**more) for _ in range(count)]})


CASES = {
    "blocks": (limits.BLOCKS_PER_MESSAGE, lambda n: [{"type": "divider"}] * n),
    "section": (limits.SECTION_TEXT, lambda n: [{"type": "section", "text": text(n)}]),
    "fields": (limits.SECTION_FIELDS, lambda n: [{"type": "section", "fields": [text(1)] * n}]),
    "field": (limits.SECTION_FIELD_TEXT, lambda n: [{"type": "section", "fields": [text(n)]}]),
    "header": (limits.HEADER_TEXT, lambda n: [{"type": "header", "text": text(n)}]),
    "context": (limits.CONTEXT_ELEMENTS, lambda n: [{"type": "context", "elements": [text(1)] * n}]),
    "context text": (limits.CONTEXT_TEXT, lambda n: [{"type": "context", "elements": [text(n)]}]),
    "actions": (limits.ACTIONS_ELEMENTS, lambda n: actions(*(button(at) for at in range(n)))),
    "block_id": (limits.BLOCK_ID, lambda n: [{"type": "divider", "block_id": "x" * n}]),
    "action_id": (limits.ACTION_ID, lambda n: actions(button(action_id="x" * n))),
    "button": (limits.BUTTON_TEXT, lambda n: actions(button(text=text(n)))),
    "value": (limits.BUTTON_VALUE, lambda n: actions(button(value="x" * n))),
    "url": (limits.BUTTON_URL, lambda n: actions(button(url="x" * n))),
    "alt": (limits.ALT_TEXT, lambda n: [{"type": "image", "alt_text": "x" * n, "image_url": "u"}]),
    "overflow": (limits.OVERFLOW_OPTIONS, lambda n: chosen("overflow", n)),
    "select": (limits.SELECT_OPTIONS, lambda n: chosen("static_select", n)),
    "radio": (limits.RADIO_OPTIONS, lambda n: chosen("radio_buttons", n)),
    "option": (limits.OPTION_TEXT, lambda n: chosen("overflow", 1, label=n)),
    "option value": (limits.OPTION_VALUE, lambda n: chosen("overflow", 1, value=n)),
    "label": (
        limits.LABEL_TEXT,
        lambda n: [{"type": "input", "label": text(n), "element": {"type": "radio_buttons", "options": [option()]}}],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_at_the_limit(name):
    """What is as long as Slack allows is clean"""
    most, make = CASES[name]
    assert limits.broken(make(most)) == []


@pytest.mark.parametrize("name", CASES)
def test_one_past_it(name):
    """One more than Slack allows is told"""
    most, make = CASES[name]
    assert limits.broken(make(most + 1))


def test_fallback_text():
    """The fallback text is as long as Slack wants it, and never empty"""
    assert limits.broken([], "x" * limits.TEXT_WANTED) == []
    assert limits.broken([], "x" * (limits.TEXT_WANTED + 1))
    assert limits.broken([], " ")


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "section", "text": text(0)}],
        [{"type": "section"}],
        [{"type": "context", "elements": []}],
        [{"type": "divider", "block_id": "a"}] * 2,
        actions(button(1), button(1)),
    ],
    ids=["empty text", "no text", "no elements", "block_id twice", "action_id twice"],
)
def test_what_the_sdk_overlooks(blocks):
    """Empty texts and repeated ids are told, which the SDK lets pass"""
    assert limits.broken(blocks)


@pytest.mark.parametrize(("title", "kept", "clean"), [(24, 3000, True), (25, 3000, False), (24, 3001, False)])
def test_view(title, kept, clean):
    """A window's title and what it carries have limits of their own"""
    view = {
        "type": "modal",
        "title": text(title),
        "private_metadata": "x" * kept,
        "blocks": [{"type": "divider"}] * 100,
    }
    assert (limits.broken_view(view) == []) is clean
    assert limits.broken_view({**view, "blocks": [{"type": "divider"}] * 101})
