# ruff: noqa: E501 - a pattern reads best whole
"""Of whom is it told? Characters of a running image (a clerk, a porter, a man with a clipboard) wrote nothing.

They, and the pronouns that mean them, are read as things before the rules on persons are asked.
"""

from __future__ import annotations

import re

MAKERS = (
    "author|developer|programmer|engineer|coder|contributor|committer|reviewer|maintainer|intern|colleague|teammate|submitter"
    "|user|hacker|beginner|amateur|foreigner|teenager|manager|father|mother|brother|sister|daughter|toddler|learner"
)
_THINGS = (
    "error|number|letter|order|paper|other|another|after|never|over|under|ever|later|either|rather|header|pointer|buffer"
    "|parameter|integer|character|folder|layer|corner|wrapper|matter|power|water|winter|summer|former|latter|earlier|better|computer"
    "|database|longer|shorter|larger|smaller|newer|older|floor|door|color|vector|cursor|constructor|refactor|monitor|editor|minor|major"
    "|moment|comment|document|statement|argument|variant|constant|relevant|instant|important|significant|redundant|assistant"
)
_ROLE = (
    r"(?:clerk|guest|cook|chef|king|queen|judge|guard|nurse|monk|pilot|thief|doorman|watchman|host|tenant|witness|captain|butler|maid"
    r"|bride|groom|postman|salesman|policeman|gentleman|lord|aunt|uncle|spy|ghost|knight|priest"
    rf"|(?!(?:{MAKERS}|{_THINGS})\b)[a-z]{{3,}}(?:er|or|ist|ian|keeper|man))"
)
_DETERMINED = r"\b(?:a|an|the|this|that|one|each|every|another|its|old|new|night)\s(?:[\w-]{1,20}\s){0,2}?"
_ADULT = r"(?:man|woman|gentleman|lady|person|boy|girl|fellow|couple)"
_PLACE = (
    r"(?:with|at|behind|in|on|from|by|under|of)\s(?!(?:this|these|that)\b)(?:an?\s|the\s|two\s|three\s|one\s|no\s|its\s)?"
    r"(?!(?:[\w-]+\s)?(?:commit|code|pull request|diff|branch|fix|patch|repository|keyboard|brain|clue|talent|skills?|plan|age|degree)s?\b)"
)
_CHARACTER = re.compile(_DETERMINED + _ROLE + r"\b(?!')", re.IGNORECASE)
_STAGED = re.compile(
    rf"\b(a|an|the|one|another|this)\s((?:[\w-]{{1,20}}\s){{0,2}}?){_ADULT}\s(?={_PLACE})", re.IGNORECASE
)
_BILLED = re.compile(rf"^(The) (?i:{_ADULT}) (?=Who\s(?:[A-Z][\w'-]*\s?)+$)")
"""A title: "The Man Who Asked Twice"."""
_MAKER = re.compile(rf"\b(?:{MAKERS})s?\b|\bwho(?:ever)? (?:wrote|committed|merged|approved)\b", re.IGNORECASE)
_ITS_COLLEAGUES = re.compile(
    r"(\b(?:it|which) (?:has|had|gets|meets|knows|needs) (?:[\w,'-]+ ){0,6}?)(?:colleague|teammate)(s?)\b",
    re.IGNORECASE,
)
_OF_HIM = re.compile(r"\b(?:he|she|him|himself|herself)\b", re.IGNORECASE)
_OF_THE_STORY = re.compile(
    r"\b(the|every|each)\s((?:[\w-]{1,20}\s){0,2}?)([a-z]{3,20})\s(?=(?:in|of) this\s(?:\w+\s)?(?:story|tale|sitcom|film|movie|play|novel|drama|fable|sentence|picture|scene|comedy|opera|town|house|hotel|office|country|kingdom)\b)",
    re.IGNORECASE,
)
"""The husband in this sitcom."""
_CALLED = re.compile(
    r"\b(?:calls?|called|name is|named|known as|meet|met|met with|introduces?)(?: (?:him|her|it))? {1,3}it\b",
    re.IGNORECASE,
)
"""Code introduced like somebody: "They call him `Main`", where the span is read as "it"."""
_HIS = re.compile(r"\b(?:his|her|hers)\b", re.IGNORECASE)
_BECOMES_A_THING = re.compile(
    r"\b(?:he|she) (?:is|was) (?=(?:the|an?|one) (?:\w+ )?(?:key|value|index|lock|field|flag|loop|test|thread|queue|pointer|boolean|function|default|socket)\b)",
    re.IGNORECASE,
)


def without_characters(text: str, before: str = "", people: re.Pattern[str] | None = None) -> str:
    """Return a sentence in which the characters of an image, and "he" and "she" who mean them, are things.

    ``before`` is what stands before it in the paragraph, in which a pronoun finds its antecedent. A person who
    made something and is named later than the character takes the pronouns back.
    """
    told = _BILLED.sub(r"\1 thing ", _ITS_COLLEAGUES.sub(r"\1thing\2", text))
    if not _MAKER.search(text) and not (people and people.search(text)):
        told = _STAGED.sub(r"\1 \2thing ", told)
        told = _BECOMES_A_THING.sub("it is ", told)
    if not _MAKER.search(text):
        told = _OF_THE_STORY.sub(_as_a_thing, told)
    if _means_a_character(f"{before} {text}", people):
        told = _HIS.sub("its", _OF_HIM.sub("it", told))
    return told


def _as_a_thing(found: re.Match[str]) -> str:
    return f"{found.group(1)} {found.group(2)}thing "


def _means_a_character(text: str, people: re.Pattern[str] | None) -> bool:
    """Whether the last one introduced is of the image, not of the pull request; code alone may be a "he" as well."""
    introduced = [found.start() for pattern in (_CHARACTER, _STAGED, _OF_THE_STORY) for found in pattern.finditer(text)]
    made = [found.start() for pattern in (_MAKER, people) if pattern for found in pattern.finditer(text)]
    if not introduced and not made:
        return _CALLED.search(text) is not None
    return bool(introduced) and max(introduced) > max(made, default=-1)
