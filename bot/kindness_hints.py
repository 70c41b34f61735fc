# ruff: noqa: E501 - a pattern reads best whole
"""Somebody judged by a hint: who it is stays unsaid, the judgement does not.

Thanks for what goes without saying, what anybody here never does, an "only a mind … could", a "one wonders" beside a
person, enthusiasm without ability, what nobody expected of them. ``{who}`` stands for an author, a reviewer or a name.
"""

from __future__ import annotations

_MADE = r"(?:written|typed|coded|committed|merged|approved|named|designed|reviewed|built|made|produced|brought to you|left behind|thought up|invented)"
_HEADS = r"(?:mind|hand|head|brain|soul|eye|person|human|man|woman|pair of (?:eyes|hands))s?"
_PERSONS = r"(?:people|persons?|humans?|hands?|minds?|souls?|brains?|fingers|somebody|someone|those)"
_SOMEBODY = r"(?:somebody|someone|anybody|anyone|everybody|everyone|nobody|no one|people|they)"

HINTS: tuple[tuple[str, str], ...] = (
    # Thanks and praise for what goes without saying.
    ("skill", r"\b(?:kudos|thanks|thank you|congratulations|congrats|credit|hats off|applause|bravo|respect|well done|full marks|props) (?:to|,)? ?(?:the |our )?(?:{who})[^.!?]{0,10}\bfor (?:getting|managing|remembering|bothering|trying|finally|at least|even|not|having|making it|showing up|turning up|finding)\b"),
    ("character", r"\b(?:thanks|thank you)\b[^.!?]{0,60}\b(?:we know|must have|cannot have been|can't have been|how much|how hard)\b[^.!?]{0,30}\b(?:cost|hurt|taken|hard|pained|easy)\b"),
    ("character", r"\bfor all (?:the |that )?(?:{who})(?:'s?)? (?:is|was|knows?|cares?|tried|efforts?)\b|\bto (?:his|her|their) (?:\w+ )?credit\b"),
    # What somebody here is like.
    ("character", rf"\b{_SOMEBODY} (?:here (?:does|do|did|thinks?|is|has|likes?|needs?|never|cannot|can't|should|must|owns?)|on (?:this|the) team|in this (?:team|project|company|room|repository|thread|crew)|around here)\b"),
    ("character", rf"\b{_SOMEBODY} (?:actually |really |clearly |evidently )?(?:paid|gets paid|was paid|got paid|is paid|gave up|stopped (?:caring|trying|reading|thinking)|(?:has|had) (?:given up|stopped caring|better things))\b"),
    ("character", r"\b(?:nobody|no one|everyone|everybody|we|they|maintainers|reviewers|team) (?:[\w']+ ){0,3}?expect(?:s|ed|ing)? (?:[\w']+ ){0,3}?(?:from|of) (?:the |this |that )?(?:{who}|account|person|contributor|hand|quarter)"),
    ("character", r"\breviewers?\b[^.!?]{0,80}\b(?:spectators?|bystanders?|passengers?|statues?|puppets?|sheep|sleepwalkers?|tourists?)\b"),
    ("character", r"(?:{who})[^.!?]{0,80}\b(?:meant (?:it|none)|got lost|lost (?:interest|heart|patience|the will)|behaved|showed off|never gets invited|outstayed)\b"),
    ("character", r"(?:{who})[^.!?]{0,120}\bone (?:wonders|hopes|suspects|fears|shudders|pities)\b|\bone (?:wonders|hopes|suspects|fears|shudders|pities)\b[^.!?]{0,80}(?:{who})"),
    # A mind, a hand, a person whose kind the work shows.
    ("skill", rf"\b(?:an?|the|this|only an?|no|any|some) (?:[\w-]+ ){{0,3}}?{_HEADS} (?:un\w{{4,}}ed|free of |that (?:can|could|has|never|knows)\b)|\b(?:more|less|better|cleaner|wiser|calmer|sharper|simpler|steadier) (?:[\w-]+ )?{_HEADS} (?:would|could|might)\b"),
    ("skill", rf"\b{_MADE} by (?:an? |the |some )?(?!(?:no|an?|the|two|three|four|both|other) )(?:[\w-]+ ){{1,3}}?{_PERSONS}\b(?! (?:of the|of this|and reviewed|on the|from the|in the same|who like))(?<!by hand)(?<!by the same hand)"),
    ("character", rf"\b{_MADE} by (?:people|those|somebody|someone) who (?!like|read|use|call|maintain|review)\w+|\b{_MADE} by an? (?:[\w-]+ )?(?:human being|living (?:soul|person))\b"),
    ("skill", r"\bmore than (?:can|could) be said (?:of|for|about) (?:the |its |whoever'?s? |his |her |their )?(?:thinking|thought|reasoning|judge?ment|{who}|people|hands?|person|effort)\b"),
    ("skill", r"\b(?:the )?(?:thinking|thought|reasoning|judge?ment|brain|mind|genius|person|people) behind (?:it|this|that|the (?:change|commit|code|diff|branch))\b"),
    ("skill", r"\b(?:enthusiasm|confidence|ambition|energy|zeal|effort|passion|goodwill|good intentions)\b[^.!?]{0,24}\b(?:without|but no|minus|in place of|instead of|unburdened by|untroubled by) (?:any |much |the )?(?:ability|skills?|talent|competence|knowledge|thought|understanding|experience|doubt)\b"),
    ("character", r"\b(?:it|this) (?:takes|took|must take|needs) (?:a |an |some )?(?:\w+ ){0,2}?(?:confidence|courage|nerve|bravery|genius|gall|boldness|cheek|chutzpah|innocence|imagination) to (?:push|merge|commit|write|open|name|ship|send|call this|sign|approve)\b"),
    # Said to somebody.
    ("command", r"\byou (?:could|might|should|would) (?:at least|perhaps|maybe|just|do well|do worse|have at least|also try)\b|\b(?:is|are|was) (?:just |simply |clearly |perhaps |maybe )?not your (?:thing|strength|strong suit|forte|field|calling|league|day)\b"),
    ("command", r"^(?:what|who|how) (?:were|was|are|did|do|could|can) (?:you|they|he|she|the (?:author|reviewer|developer)|{name})\b[^.!?]{0,40}\b(?:thinking|think|dare|sleep|raised|manage|get away)\b"),
    ("character", r"\bfriends don't let friends\b|\bno accounting for\b|\bsome things cannot be taught\b|\bcannot be taught\b|\bborn (?:yesterday|without)\b"),
)  # fmt: skip
