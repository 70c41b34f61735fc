"""The patterns of the check on persons. Every one is bounded; each is tried against the corpora in ``tests/kindness``."""

from __future__ import annotations

Pattern = str

_ROLES = (
    "author|developer|dev|programmer|engineer|coder|contributor|committer|reviewer|maintainer|intern|colleague|teammate"
    "|hacker|guy|dude|bloke|chap|woman|lady|girl|man|person|kid|youngster|newbie|noob|junior|human|individual|submitter"
)
PERSON = (
    rf"\b(?:(?:the|this|that|our|such an?|these|those|some|any|only an?|a|an|both|dear) (?:[\w-]{{1,20}} ){{0,2}}?(?:{_ROLES})s?\b"
    r"(?! (?:field|class|model|table|column|name is|id|key|object|page|account|header|line|tag|node|method|function|mode|test)s?\b)"
    r"|\bwhoever (?:wrote|writes|committed|commits|merged|hired|designed|approved|did|pushed|reviewed|opened|named|thought)\b"
    r"|\b(?:some|any|no)(?:one|body) who (?:wrote|writes|commits|committed|merges|merged|does|did|has never|never|codes|approves?)\b"
    r"|\bpeople who (?:write|commit|merge|do this|code|approve))"
)
_MAKERS = "author|developer|programmer|engineer|coder|contributor|committer|reviewer|maintainer|intern|colleague|teammate|submitter"
MENTION = rf"\b(?:{_MAKERS})s?\b"
"""A person, by role, wherever it stands."""

NO_PERSON = (
    r" ?(?:field|class|model|table|column|id|key|object|page|account|header|line|tag|node|method|function|mode|_|\(|=)"
)
"""What makes "author" a name in code after all."""

DOES = (
    "wrote|writes|merged|merges|opened|closed|pushed|committed|renamed|removed|added|adds|changed|fixed|mended|reverted|split|moved"
    "|answered|answers|replied|asked|asks|approved|requested|reviewed|commented|thanked|noted|pointed out|flagged|found|spotted|caught"
    "|handled|tested|documented|explained|described|named|called|declared|promised|promises|agreed|kept|left|dropped|narrowed|deleted"
    "|replaced|introduced|built|put|made|took|came|went|returned|wanted|meant|planned|said|says|suggested|suggests|signed|did what|did so"
    "|did it|tried +(?:it|the|an?|two|both)|got|gets|shipped|landed|rebased|squashed|resolved|settled|chose|picked|counted|started|began|finished|stopped|gave|brought"
    "|deleted|tightened|loosened|extracted|inlined|ported|bumped|pinned|marked|mentions?|mentioned|insisted|disagreed|concurred|waited"
    "|joined|helped|checked|measured|proved|showed|had (?:asked|already|written|merged|added|opened|said|promised|declared|signed)"
    "|has (?:left|already|since|written|merged|added|answered|opened|a point)|have (?:asked|left|since|answered|a point)"
    "|deserves? (?:credit|thanks|the credit)|also|later|then|and (?:\\w+ ){1,3}bots?"
    "|did not (?:answer|reply|mention|comment|object)|never (?:answered|replied|came back)|does not (?:mention|say|explain)"
    "|(?:an?|one|two|three|\\d+) (?:minute|hour|day|week)s?|had (?:an?|the|one|two|three) (?:better |good |second )?(?:ideas?|questions?|points?|suggestions?|doubts?)"
    "|is|was|are|were|who|whose|and (?:one|two|three|a|an|the)|agree|in|on|at|by|for|of|with|from|as|when|while|before|after|within|twice|once|here|there"
)
"""What a person may be said to do: the events of a pull request. Whatever else is said of a person is judged."""

LEADS = (
    r"(?:\b(?!named)[a-z]{3,12}ed|by|to|from|with|for|than|and|or|both|asked|told|thanked|took|thank|lets?|left|gave|gives|between|same|according to|credit to"
    r"|of|one|two|three|four|five|before|after|until|behind|when|while|as|if|because|whether|that|what|which|how|where|but|so|then|,|;|:|—|-|\.|^|\()"
    r"\s?(?:(?:the|a|an|another|this|its|both|same|first|second|other|original|new|two|three|four|review|one|many|most|all|these|some) ?){0,3}$"
)
"""What may stand before a person."""

OWNS = (
    "own|tests?|commits?|words|contract|code|description|branch|fix|fixes|follow-up|comments?|questions?|answers?|reply|replies|review"
    "|reviews|request|change|changes|diff|pull request|patch|title|plan|intention|handwriting|favou?r|credit|log|first|second|third|last"
    "|later|earlier|next|previous|other|side|remark|point|finding|findings|suggestion|message|subject|protocol|work|two|three|edit|number|default|constant"
)
"""What of a person's may be spoken of."""

