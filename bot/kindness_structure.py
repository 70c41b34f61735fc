# ruff: noqa: E501 - a pattern reads best whole
"""Somebody judged by the work: what the words have in common is how the sentence is built, not which trait it names.

A human who wrote, typed or approved it; a creature that would have done it better; an order to do something with one's
life; praise for what anybody can do; a lack that a group shares. The makers of a pull request themselves ("the author
wrote") are no finding here: what they may be said to do is settled in ``kindness`` and ``kindness_patterns``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.kindness_hints import HINTS

_HUMANS = (
    r"(?:adult|grown-?up|boy|girl|lady|ladies|kid|child|children|toddler|baby|teen(?:ager)?|youngster|man|woman|men|women|guy|bloke|chap|lad"
    r"|grandpa|grandma|granny|pensioner|boomer|millennial|graduate|student|freshman|schoolboy|schoolgirl|pupil|genius|expert|professional|novice"
    r"|beginner|amateur|junior|newcomer|person|people|human|bidder|contractor|consultant|freelancer|intern|hire|tourist|stranger|hobbyist|drunk)s?"
)
_SOME_HUMANS = _HUMANS.replace("|person|people|human", "")
_MAKERS = r"(?:author|engineer|developer|programmer|coder|dev|committer|reviewer|maintainer|contributor|hacker|mind|brain|soul)s?"
_ANYONE = r"(?:some|any)(?:one|body)"
_MAKES = (
    r"(?:writ(?:e|es|ing|ten)|wrote|cod(?:e|es|ed|ing)|typ(?:es|ed|ing)|committ(?:ed|ing)|commits|merg(?:e|es|ed|ing)|approv(?:e|es|ed|ing)"
    r"|nam(?:es|ed|ing)|design(?:s|ed|ing)?|push(?:es|ed|ing)|review(?:s|ed|ing)|program(?:s|med|ming)|architect(?:ed)?|refactor(?:s|ed)?|name it)"
)
_MADE_BY = r"(?:written|typed|coded|committed|merged|approved|named|designed|reviewed|built|dictated|drawn|put together|thrown together|assembled|signed off)"
_CREATURES = (
    r"(?:donkey|monkey|ape|chimp(?:anzee)?|gorilla|baboon|goat|cow|pig|sheep|horse|mule|ox|dog|puppy|cat|kitten|hamster|gerbil|squirrel|rat|mouse"
    r"|parrot|pigeon|chicken|hen|duck|goose|magpie|goldfish|trout|snail|sloth|worm|slug|octopus|jellyfish|bear|raccoon|walrus|lemming|moth"
    r"|toddler|child|infant|baby|kindergartener|grandmother|grandma|grandfather|grandpa|uncle|aunt|nephew|niece|intern|schoolboy|student|drunk"
    r"|potato|houseplant|turnip|cactus|toaster|brick|rock|doorstop|coin|dice|ouija board|horoscope|fortune cookie)s?"
)
_ELEMENTARY = (
    r"(?:keyboard|mouse|space ?bar|shift key|enter key|caps lock|delete key|merge button|on switch|internet|semicolons?|brackets?|loops?|variables?"
    r"|indentation|documentation|manual|copy and paste|the alphabet|spelling|arithmetic|counting|version control|google|stack overflow|functions?|comments?)"
)
_LIFE = (
    r"(?:keyboard|mouse|laptop|computer|terminal|friend|mother|teacher|adult|professional|colleague|therapist|doctor|pottery|gardening|knitting|farming"
    r"|painting|yoga|fishing|baking|hobby|hobbies|career|profession|trade|brain|your brain|life|nap|walk|holiday|account|apology|favou?r|kindness"
    r"|cv|résumé|help|school|class|course|bed|home|mirror|person who taught)"
)
_ORDER = (
    r"(?!stay with the one )(?:^|[.!?:;,] |\b(?:please|just|kindly|honestly,|now) )(?:put|do|go|get|take|ask|leave|stop|apologi[sz]e|find|hand|give|return|close|delete|switch"
    r"|consider|try|stick|step|look|buy|read|turn|stay|seek|call|see|sell|quit|enjoy|show|bring)\b"
)
_PEOPLES = (
    r"(?:indians?|chinese|russians?|americans?|germans?|french|british|brits|english|irish|poles|italians?|spanish|mexicans?|brazilians?|nigerians?|africans?|asians?"
    r"|europeans?|arabs?|turks|japanese|koreans?|vietnamese|ukrainians?|israelis?|pakistanis?|romanians?|dutch|swedes|swiss|canadians?|australians?|easterners|southerners)"
)
_HUMAN_LIFE = (
    r"(?:dinner|breakfast|supper|girlfriend|boyfriend|medals?|trophy|luck|lucky|gift|gifted|talent|talented|confidence|courage|brave|proud|pride|humble|humility|modest|soul"
    r"|feelings|emotions|dreams|dreamt|childhood|parents|school|college|university|degree|bootcamp|homework|resume|cv|career|interview|salary|boss|hobby|hobbies|weekends?"
    r"|vacation|exhausted|beers?|wine|pub|party|friends|mother|father|wife|husband|kids|gym|diet|god|horoscope|zodiac|generation|passport|visa|village|beard"
    r"|haircut|hoodie|face|nose|brains?|mind|patience|temper|mood|moods|ego|vanity|taste|judge?ment|intelligence|genius|lessons?|fault|guilt|shame|pity|tears|smile|charm|smiling"
    r"|emotional|upset|lonely|lazy|laziness|curiosity|curious|ambition|ambitious|confident|arrogant|clueless|houseplant|planet|species|evolution|upbringing|manners|conscience"
    r"|dignity|self-taught|genes|instincts?|personality|life|lives|heart|home at night|at home|common sense|details person|people person|attention to detail|basic arithmetic)"
)
_AGES = r"(?:thirty|forty|fifty|sixty|seventy|eighty|[3-8]\d)(?:-\w+)?"

_STRUCTURES: tuple[tuple[str, str], ...] = (
    # A human, not a maker of the pull request, who makes it all the same.
    ("character", rf"\b(?!no (?:human|person|people)\b)(?:an?|the|no|any|some|every|such an?|what an?|these|those|most|few|real|one)\s(?:[\w'-]+\s){{0,3}}?{_HUMANS}\s(?:(?:who|that)\s)?(?:[\w']+\s){{0,3}}?{_MAKES}\b"),
    ("character", rf"\b{_MADE_BY} by (?:an?|the|some|any|one)?\s?(?:[\w-]+\s){{0,3}}?(?:{_SOME_HUMANS}|{_ANYONE})\s(?:who|with|whose|in an?|on|without|falling|having|that|wearing|under)\b"),
    ("character", rf"\b(?:kind|sort|type|breed|brand|class) of (?:{_HUMANS}|{_MAKERS}|{_ANYONE})\s(?:who|that|to)\b|\b(?:he|she|they) (?:is|are|was) the (?:sort|kind|type) (?:who|that|to)\b"),
    ("character", rf"\bwhat (?:an?|sort of|kind of)\s(?:[\w-]+\s){{0,3}}?(?:{_HUMANS}|{_MAKERS})\s(?:it takes|to (?:write|do|think|name|merge|leave)|would|does|did|wrote|writes)\b"),
    ("gender or age", rf"\b(?:{_HUMANS}|{_MAKERS}|{_ANYONE})'s (?:first|second|idea|notion|attempt|concept|understanding|guess)\b(?! (?:commit|test|version|review|comment|question|push|attempt|draft|message|answer|round)s?\b)"),
    ("skill", rf"\b(?:bad|good|fine|impressive|tidy|clean|readable|great|acceptable|decent|nice)\b[^.!?]{{0,20}} for (?:an?|some)\s?(?:[\w-]+\s){{0,2}}?(?:{_HUMANS}|{_MAKERS}|one|body|designer|manager|marketer)\b"),
    ("skill", rf"^for (?:an?\s(?:[\w-]+\s){{0,2}}?(?:{_HUMANS}|{_MAKERS})|{_ANYONE})\b[^.!?]{{0,40}},"),
    ("gender or age", r"\b(?:ladies|girls|boys|women|men|kids|juniors|beginners|pensioners|teenagers) (?:should|ought|must|need|had better|cannot|can't|these days|may|might|do not|don't|will never)\b"),
    ("gender or age", rf"\b(?:at|aged|over|past) {_AGES},? (?:one|you|he|she|they|people|a man|a woman|the author)\b|\b(?:nobody|no one|{_ANYONE}) (?:this|that|so) (?:young|old|junior|senior|green|tired)\b"),
    ("gender or age", r"\b(?:which|what|another) (?:decade|century|generation) (?:the|this|that|its) (?:author|developer|reviewer|programmer)\b|\bpast (?:his|her|their) prime\b"),
    ("work", rf"\b(?:hir(?:e|ed|ing)|employ(?:ed|ing)?|pay(?:ing)? for|promot(?:e|ed|ing)|fir(?:ed|ing)) (?:one|an?|some|a few|two|more|the)?\s?(?:[\w-]+\s)?(?:{_SOME_HUMANS}|{_MAKERS}|(?:somebody|someone) (?:else|competent|better|good|qualified|new|who can|who knows))\b"),
    ("work", rf"\b(?:let|lets|letting|allow\w*|put|putting) (?:[\w-]+ ){{0,2}}?{_HUMANS} (?:\w+ )?(?:near|at|loose|anywhere)\b"),
    ("skill", r"\b(?:better|worse|cleaner|finer) (?:code|tests?|work|commits?|diffs?|regexe?s?|english) (?:from|by|written by|in) (?:people|an?|my|your|the|children)\b"),
    ("work", r"\b(?:trust|leave it to) (?:an?|the) (?:[\w-]+ )?(?:consultant|contractor|freelancer|manager|designer|junior|intern|senior|engineer|developer)\b|\bhiring process|\binterview process|\bthe (?:cheapest|lowest) bidder\b"),
    # Who left it here; a user of the code ("whoever calls `close`") is told in the present tense.
    ("character", r"\bwhoever (?:signed|approved|merged|typed|designed|named|coded|committed|reviewed|pushed|invented|planned|hired|left|put|made|let|built|chose|gave|got|came|taught|brought|had|was|is (?:responsible|behind|to blame)|signs?|thinks|thought|needs? (?:glasses|help))\b(?! (?:back|in|next|first) )"),
    # A creature that would have done it better.
    ("skill", rf"\b(?:an?|any|my|your|the|even an?|two|some)\s(?:[\w'-]+\s){{0,2}}?{_CREATURES}\b[^.!?]{{0,60}}\b(?:would|could|might)(?: have|n't)?\s(?:[\w']+\s){{0,2}}?(?:got|found|seen|caught|noticed|spotted|known|done|written|closed|named|tested|reviewed|merged|managed|read|better|sooner|been)\b"),
    ("skill", rf"(?:{{who}})[^.!?]{{0,140}}\b(?:what|than|like|as|way|of|in which|with the \w+ of) (?:an?|my|your|the|some)\s(?:[\w'-]+\s){{0,2}}?{_CREATURES}\b|\b(?:an?|my|your|the) (?:[\w-]+ )?{_CREATURES}\b[^.!?]{{0,120}}\bthan (?:the )?(?:{{who}})"),
    ("character", rf"\bbetween (?:an?|the) (?:{_HUMANS}|{_CREATURES}) and (?:an?|the) (?:{_HUMANS}|{_CREATURES})\b|\b{_CREATURES}, an? (?:keyboard|typewriter|laptop)\b"),
    # An order to do something with one's life.
    ("command", rf"{_ORDER}(?! (?:this|that|the) (?!{_MAKERS}|{_HUMANS})\w+ an? )(?: [\w'-]+){{0,5}}? (?:the |an? |your |some |your own |another |one's )?{_LIFE}\b(?!\.(?:py|ts|go)|-)(?! (?:to|of|module|class|field|flag|file|function|service))"),
    ("command", r"^(?:go|do|be|try|get|stop|delete|put|close|take) [^.!?,]{0,40}\band (?:apologi[sz]e|take up|start (?:over|again)|find|ask|learn|get|go)\b"),
    ("command", r"\bwith (?:the|your|a) brain (?:switched|turned)? ?on\b|\b(?:start|begin) (?:over|again) as\b|\b(?:hang up|put down|step away from) (?:the|your|his|her) (?:keyboard|mouse|laptop)\b"),
    ("command", r"\b(?:somebody|someone|anyone)(?: please)?,? (?:please )?(?:take|hide|confiscate|stop|help|unplug|call|buy|give)\b|\b(?:do not|don't|never) (?:ask|let|trust|hand|give|tell|leave) (?:the )?(?:{who})"),
    ("command", r"\b(?:if|since|when) you (?:cannot|can't|could not|do not know how to) (?:spell|count|read|write|code|type|name)\b|\b(?:perhaps|maybe) (?:do not|don't) (?:write|define|name|review|merge|code|program)\b"),
    # Praise for what anybody can do.
    ("skill", rf"(?:{{who}}),?(?: who)?(?: has| had)?(?: finally| just| even| at last| now)? (?:found|discovered|met|heard (?:of|about)|located|learn(?:ed|t)(?: about)?|found out about|mastered|knows)(?: about)?(?: the| an?)? {_ELEMENTARY}\b"),
    ("skill", r"(?:👏|\bbravo|\bcongratulations|\bwell done|\bapplause|\bmedal)[^.!?]{0,40}(?:{who})[^.!?]{0,40}\b(?:discovered|unaided|unassisted|all by|without help|finally|managed)\b|(?:{who})[^.!?]{0,60}\b(?:unaided|all by (?:him|her|them)sel(?:f|ves))\b"),
    ("character", r"\bhow (?:brave|bold|kind|sweet|nice|cute|thoughtful|generous|adorable) of (?:the )?(?:{who})|\bbless (?:you|him|her|them|the author)\b|\b(?:there goes|here comes) (?:the )?(?:{who})|\bliving proof\b"),
    ("character", r"\b(?:until|before|except when|unless) (?:the )?(?:{who}) (?:had|touched|got (?:hold of|to)|came|arrived|showed up|opened (?:the|an) editor)\b(?! (?:the|an?|asked|already))"),
    ("character", rf"\b(?:not (?:one|a single|an?)|no|without an?|half an?|barely an?) (?:\w+ )?(?:pair of eyes|brain|thought|clue|spine|conscience|pulse) (?:among|between|of) (?:them|the)\b|\b{_ANYONE} (?:with|without) (?:a pulse|eyes|a brain|one)\b"),
    ("character", r"\bnot (?:everybody|everyone|every person|all people) (?:is|are|was) (?:meant|made|born|cut out|supposed)\b|\bsome (?:people )?are born\b|\bmuscle memory\b|\bwas merely nearby\b"),
    # The life outside: family, friends, schools, far countries, pubs.
    ("family", r"\b(?:(?:lack of|no|without) (?:friends|girlfriends?|boyfriends?|a girlfriend|a boyfriend|a social life|parents)|(?:never|not) (?:been |being )?(?:hugged|loved|raised|brought up)|(?:being |be |get |got )?married to (?:the|this|that|some|whoever|him|her|{who})|somebody's parents|(?:{who}) (?:has|have|had) (?:a |an |\w+ )?(?:children|kids|wife|husband|family|mother))\b"),
    ("skill", r"\b(?:a |the |his |her |their )?(?:bootcamp|college|university|school|tutor|professor|kindergarten) (?:owes|should|would|must|failed|is missing|lost|wants)\b|\b(?:went|go|been|goes) to (?:college|university|school|kindergarten)\b|\b(?:computer science|philosophy|arts) degree\b|\byour (?:cv|résumé|degree|diploma|bootcamp)\b"),
    ("origin or language", rf"\b(?:with|about) the {_PEOPLES} (?:and|that)\b|\bthe {_PEOPLES} (?:do|are|have|love|like|never|always) \b|\b(?:they|people) teach (?:\w+ )?in [A-Z]|\bpart of the world\b|\b(?:people|they|folks|developers|things) (?:back |over |out |down )there\b|\b(?:back )?in (?:his|her|their) (?:country|village|homeland|parts)\b"),
    ("origin or language", r"\benglish (?:is|was|were|being) (?:\w+ )?(?:hard|late|foreign|second|third|difficult|optional|unhappy|not|never|clearly|just|only|rumour)\b|\b(?:through|by|with|of) (?:a|an online|google|the|machine) translat(?:or|e|ion)\b|\b(?:allergic|hostile|a stranger) to (?:vowels|grammar|spelling|english|articles|punctuation|commas)\b"),
    ("health", r"\b(?:{who})[^.!?]{0,40}\b(?:on the phone|for a smoke|at the bar|after (?:dinner|lunch|drinks)|at the pub|in therapy|on medication|seeing things)\b|\b(?:needs?|buy|get) (?:new )?(?:glasses|spectacles|a hearing aid)\b|\bglass eye\b|\b(?:eye|eyes)[^.!?]{0,20}, and (?:it is|they are) glass\b"),
    ("hours", r"\b(?:decent|normal|sane|other|most|healthy) people (?:are|were|go|have gone|sleep)\b|\bone eye on (?:the )?clock\b|\bno girlfriend\b|\b(?:go|off|went) to bed, \w+|\b(?:{who}) (?:gets|got|grew|grows|was|is) (?:more |too )?(?:tired|sleepy|hungry|bored|drunk|angry)\b"),
    ("religion", r"\bbelieves? in (?:god|allah|jesus|heaven|hell|karma|buddha)\b|\bgod (?:gave|made|forgot|forgive|help|knows why)\b"),
    # Said of a maker: what would be so if they were another, what they are beside the work, whom they are like.
    ("skill", r"\b(?:if|had|were|unless|imagine|imagines|suppose|picture|perhaps|maybe|presumably|surely) (?:only )?(?:the |this |an? )?(?:{who})(?! (?:asked|had (?:asked|already)))\b(?:'s?)? (?:had|have|could|would|were|was|is|at|in|read|known|ever|ha[sd])\b"),
    ("character", r"(?:{who}), (?:an?|no|not|never|always|ever|being|like|once|himself|herself|of all|for one|sadly|alas|naturally|predictably|unaware|famous|known|a stranger)\b(?! (?:\w+ )?(?:bots?|reviewer|maintainer|contributor|commit|later|day|week|reply|answer|again))"),
    ("character", r"\b(?:this|our|dear|that|such an?|some|oh|ah|poor) (?:\w+ )?(?:author|contributor|committer|developer|engineer|programmer|coder)\b(?!'s (?:commit|test|fix)| (?:field|table|class|id|key|tag|node|column|page))"),
    ("character", rf"\b(?:{_MAKERS}|person|mind) who (?:(?!(?:asks|answers|reviews|approves|calls|reads|uses|opens|maintains|is|was|has)\b)[a-z]{{2,12}}s|never|always|cannot|can't|cannot|would|thinks?|needs?|do not|don't|does not|doesn't)\b"),
    ("command", r"\b(?:(?:maybe|perhaps) next time|before you (?:push|commit|merge|write|type|open|code|ship|name)|(?:let|letting|near|from|trust|to) you (?:near|with|and your|alone)|take the \w+ away from you|you near)\b|\bit must be (?:nice|great|lovely|hard|tiring|comforting|wonderful|restful|exhausting|lonely) to\b"),
    ("skill", r"\b(?:says|screams|spells|shouts|smells of|smells like|reeks of|looks like|written all over it:?) (?:an? )?(?:beginner|amateur|novice|junior|intern|student|bootcamp|first-year|hobbyist|newbie)s?\b|\b(?:lesser|greater|better|simpler|finer) (?:mind|man|woman|developer|engineer|programmer|person|brain|author)\b|\b(?:kind|sort|brand|form) of english\b"),
    ("character", r"\bnobody(?: has| had| ever| once)* (?:explained|told|taught|showed|shown|warned|stopped|mentioned)\b[^.!?]{0,40}(?:{who})"),
    ("character", rf"\b(?:{{who}})\b[^.!?]{{0,120}}\b{_HUMAN_LIFE}\b|\b{_HUMAN_LIFE}\b[^.!?]{{0,80}}\b(?:{{who}})"),
    ("gender or age", r"\b(?:his|her) (?:code|emails?|commits?|branch|tests?|keyboard|work|style|team|diff|functions?|class|pull request|variables?|names)\b|\btheir (?:keyboard|laptop|emails?|desk|office|owners?)\b"),
    # Spoken to a person, of a person as such, or of their promises.
    ("command", r"(?:^|[^,]{4,}), (?:{name}|champ|buddy|pal|mate|chief|sport|professor|my friend|kids?|folks|people|guys)[.!?…]*$|\bthat is so (?:{name}|{who})|\b(?:no offen[cs]e to|with (?:all )?(?:due )?respect to) (?:the )?(?:{who})|\bwhere (?:you|they|he|she) (?:are|come|comes|is) from\b"),
    ("command", r"^(?:please(?!, says)|for the love of|i beg|for heaven's sake|for god's sake)\b[^.!?]{0,40}\b(?:never|do not|don't|stop|no more)\b|\b(?:sit (?:this|the next) (?:one )?out|never (?:touch|open|edit) (?:this|a|an|the) \w+ again|smart(?:est)? (?:one|person|thing) in (?:the|this) room)\b"),
    ("skill", r"\b(?:any|some|every|no)(?:one|body|\s?one) (?:else )?(?:\w+ )?(?:competent|sane|sober|qualified|decent|responsible|serious|literate|sensible|grown|conscious)\b|\b(?:just|literally|absolutely) (?:anyone|anybody)\b|\b(?:hiring managers?|recruiters?|interviewers?|headhunters?|midlife crisis|mid-life crisis|puberty)\b"),
    ("skill", rf"\b(?:an?|any|my|your|every|some)\s(?:[\w'-]+\s){{0,2}}?(?:{_HUMANS}|{_CREATURES}|phone|fridge|microwave)\b[^.!?]{{0,60}}\b(?:has|have|writes?|does|makes?|codes?|is|knows?|types?|reads?|would)\b[^.!?]{{0,20}}\b(?:better|firmer|cleaner|faster|smarter|sooner|finer|neater|more)\b(?![^.!?]{{0,40}}\bthan (?:this|the|that|its|these) (?!author|team|reviewer))"),
    ("skill", rf"\b(?:an?|any|no|every|most|some)\s(?:[\w'-]+\s){{0,2}}?{_HUMANS}\b[^.!?]{{0,40}}\bwould(?: not|n't| never)? (?:have|be|do|know|find|squash|write|merge|name|read|test|blush|stop|ask)\b|\b(?:from|to|of|by|than) an? (?:\w+ )?\w{{3,}}(?:icist|logist|omist|ician|graduate|dropout|lawyer|philosopher|economist)\b"),
    ("character", r"\b(?:its|the|whose|their) (?:creator|inventor|perpetrator|culprit|mastermind|originator|brains behind)\b"),
    ("insult", r"[🤡🖕🐒🐵🙈🙉🙊🦧🤦🤮🥴👶👴👵🧓🧌🍼🐷🐑🫏🐴🦥]|🧠\s*(?:❌|🚫|0|\?)|🗑️?\s*(?:👤|🧑|👨|👩)"),
)  # fmt: skip
"""(what it is about, pattern): ``{who}`` stands for an author, a reviewer, or a name that was told, ``{name}`` for the last alone."""

_NOBODY = r"(?!)"
_WHO = rf"\b{_MAKERS}\b(?! ?(?:field|class|model|table|column|id|key|object|_|\(|=))"


def structures(text: str, named: re.Pattern[str] | None) -> Iterator[tuple[str, str]]:
    """Yield (what it is about, the words) where a sentence is built to judge somebody by the work."""
    for about, pattern in _filled(named.pattern if named else _NOBODY):
        if found := pattern.search(text):
            yield about, found.group()


@lru_cache(maxsize=64)
def _filled(names: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the structures with these names in them, compiled."""
    return tuple(
        (
            about,
            re.compile(
                pattern.replace("{who}", f"{_WHO}|{names}").replace("{name}", names), re.IGNORECASE | re.MULTILINE
            ),
        )
        for about, pattern in (*_STRUCTURES, *HINTS)
    )
