"""Every shape that a card takes: short, usual, long, acquitted, huge numbers, hostile text, other scripts."""

from fakes.memory import NOON, PLACE
from fakes.verdicts import exhibit, size, verdict

from bot.brief import Heat
from bot.exhibit import Stance
from bot.records import StoredVerdict
from bot.verdict import Doneness, Paragraph, Struck

HOSTILE = (
    "<!channel> <@U1> *bold* _it_ ~st~ :fire: `code <!here>` https://evil.example/?a=1&b=2 <https://evil.example|click>"
    " @everyone\n> quote"
)


def charge(number, summary):
    """Return one charge."""
    return exhibit(f"E{number}", "tug_of_war", Stance.CHARGE, 7 - number / 10, summary)


SHAPES = {
    "short": verdict(exhibits=(size(),), gist="One line. It works.", punchline="", paragraphs=()),
    "usual": verdict(struck=(Struck(exhibit="E2", reason="The order was right after all."),)),
    "long": verdict(
        gist="word " * 56,
        exhibits=(size(), *(charge(at, "a long line of evidence " * 9) for at in range(9))),
        paragraphs=tuple(Paragraph(text="A long sentence walks on. " * 90, exhibits=("E1",)) for _ in range(6)),
    ),
    "acquitted": verdict(
        acquitted=True,
        doneness=Doneness.RARE,
        score=1.0,
        title="Not Guilty, and It Knows Why",
        exhibits=(size(12, 3, 1, 1), exhibit("C1", "tests_that_earn_it", Stance.CREDIT, 5, "Three tests that fail.")),
    ),
    "huge": verdict(
        title="A Title That Is As Long As Titles May Be, And Not One Character More!!",
        gist="g" * 280,
        heat=Heat.SPICY,
        doneness=Doneness.CHARCOAL,
        score=9.9,
        exhibits=(size(12_345_678, 9_876_543, 98_765, 250), *(charge(at, f"{10**15 + at:,} lines") for at in range(5))),
    ),
    "hostile": verdict(
        title=HOSTILE[:70],
        gist=HOSTILE,
        epithet=HOSTILE[:40],
        punchline=HOSTILE[:120],
        exhibits=(size(), charge(1, HOSTILE)),
        paragraphs=(Paragraph(text=HOSTILE, exhibits=("E1",)),),
    ),
    "scripts": verdict(
        title="咖啡機的議會 برلمان القهوة",
        gist="磨豆機和牛奶現在要投票。 الحليب يمتنع عن التصويت. Кофемолка голосует. 👩‍🚀🇩🇪",
        epithet="豆の国会",
        punchline="動議可決、カップ落下。",
        exhibits=(size(), charge(1, "`отпустить_чашку` עם שלוש טענות")),
    ),
}


def stored(name, number=12):
    """Return a shape as the memory keeps it."""
    return StoredVerdict(id=number, verdict=SHAPES[name], place=PLACE, created_at=NOON)