_GAP = r"(?:,? [\w'-]{1,25}){0,4}? "
_SHORT = r"(?:,? [\w'-]{1,25}){0,2}? "

_BAD = (
    "lazy|stupid|dumb(?:er)?|careless|arrogant|ignorant|hopeless|clueless|clever|proud|disgusting|useless|sloppy|reckless|foolish"
    "|incompetent|inept|unprofessional|unqualified|untalented|talentless|mediocre|pathetic|embarrassing|ashamed|shameless|selfish"
    "|dishonest|vain|smug|pompous|stubborn|drunk|high|stoned|asleep|blind|deaf|fat|ugly|bald|skinny|short-sighted|mad|crazy|insane"
    "|sick|ill|weak|slow|old|young|foreign|bright|smart|intelligent|competent|capable|qualified|bored|desperate|jealous|cowardly"
    "|childish|immature|naive|gullible|confused|lost|overrated|thick|dense|dim|bad at|terrible at|awful at|hopeless at|no good"
    "|out of (?:his|her|their|your) depth|in over (?:his|her|their|your) head|a (?:joke|disgrace|menace|disaster|failure|fraud|hack"
    "|clown|liability|nuisance|mess|one-trick pony|waste)"
)
_HARMLESS = (
    r"(?:also|the same|right\b|correct\b|asked|thanked|credited|named|shown|listed|mentioned|told|given|invited|free|one of|acquitted"
    r"|innocent|(?:one|two|three|four|five|many)\b|welcome|excused|forgiven|spared|called|quoted|pleased|a bot|bots|an? \w+\[bot\]|dependabot|renovate|not (?:told|asked"
    r"|named|shown|mentioned|convinced)|(?:the|its|their) author|to be (?:thanked|credited)|in good company|ahead of|on the list)"
)
_MINOR = (
    r"mention|say|explain|answer|reply|tell|touch|come back|appear|object|comment|change|rename|remove|add|merge|ask"
)

