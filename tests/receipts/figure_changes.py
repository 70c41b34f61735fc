"""Change one thing in the recorded draft: for the property tests."""

from __future__ import annotations

from bot.verdict import Draft

_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
).split()
VALUES = {word: value for value, word in enumerate(_WORDS)}


def value_of(figure: str) -> int:
    """Return what a figure of the recorded draft says."""
    return VALUES[figure.lower()] if figure.lower() in VALUES else int(figure.replace(",", ""))


def in_words(value: int, like: str) -> str:
    """Write a value as the figure that it takes the place of was written."""
    if like.lower() in VALUES and value < len(_WORDS):
        word = _WORDS[value]
        return word.capitalize() if like[0].isupper() else word
    return f"{value:,}"


def replaced(draft: Draft, at: str, old: str, new: str) -> Draft:
    """Return the draft with ``old``, which must stand once in the part ``at`` (a paragraph's number, or a field)."""
    if not at.isdigit():
        assert getattr(draft, at).count(old) == 1, (at, old)
        return draft.model_copy(update={at: getattr(draft, at).replace(old, new)})
    paragraphs = list(draft.paragraphs)
    text = paragraphs[int(at)].text
    assert text.count(old) == 1, (at, old, text.count(old))
    paragraphs[int(at)] = paragraphs[int(at)].model_copy(update={"text": text.replace(old, new)})
    return draft.model_copy(update={"paragraphs": tuple(paragraphs)})


def figure_changed(draft: Draft, at: str, context: str, value: int) -> Draft:
    """Return the draft with the figure that ``context`` marks by braces changed to ``value``."""
    before, _, rest = context.partition("{")
    figure, _, after = rest.partition("}")
    return replaced(draft, at, before + figure + after, before + in_words(value, figure) + after)


def marked(context: str) -> str:
    """Return the figure that ``context`` marks."""
    return context.partition("{")[2].partition("}")[0]
