# ruff: noqa: E501 - a pattern reads best whole
"""Who, and which trait: both must be in a sentence for it to be stopped here.

Who: an author, a login, "you", "somebody who", a "he" without an antecedent. Which trait: looks, origin, health,
religion, family, name, age, hours, work, skill, character.

Code may have any trait: without somebody in the sentence nothing here applies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.kindness_scene import MAKERS

_NOT_EVENTS = (
    "failed|lacked|seemed|appeared|believed|hoped|loved|hated|panicked|pretended|struggled|bothered|needed|deserved|ignored|tried"
    "|confused|cared|mattered|enjoyed|feared|refused|cheated|dreamed|imagined|guessed|treated|behaved|learned|wished|slurred|talented"
    "|armed|gifted|inspired|skilled|challenged|obsessed|experienced|tired|bored|ashamed|depressed|retired|copied|abandoned|drooled"
    "|sneezed|snored|stumbled|fumbled|blundered|mumbled|burned|typed|peaked|nodded|yawned|shrugged|sighed|giggled|dozed|prayed|smelled|stopped (?:thinking|caring|trying|listening|reading)|ghosted"
)
EVENT = (
    rf"(?!(?:{_NOT_EVENTS})\b)[a-z]{{2,14}}ed\b(?! (?:to (?:look|impress|go home|understand)|like)\b)|(?:saw|read|sent|tells?|told|spoke|drew|cut|ran|held|sat|stood|laid|set|shut|let|led|met|won|bent|dug|wound|threw|swept|thought of|rewrote|undid|redid|dug|hid|taught"
    r"|explains|asks|answers|notes|links|cites|points (?:to|out)|credits|thanks|reports)\b"
)
"""What happens in a pull request: told in the past tense, while a habit (a trait) is told in the present."""

_MAKER = (
    rf"(?<![`_.])\b(?:{MAKERS.partition('|user')[0]})s?\b(?! ?(?:field|class|model|table|column|id|key|object|_|\(|=))"
)
_SOMEBODY = (
    rf"{_MAKER}|\b(?:some|any)(?:one|body) (?:who|in|with|on)\b|\bwhoever\b|\b(?:a|the|what) (?:mind|person|brain|soul|human) (?:that|who|of|behind)\b"
    r"|\bour hero(?:ine)?\b|\bpeople who\b|\bnobody who\b|\bthis (?:developer|person|coder|human)\b"
)
_ALONE = r"\b(?:he|she|you|your|his)\b"

_TRAITS: tuple[tuple[str, str], ...] = (
    ("skill", r"(?:instincts?|imagination|talents?|gifted|intellect\w*|intelligence|wits|brains?|expertise|competence|knowledge|literacy|diploma"
              r"|university|kindergarten|homework|self-taught|novice|beginner|clueless|(?:can|could)(?:not|n't) (?:count|read|spell|write|think|code)"
              r"|(?:common|good) sense|stop(?:ped|s)? (?:thinking|reading)|(?:think|thought|thinking) (?:this|it|things) through|out of ideas)"),
    ("character", r"(?:dignity|patience|conscience|manners|self-(?:esteem|respect|control|confidence)|confidence|discipline|lazy|laziness|ego|vanity|arrogan\w+"
                  r"|stubbornness|cowardice|jealous\w*|greed|ambition|personality|attitude|temper|mood|commitment issues|trust issues|opinions about"
                  r"|would rather|is not a|(?:one|no) speed|at a party|lovely mess|feels? sorry|qualities|virtues?)"),
    ("looks", r"(?:beard|haircut|hairline|belly|nose|teeth|glasses|wardrobe|hoodie|selfie|waistline|overweight|underwear|handsome)"),
    ("health", r"(?:pulse|eyesight|medication|therapy|therapist|diagnosis|disorder|disease|symptoms of|insomnia|hangover|hungover|drunk|beer|wine|whisk(?:e)?y|pub"
               r"|vodka|tipsy|coffee addiction|exhausted|tired|burnout|migraine|concussion|memory is)"),
    ("origin or language", r"(?:accent|mother tongue|native language|passport|visa|nationality|homeland|ethnic\w*|this country|comes? from, |(?:command|kind|knowledge|grasp|sort) of english"
                           r"|(?:his|her|their|author's) english|dialect of english)"),
    ("religion", r"(?:church|mosque|synagogue|temple|bible|baptis\w+|prayers?|prayed|pious|godless|rosary)"),
    ("family", r"(?:mommy|daddy|mum|mom|wife|husband|spouse|fianc\w+|girlfriend|boyfriend|toddler|upbringing|childhood|household|in-laws|ancestors)"),
    ("gender or age", r"(?:(?:his|her|their|your) age|young people|old enough to know|teenag\w+|adolescen\w+|elderly|middle-aged|puberty|masculin\w+|feminin\w+|girlish|diapers)"),
    ("name", r"(?:surnames?|a lovely name|such a (?:long )?name|maiden name|middle name)"),
    ("hours", r"(?:asleep|sleeps?|sleepless|bedtime|to bed|(?<!you )go(?:es)? home|midnight oil|after midnight|late nights?|overtime|day off|weekends?|night shift|eight hours)"),
    ("work", r"(?:salary|paid (?:by|for)|payroll|a raise|promot(?:ed|ion)|performance review|fired|hir(?:ed|ing)|unemployed|job interview|résumé|resume|demoted|seniority|boss)"),
    ("character", r"(?:like (?:a|an) (?:man|woman|child|drunk|person|teenager|toddler|fish|cow|cat|dog|amateur|thief)|the way (?:other |some |most )?(?:people|others|men|women|teenagers|children|a \w+|an \w+)"
                  r"|as (?:if|though|people do)|with (?:all )?the (?:confidence|grace|enthusiasm|care|subtlety|precision|patience|speed|elegance) of)"),
)  # fmt: skip

_SAYS_BY_ITSELF: tuple[tuple[str, str], ...] = (
    ("skill", rf"\b(?:an?|any) (?:[\w-]+ ){{0,2}}?(?:{_MAKER}|expert|professional)(?: [\w-]+){{0,4}}? (?:would|could|might|should)\b"),
    ("character", r"^{name}: (?![\d`\"“])"),
    ("character", rf"(?:{_MAKER}|{{name}}), who (?:has|have|is|can|cannot|thinks|likes|loves|never|always|knows|does)\b"),
    ("character", rf"\b(?:{_MAKER}|{{name}})[^.!?]{{0,120}}\b(?:did it again|once again|as usual|every (?:single )?time|yet again)\b"),
    ("character", r"\b(?:one|an?other|two|more|enough|any|such an?|too many|a) {name}"),
    ("gender or age", r"\b(?:he|she) (?:\w+ly )?(?:wrote|approved|merged|committed|pushed|reviewed|opened|named|reverted|typed|coded|refactored) (?:it|this|that|them|the|a)\b"),
    ("character", rf"\b(?:{_MAKER}|{{name}})[^.!?]{{0,120}}\b(?:his|her) (?!own|first|last|second|tests?|commits?|code|change|branch|fix|description|review|comments?)"),
    ("command", r"(?:^|[.!?,] )you (?:again|seem|think|believe|love|hate|really|probably|apparently|surely|wrote|typed|pushed|committed|merged|broke|forgot|thought|tried|managed|chose|decided|are (?:not|no|the kind|a)|ought|lack)\b"),
    ("command", r"\byour (?:\w+ )?(?:boss|manager|managers|team|teammates|colleagues|reviewers?|employer|performance|idea of|notion of|understanding|career|salary|neighbou?rs?|therapist|friends?)\b"),
    ("command", r"(?:^|[.!?,] )(?:stick to [A-Za-z]+|enjoy your|step away from|stay away from|keep away from|leave (?:it|this|that|the \w+) to (?:the )?(?:others|adults|professionals|grown-ups))\b|\bfor everyone's sake\b"),
    ("work", r"\b(?:nobody|no one|who) (?:would )?(?:hires?|pays?|employs?) (?:for|anyone|somebody|someone|people)\b"),
    ("health", r"\bsmells? of (?:beer|wine|whisky|alcohol|drink|vodka|rum)\b|\bto the pub\b|\bin the pub\b"),
    ("hours", r"\b(?:another|one more|many a|a) late[- ]night\b"),
    ("insult", r"^what an? (?:[\w-]+ )?(?:clown|disgrace|amateur|fraud|disappointment|failure|hack|nobody|diva)[.!]*$|^(?:pathetic|embarrassing|disgusting|hopeless|useless|amateurish|shameful|lazy|stupid)[.!]*$"),
    ("family", r"\b(?:mommy|daddy)\b"),
)  # fmt: skip
"""Who and trait in one phrase: ``{name}`` stands for a name that was told."""

_DONE_TO = re.compile(rf"\b(?!(?:{_NOT_EVENTS})\b)[a-z]{{2,14}}ed (?:the|an?|its|two|all) (?:[\w-]+ )?$", re.IGNORECASE)
_NOBODY = r"(?!)"
_SENTENCES = re.compile(r"(?<=[.!?]) +(?=[A-Z\"'“])")
_WHO = re.compile(_SOMEBODY, re.IGNORECASE)
_WHO_ALONE = re.compile(_ALONE, re.IGNORECASE)
_WHAT = tuple((about, re.compile(rf"\b{trait}(?!\w)", re.IGNORECASE)) for about, trait in _TRAITS)


def traits(text: str, named: re.Pattern[str] | None) -> Iterator[tuple[str, str]]:
    """Yield (what it is about, the words) for each trait of somebody; ``named`` finds the names that were told."""
    name = f"(?:{named.pattern})" if named else _NOBODY
    for sentence in _SENTENCES.split(text):
        somebody = _WHO.search(sentence) or _WHO_ALONE.search(sentence) or (named and named.search(sentence))
        if somebody:
            yield from ((about, found.group()) for about, what in _WHAT if (found := _trait(what, sentence)))
        for about, phrase in _SAYS_BY_ITSELF:
            if found := re.search(phrase.replace("{name}", name), sentence, re.IGNORECASE):
                yield about, found.group()


def _trait(what: re.Pattern[str], sentence: str) -> re.Match[str] | None:
    """Return the first trait that is not what an event was done to: "deleted the sleep" is about a line of code."""
    return next((it for it in what.finditer(sentence) if not _DONE_TO.search(sentence[: it.start()][-40:])), None)