OF_PERSONS: tuple[tuple[str, Pattern], ...] = (
    ("character", rf"{{person}} (?:is|was|are|were|isn't|wasn't|aren't|has (?:always )?been)\b(?! {_HARMLESS})"),
    ("character", rf"{{person}},?{_GAP}(?:{_BAD})\b(?= ?(?:[.,;:!?]|$|(?:to|for|and|or|at|of|enough|about|with|in|as|that|but)\b))"),
    ("character", rf"\b(?:{_BAD}) {{person}}"),
    ("skill", r"{person} (?:clearly|obviously|evidently|apparently|probably|plainly|simply|just|still)\b"),
    ("skill", r"{person} (?:can't|cannot|can not|can barely|couldn't|could not|could use|is unable|struggles?|fails? to"
              r"|failed to (?:understand|think|grasp|see|notice|learn))\b"),
    ("skill", rf"{{person}} (?:does not|doesn't|do not|don't)\b(?! (?:{_MINOR})\b)"),
    ("skill", r"{person} (?:did not|didn't|never) (?:\w+ )?(?:underst\w+|kn[eo]w\w*|car(?:e|ed|es)|bother\w*|think|thought|look\w*|read\w*"
              r"|notic\w+|get|got|learn\w*|hear\w*|tr(?:y|ied|ies)|master\w*|test\w*|see\w*)\b"),
    ("skill", r"{person} (?:lacks?|lacked|has no|had no|have no|has little|has the \w+ (?:span|skills?|brain)|forgot how|never learns?"
              r"|never learned|knows nothing|knew nothing|misunderst\w+|thinks?|believes?|copies|copied|guesses|guessed|panicked|has given"
              r"|has clearly|has yet to|had any|confuses|confused|needs? (?:help|to|an?|some|more))\b"),
    ("command", r"{person} (?:should|must|ought to|had better|needs to|deserves?|would do well|shouldn't|mustn't)\b"),
    ("motive", r"{person} (?:wanted to (?:look|seem|impress|show off|pad|avoid|hide)|pretends?|pretended|lied|lies|hides|hid behind|hopes?"
               r"|hoped (?:nobody|no one)|cares more|tries to (?:look|impress|seem)|did (?:this|it) (?:on purpose|to))\b"),
    ("motive", r"{person},? (?:was |were |is |are )?too \w+ (?:to|for)\b"),
    ("character", r"{person} (?:has|had) (?:a |an )?(?:\w+ )?(?:ego|taste|attitude|nerve|audacity|gall|temper|no taste|sense of shame)\b"),
    ("character", r"\b(?:typical of|again|trust|expect|leave it to|classic|once more),? (?:from |of )?{person}"),
    ("character", r"\b(?:no wonder|everyone (?:\w+ ){0,3}knows|nobody (?:\w+ ){0,2}likes?|pity|poor|look at) (?:\w+ ){0,4}?{person}"),
    ("motive", rf"{{person}}{_SHORT}(?:trying to impress|show off|showing off|look busy|pad (?:his|her|their|the)|padding)\b"),
    ("skill", r"\b(?:even|only|any|a) (?:an? )?(?:\w+ )?(?:competent|decent|real|good|proper|experienced|sane|first-year|amateur|beginner"
              r"|average) ?(?:developer|engineer|programmer|student|coder|author|dev|intern|reviewer|child)?s? (?:would|could|knows?|might)\b"),
    ("skill", r"{person}'?s?'? (?:own )?(?:skills?|talents?|ability|abilities|competence|incompetence|ignorance|stupidity|intelligence"
              r"|intellect|brains?|iq|laziness|carelessness|arrogance|ego|vanity|mind|attention span|understanding|grasp|education|degree"
              r"|experience|inexperience|limits|shortcomings|judge?ment|taste|confusion|cluelessness)\b"),
    ("looks", r"{person}'?s?'? (?:haircut|hair|face|looks|body|weight|belly|beard|nose|teeth|clothes|avatar|profile picture|photo|glasses)\b"),
    ("looks", r"{person} (?:looks|looked|smells|sounds|dresses|types|walks|talks|codes|writes (?:code )?|throws) (?:\w+ )?(?:like|as if|bad|ugly|awful)\b"),
    ("origin or language", r"{person}'?s?'? (?:\w+ )?(?:english|accent|grammar|spelling|country|nationality|passport|mother tongue"
                           r"|native language|origin|race|skin)\b"),
    ("name", r"{person}'?s?'? (?:(?:sur|last |first |family |given |user)?name)\b"),
    ("name", r"\b(?:pronounce|spell) {person}"),
    ("family", r"{person}'?s?'? (?:mothers?|mom|mum|fathers?|dad|parents?|wife|husband|spouse|kids?|children|son|daughter|family"
               r"|girlfriend|boyfriend|grandmother|grandma|marriage|divorce)\b"),
    ("religion", r"{person}'?s?'? (?:\w+ )?(?:gods?|faith|religion|church|creed|prayers?|mosque|temple)\b"),
    ("religion", r"\bpray for {person}"),
    ("health", r"{person}'?s?'? (?:medication|meds|pills|therapist|therapy|mental health|sanity|disorder|diagnosis|disability)\b"),
    ("health", r"{person}'?s? (?:had|has|have|suffers?|suffered) (?:\w+ ){0,3}(?:stroke|breakdown|disorder|dementia|amnesia|fever|meltdown)\b"),
    ("health", r"{person} (?:should |must |needs to |ought to )?(?:see|needs?|call) (?:a |an )?(?:therapist|doctor|shrink|psychiatrist)\b"),
    ("work", r"{person}[^.!?]{0,40} (?:(?:be|get|got|been|being) (?:fired|sacked|demoted)|lose (?:his|her|their) job|promotion|paid for this)\b"),
    ("work", r"\b(?:fire|sack|demote|hire[ds]?|hiring|promote) {person}"),
    ("harm", r"\b(?:slap|kill|hit|hang|burn|punch|shoot|stab|drown|strangle|hurt|beat|whip|punish|flog|execute|torture|smack|kick)"
             r" {person}"),
    ("harm", r"\bhope {person}[^.!?]{0,30} (?:dies|suffers|hit|fails|chokes|hurts)\b"),
    ("hours", r"{person}[^.!?]{0,60}\b(?:weekend|saturdays?|sundays?|christmas|midnight|3 ?am|late at night|in the morning|bedtime|overtime"
              r"|sleep|tired|vacation|holiday)\b"),
    ("character", r"\b(?:teach|tell|remind|show|give|somebody stop|someone stop|stop|save us from|help) {person} (?:how|that|what|to|about|an?"
                  r"|some|english|manners)\b"),
    ("command", r"{person}, (?:stop|learn|please|go|get|try|read|quit|shame|do)\b"),
    ("character", r"\b(?:from|by) (?:a |an )?(?:\w+ )?(?:ignorant|lazy|stupid|incompetent|careless|clueless|mediocre) {person}"),
    ("insult", r"\b(?:some|what an?|such an?|you|this|that|the) (?:\w+ ){0,2}(?:move|stunt|trick) (?:by|from|of) {person}"),
    ("character", r"\b(?:its|his|her|their|your|no|without an?|such an|of an|any|every|blame|love|like|foreign as|missing) (?:its |his |her |the |an? |this )?{maker}"),
    ("character", r"{person}, (?:never|always|not|ever|sweet\w*|dear|honey|darling|my friend|buddy|who (?:else|has never|never|cannot|can't|must|should|thinks))\b"),
    ("character", r"{person} (?:writes|has written|wrote|speaks?|names|meant)[^.!?]{0,40}\b(?:resembles?|presumably|all six|like a|barely|of sorts)\b"),
    ("skill", r"{person}'?s? (?:best|finest|only|main|greatest) (?:work|contribution|achievement|hour|days|skill)\b"),
    ("character", r"\b(?:have a (?:\w+ )?word with|deserve|accus\w+|all about|fear of|smell of|like all of) {person}"),
    ("skill", r"{person} (?:any|\w+ any) (?:talent|sense|skill|clue|idea|taste)\b"),
    ("insult", r"{person} makes? (?:me|us|everyone|people) (?:sick|puke|cry|ill|laugh)\b"),
)  # fmt: skip
"""(what it is about, pattern): ``{person}`` stands for any way to name a person."""

_PRONOUN = r"\b(?:he|she)"
_NATIONS = (
    "indian|chinese|russian|american|german|french|british|english|irish|polish|italian|spanish|mexican|brazilian|nigerian|african|asian"
    "|european|arab|turkish|japanese|korean|vietnamese|ukrainian|israeli|pakistani|romanian|dutch|swedish|swiss|canadian|australian"
)
_ADVERB = r"(?:really |clearly |obviously |just |simply |still |always |probably |even )?"

ALWAYS: tuple[tuple[str, Pattern], ...] = (
    ("insult", r"\b(?:idiot\w*|morons?|moronic|imbecil\w+|cretin\w*|losers?|cowards?|dimwits?|dunces?|muppets?|nitwits?|half-?wits?|simpletons?"
               r"|nincompoops?|dumbass\w*|ignoramus\w*|incompeten\w+|scumbags?|bastards?|assho\w+|arseho\w+|jerks?\b|dickheads?|wankers?"
               r"|buffoons?|bozos?|blockheads?|airheads?|numbskulls?|charlatans?|slackers?|script kidd\w+|code monkeys?)\b"),
    ("character", rf"\b(?:{_BAD}) (?:{_ROLES})s?\b"),
    ("character", r"\b(?:sweetie|sweetheart|honey|darling|dear author|touch grass|cry for help|insecur\w+|sane people|trained ape|tired ape|room full of typewriters|a village is missing"
                  r"|hangover|lunch break|friday afternoon kind|cut out for|ask an adult|an adult|adults? in the room|lost in translation|resembles english)\b"),
    ("work", r"\b(?:change (?:careers?|jobs?)|commit access|(?:senior|staff|principal|junior) (?:title|salary|diff|effort)|day job)\b"),
    ("command", r"(?:^|[.!?] )(?:go (?:outside|home|away|and learn|read)|ask (?:an|a|your|somebody|someone)|have you (?:considered|thought|tried|ever)|were i you|if i were you|you people|you might want"
                r"|some (?:people|developers|engineers|folks) (?:should|just|never|are|were|cannot|can't|think|need|would|have no|do not|don't|like to|prefer|really)|not everyone|come back (?:when|with)|consider (?:knitting|another|a different))\b|\bthink about what you\b"),
    ("hours", r"\b(?:pushed|committed|merged|opened|written|wrote|commits?|typed|landed|submitted)\b[^.!?]{0,30}\bat 0?[0-5]:\d\d\b"),
    ("family", r"\bonly a mother\b"),
    ("insult", r"\b(?:psychopath\w*|narcissis\w+|sociopath\w*|egomaniac\w*|megalomaniac\w*|drunkards?|by a drunk\b|tantrum of|grown (?:adult|man|woman|up)|grown-ups?)"),
    ("skill", r"\b(?:years of experience|modest gifts|lack of (?:talent|skill|education|intelligence|experience|effort)|sharpest tool|not (?:the |exactly the )?(?:sharpest|brightest) (?:of|knife|tool|bulb|pencil|crayon|star|light|spark|person|mind|team|one|commit from|author|developer|reviewer)|knife in the drawer"
              r"|self-esteem|not for everyone|programming is not|bootcamp grad\w*|failed upwards|rubber-?stamp\w*|bless (?:his|her|their) heart|tried so hard)\b"),
    ("command", r"(?:^|[.!?] )(?:do better|be better|try again|wake up|pay attention|step away|put the keyboard|back away|walk away|take a shower|sit down|calm down|think (?:again|harder|first)|seriously\?)"
                r"|\byou had one job\b|\braised you\b|\bkeyboard down\b|\baway from the keyboard\b"),
    ("character", r"\bwe all know who\b|\bsomebody who wants\b|\b(?:a|the) (?:man|woman|person|human|kid|child|guy) (?:who|that|with)\b|(?<!\bno )\bmalice\b|\bghosted\b|\bcraves?\b|\bof somebody who\b"),
    ("work", r"\bgets? (?:people|you|somebody|someone|him|her|them) (?:fired|sacked|demoted)\b|\bresponsible has\b"),
    ("health", r"\b(?:wheelchair|fever(?:ish)? (?:dream of|author)|come with a fever|allergic to (?:tests|docs|documentation|reviews?|feedback))\b"),
    ("gender or age", r"\b(?:way )?(?:teenagers?|toddlers?)(?:'s)? (?:treat|tantrum|would|draw)|\bpatience of a (?:toddler|child)\b"),
    ("family", r"\b(?:his|her|their|author's) ex\b|\bbad date\b|\b(?:his|her) (?:idea|understanding|notion) of\b"),
    ("insult", r"\b(?:the|a|what a|you|such|these|some|this) (?:\w+ )?fools?\b(?!-?proof| of an? )"),
    ("insult", r"\b(?:some|our|dear|the|this|congratulations,?|nice(?: one| try)?,|well done,|bravo,|good job,|thanks?,) (?:\w+ )?"
               r"(?:genius|einstein|sherlock|wizard|rockstar|ninja|princess|champ|buddy|hotshot)\b(?! of the)"),
    ("insult", r"\bis an? (?:complete |total |absolute |utter )?(?:hack|joke of a|clown|amateur|noob|newbie|troll|fraud|disgrace|pig|rat|snake|ass)\b"
               r"(?! (?:car|around|that works|for the|on top|in the|to))"),
    ("insult", r"\b(?:what|holy|total|complete|absolute|utter|full of|this|such|pile of|piece of|bull|load of) ?(?:shit|crap|bullshit|garbage human)\b"),
    ("profanity", r"\b(?:mother)?f[\W_]{0,2}[u*@v][\W_]{0,2}[c*][\W_]{0,2}k\w{0,4}\b|\bfck\w{0,3}\b|\bwtf\b|\bstfu\b|\bgtfo\b"),
    ("profanity", r"\b(?:bull|horse|dip|ape)?s[\W_]{0,2}h[\W_]{0,2}[i*!1][\W_]{0,2}t(?:ty|s|ter|show|storm|head)?\b"),
    ("profanity", r"\b(?:b[i*!1]tch\w{0,3}|c[u*]nt\w{0,2}|bollocks|piss(?:ed|ing)?|arse|goddamn|wank\w{0,3}|tits|dick(?:s|head)?|twat\w{0,2}|crap(?:py)?)\b"),
    ("skill", r"\b(?:learn(?:ed|t)? (?:to (?:code|program|read|spell|count|think)|python (?:last|yesterday|first))|learn to (?:code|program))\b"),
    ("skill", r"\b(?:some|any)(?:one|body) who (?:has never|had never|never|does not|doesn't|can't|cannot|clearly|writes this|thinks|believes"
              r"|should|learned|failed|knows nothing)\b"),
    ("skill", r"\b(?:only (?:an? )?(?:amateur|beginner|idiot|child|intern|someone|somebody|fool|junior|novice|newbie)s?\b"
              r"|(?:even )?(?:my|your) (?:grandmother|grandma|grandpa|cat|dog|toddler|mother|mum|mom|nephew|niece|kid|child|hamster))\b"),
    ("skill", r"\beven (?:an? |the )(?:[\w-]+ )?(?:child|toddler|intern|student|monkey|beginner|freshman|bootcamp graduate|trained ape)\b"),
    ("skill", r"\b(?:special|rare|new) (?:kind|level|type|sort|brand) of (?:stupid\w*|incompeten\w+|ignoran\w+|lazy|laziness|dumb)\b"),
    ("skill", rf"\b(?:they|{_PRONOUN[2:]}) {_ADVERB}(?:have|has|had) no (?:idea|clue|business|skills?|talent|shame|taste|sense|brain|right|excuse)\b"),
    ("skill", rf"\b(?:they|{_PRONOUN[2:]}) {_ADVERB}(?:do not|don't|does not|doesn't|did not|didn't|never) {_ADVERB}(?:know how|understand|deserve|learn|care|bother"
              r"|know what (?:a|an|they|he|she)|think before|belong|read the|listen|get it)\b"),
    ("skill", rf"\b(?:they|{_PRONOUN[2:]}) (?:obviously|clearly|evidently|apparently|plainly|should know better|should have known|could not be bothered|couldn't be"
              r" bothered|can't code|cannot code|must be (?:new|joking|tired|drunk|stupid|proud)|must have been (?:drunk|tired|high|asleep)"
              r"|(?:think|thinks) they|never learn|ought to know)\b"),
    ("skill", r"\bthey (?:are|were) (?:\w+ )?(?:out of their depth|stupid|lazy|incompetent|clueless|too (?:proud|lazy|stupid|dumb|busy|vain|arrogant)|idiots|ignorant"
              r"|in over their heads?|bad at|not (?:very )?(?:bright|smart|clever|good at))\b"),
    ("skill", r"\b(?:out of|beyond) (?:his|her|their|your) (?:depth|league|abilit\w+|pay grade|competence)\b"),
    ("skill", rf"{_PRONOUN} {_ADVERB}(?:should|must|can't|cannot|couldn't|could not|does not|doesn't|didn't|did not|never|is|was|was too|needs?|lacks?|thinks?|struggles?"
              r"|probably|obviously|clearly|codes?|types?|writes? (?:\w+ )?like|throws? (?:\w+ )?like|deserves?|wants to|tries|is trying|did this|lied|failed)\b"),
    ("skill", r"\b(?:back|go back(?! to (?:line|the|commit|version|main)\b)|return|send (?:him|her|them)) to (?:school|kindergarten|college|university|bootcamp)\b"),
    ("skill", r"\b(?:remedial|crash|beginner'?s?) (?:class|course|lesson)s? (?:for|in|to)\b|\bthis (?:developer|author|person) a (?:\w+ )?(?:class|course|lesson|book|hint)\b"),
    ("skill", r"\b(?:without|no) (?:understanding|talent|brains?|a brain|a clue)\b"),
    ("skill", r"\btoo (?:stupid|dumb|dim|thick|ignorant|incompetent|lazy|proud|arrogant|old|young|fat|blind|drunk|vain) (?:to (?:notice|understand|write|learn|see|test|read"
              r"|ask|care|know|review|check|spell|count|think|document|run)|for (?:mutexes|this|code|python|git|programming|the job))\b"),
    ("skill", r"\bto save (?:his|her|their|your) life\b"),
    ("skill", r"\b(?:dumb|thick|dense|stupid) as (?:a|an) (?:rock|brick|post|plank|stone|door|ox|donkey|bag of)\b"),
    ("skill", r"\b(?:brain-?(?:dead|damaged|less)|braindead|clueless(?:ness)?|witless|mindless(?:ly)? (?:author|developer|person))\b"),
    ("skill", r"\b(?:attention span|iq) of an?\b"),
    ("character", r"\bcoward|\b(?:no|any|have you no|sense of) shame\b(?! in )|\bshame on\b|\b(?:should|ought to) be ashamed\b"),
    ("character", r"\b(?:people|folks|developers|engineers|authors|contributors) like (?:this|that|these|you|him|her)\b"),
    ("character", r"\b(?:lazy|laziness|incompetence|stupidity|arrogance|ignorance) (?:runs|is (?:no|not an) excuse|of the (?:author|developer|team)|from the (?:author|team))\b"),
    ("character", r"\bbecause (?:they|he|she|you) (?:cannot|can't|could not|couldn't|do not|don't|does not|doesn't|are|is|were|was) (?:face|care|know|lazy|stupid|too|afraid|scared|bored|bother\w*)\b"),
    ("character", r"\bgiven up on (?:life|trying)\b|\bnot a team player\b|\b(?:maintainers|reviewers|team|they) (?:\w+ )?(?:lazy|let anything through|rubber-?stamp\w*)\b"),
    ("character", r"\bthe person (?:behind|who)\b|\bthis (?:guy|dude|woman|girl|kid|man|person|lady|bloke|clown|genius)\b(?! page)|\bthis team (?:is|has|needs|never|cannot|should|lacks|deserves)\b"),
    ("motive", r"\b(?:trying|just wanted|only wanted|desperate) to (?:impress|look (?:busy|smart|clever)|show off|pad)\b|\bgreen squares\b|\bpad(?:s|ded|ding)? (?:his|her|their)\b"),
    ("command", r"(?:^|[.!?:,;—] |please |just |now )(?:learn to|stop (?:writing|coding|it|this|doing|pushing|merging)|go back(?! to (?:line|the|commit|version|main)\b)|go home|get a (?:life|grip|linter|clue|job|hobby)|grow up|shut up|man up"
                r"|get (?:some|a|your) (?:sleep|rest|help|act together)|do us (?:all )?a favou?r|delete your|quit (?:your|coding|programming)|take up (?:gardening|knitting|farming)"
                r"|try (?:harder|reading|thinking)|read the (?:manual|docs|documentation)|think before|be ashamed|hang your head|find another (?:job|career))\b"),
    ("command", rf"(?<!\bwill )\byou {_ADVERB}(?:should|must|ought|need to|had better|(?:can't|cannot|couldn't|could not) (?:code|write|spell|count|even|be trusted|do (?:this|it|that|better)|program|name things|tell)|shouldn't|have no (?:idea|clue|business|shame|taste|skill|sense)|(?:don't|do not|didn't|did not|never) (?:\w+ly )?(?:know|understand|care|test|think|belong|deserve|get it|listen|learn|even|seem|bother|read|look|check|have)|always|clearly|obviously|call yourself|deserve"
                r"|lack|think you|suck|fail(?:ed)?|forgot|were (?:dropped|drunk|born)|people|guys|lazy|stupid|idiot|are the|are an?|are not|are so|are too|are bad|aren't|just don't)\b(?! have to| need to)"),
    ("command", r"\b(?:are|were|did|do|have|can|could|will|would) you (?:\w+ )?(?:deaf|blind|stupid|drunk|dropped|ever|even|never|kidding|serious|sure you|mad|insane|able|no|not (?:read|know|see|think))\b|, do you\?"),
    ("command", r"\byour (?:\w+ )?(?:brain|head|mother|face|fault|skills?|incompetence|ignorance|stupidity|name|english|career|job|intelligence|account|code (?:smells|stinks|sucks|is)|ego|life|god)\b"),
    ("command", r"\byou're\b|\byou are (?:\w+ )?(?:bad|wrong|lazy|stupid|clueless|hopeless|useless|incompetent)\b"),
    ("harm", r"\bkill (?:your|him|her|them)sel(?:f|ves)\b|\bhit by a bus\b|\bdeserves? to (?:be (?:shot|hanged|fired|slapped|punished|on call)|suffer|die|lose)\b"
             r"|\b(?:burn|hang|shoot|flog|lynch|stone) the (?:heretic|witch|author|developer|culprit)\b|\bdrop dead\b|\bgo die\b|\bdie in a\b|\bneck yourself\b"),
    ("work", r"\b(?:how|why) did (?:this|that|the|you|he|she|they|somebody|anyone) (?:\w+ )?(?:(?:ever )?(?:get|pass|become)|hire)\b|\bpass(?:ed)? the interview\b|\bwho(?:ever)? hired\b"
             r"|\b(?:cost|lose|lost) (?:somebody|someone|him|her|them|their|his|your) (?:their |his |her )?jobs?\b|\bbefore the promotion\b"),
    ("work", r"\b(?:for|from) an? (?:\w+ )?(?:senior|staff|principal|lead|junior) (?:\w+ )?(?:engineer|developer|programmer|dev)?\b,? (?:this|that|it|who)\b"
             r"|\b(?:juniors?|interns?|junior (?:developers|engineers|devs)|senior (?:developers|engineers)) (?:should|must|can't|cannot|write|wrote|do not|don't|always|never)\b|\blet(?:ting)? (?:the )?(?:interns?|juniors?) \b"
             r"|\bcall (?:yourself|himself|herself|themselves) an? \b"),
    ("work", r"\b(?:intern|trainee|apprentice|bootcamp)s?\b[^.!?]{0,30}\b(?:wrote|written|must|production|code)\b|\b(?:written|coded|done) by (?:an? )?(?:intern|junior|trainee|apprentice)s?\b"),
    ("origin or language", r"\b(?:native (?:english )?speakers?|broken english|bad english|poor english|google translate|engrish|offshore(?:d)?|outsourc\w+|third[- ]world|foreigners?|immigrants?|body ?shop)\b"),
    ("origin or language", rf"\b(?:{_NATIONS}|european|latin)s? (?:team|developers?|authors?|humou?r|engineers?|programmers?|guys?|contractors?|coders?|colleagues?|quality|engineering|work ethic|mind)\b"),
    ("origin or language", rf"\b(?:only an?|typical(?:ly)?|like an?|so|very|from an?) (?:{_NATIONS})s?\b(?! (?:locale|text|string|language|translation|keyboard|comment|comma|date))"),
    ("origin or language", r"\bwhere (?:you|they|he|she) (?:came|come|comes) from\b|\b(?:in|from) (?:that|his|her|their|your) (?:country|part of the world)\b|\baccent comes\b"
                           r"|\b(?:teach|learn|speak|write|spell)\w* (?:\w+ )?(?:proper )?english\b|\bthe english (?:in|of)\b|\benglish (?:lessons?|class|skills)\b"),
    ("health", r"\b(?:autis\w+|adhd|ocd|schizo\w*|bipolar|dyslexi\w+|retard(?:s|ed)?|crippl\w+|spastic|spaz\w*|asperger\w*|tourette\w*|lunatics?|psycho(?:path)?s?|mental(?:ly)? (?:ill|patient|illness|case|breakdown|hospital|asylum)"
               r"|senile|dementia|alzheimer\w*|midgets?|suicid\w+|off (?:their|his|her|your|the) med\w*|nervous breakdown|had a stroke|brain tumou?r|anorexi\w+|depress(?:ed|ion) (?:author|developer))\b"),
    ("religion", r"\b(?:pope|allah|jews?|jewish|muslims?|islam\w*|christians?|catholics?|hindus?|buddhists?|mormons?|ramadan|atheists?|quran|koran|rabbi|imam|jesus|christ|kosher|halal|infidels?|heretics?)\b"),
    ("religion", r"\b(?:his|her|their|your) (?:god|faith|church|religion|prayers|creed)\b"),
    ("family", r"\b(?:his|her|your) (?:wife|husband|kids?|children|mother|mom|mum|father|dad|parents?|family|son|daughter|girlfriend|boyfriend|marriage)\b|\b(?:a face only a mother|going through a divorce|dropped on (?:your|his|her|their) head"
               r"|inbred|orphaned (?:author|developer)|raised by wolves|no family|have a family|born (?:out of|to be reverted))\b"),
    ("gender or age", r"\b(?:(?:like|for|than) an? (?:little |old |young |silly )?(?:girl|boy|woman|lady|housewife|grandmother|man going|teenager|teen|child|toddler|baby)|diversity hire|man up|boys will be boys|this boy|this girl"
                      r"|boomers?|millennials?|gen-?z(?:er)?s?|grandpa|grandma|gramps|too old (?:to|for)|too young (?:to|for)|retirement age|old dog\b(?! of an? )|past (?:his|her|their) prime|(?:a|the|some) woman\b|the lady\b|girls? (?:can't|cannot|don't)"
                      r"|women (?:can't|cannot|don't|in tech)|children should|hysterical (?:author|woman)|prettier than|feminis\w+|manly|girly|virgin|special snowflakes?)\b"),
    ("looks", r"\b(?:profile picture|selfie|haircut|(?:his|her|their) (?:face|hair|looks|belly|beard)|the bald|bald (?:man|guy|author)|the avatar is|ugly (?:as|face|mug)|fat (?:author|developer|guy)|just like its author|in a mirror)\b"),
    ("name", r"\bwith a name like\b|\b(?:his|her) (?:sur|last |first |family )?name\b|(?<!whose )(?<!test )\bname (?:sounds like|says it all)\b|\bwhat kind of (?:a )?name is\b"),
    ("hours", r"\b(?:get some sleep|no social life|get a life|gone to bed|lack of sleep|sleep-?depriv\w+|sleepless|all-?nighters?|burn(?:ed|t)?[- ]?out author|long shift|instead of sleeping|past (?:his|her|their) bedtime"
              r"|needs? a (?:vacation|holiday|break|nap)|saturday night|friday night|sunday (?:morning|night|afternoon)|on (?:his|her|their) (?:day off|holiday|vacation|honeymoon)|graveyard shift)\b"),
    ("hours", r"\b(?:commits?|committed|pushed|merged|wrote|written|opened|working|worked|coded|coding|typed|spent|authored|landed|fixed|submitted|timestamps?)\b[^.!?]{0,50}\b(?:at|between|around|after|before|past|until|on|over|in|during)"
              r" (?:the |a |an )?(?:midnight|[1-5] ?a\.?m\.?\b|(?:two|three|four|five|one) in the morning|(?:late|dead of) (?:at )?night|weekends?|saturdays?|sundays?|christmas(?: eve| day)?|easter|thanksgiving|new year'?s?(?: eve)?|holidays?|small hours|middle of the night)"),
    ("hours", r"\b(?:at|after|past|around) (?:midnight|[1-5] ?a\.?m\.?|(?:two|three|four|five) in the morning|night)\b[^.!?]{0,50}\b(?:author|commits?|committed|pushed|merged|came the fix|brain|wrote|developer|tired)\b|\blate at night\b"),
    ("character", r"\bsmok(?:ing|ed)\?|\b(?:what (?:was|were|are) (?:they|he|she|you|the author) (?:thinking|smoking|on|doing))\b"),
    ("character", r"\bwho (?:wrote|writes|commits|merged|approved|did) (?:this|that|such|it)\b|\bwhoever (?:wrote|hired|committed|designed|approved|did|merged|thought)\b"),
    ("skill", r"\b(?:would|could|should) (?:any|a) (?:sane|competent|decent|real|serious|self-respecting) (?:person|developer|engineer|programmer)\b|\b(?:sane|competent|decent|real|serious|self-respecting) (?:person|developer|engineer|programmer|author|coder)s? (?:would|could|know|does|do)\b"),
    ("skill", r"\b(?:nobody|no one) with (?:a brain|half a brain|any (?:sense|skill|experience)|eyes)\b|\bhalf a brain\b|\bbrain cells?\b|\bcommon sense is\b"),
)  # fmt: skip
"""(what it is about, pattern) for words that mean a person whatever stands beside them."""
