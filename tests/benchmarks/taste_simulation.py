"""Does the bot get funnier? Simulated channels with hidden tastes, a bot that learns against one that does not.

Each channel has a hidden appeal for every offence, motif, angle, heat and length. Each verdict is cast from what a
random pull request offers: the heaviest charges after weighting, the best motif and angle. People speak now and then,
by how funny it was to them. Spoilers know exactly how funny it was and use it: against whatever is good, with or
without some noise to hide behind, against everything, for one motif alone, or at random. Both bots are offered the
same pull requests, and what is printed is one against the other.

Aims, and the exit status: thirty honest people make it 1.2 times as funny by verdict 30, and more by 60; ten spoilers
in a channel of thirty never make any ten verdicts less than 0.97 times as funny as without learning.

Run: ``python tests/benchmarks/taste_simulation.py [PICTURE.png] [--channels N]``.
"""

import random
import statistics
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

from PIL import Image, ImageDraw  # noqa: E402

from adapters.picture.typeset import draw_line  # noqa: E402
from bot.brief import Taste  # noqa: E402
from bot.feedback import Meaning, Tally  # noqa: E402
from bot.taste import HALF_LIFE, Count, Feature, Judged, TasteCounts, weights  # noqa: E402

VERDICTS, TEN = 60, 10
MENU = {"offence": 40, "motif": 20, "angle": 6, "heat": 3, "length": 3}
OFFERED = {"offence": 9, "motif": 5, "angle": 4, "heat": 3, "length": 3}
TOLD = {"offence": 3, "motif": 1, "angle": 1, "heat": 1, "length": 1}
SHARES = (0.25, 0.125, 0.125, 0.25, 0.1, 0.1, 0.05)
"""How much the headline, two more charges, motif, angle, heat and length make of the fun."""
SPEAKS = 0.45
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
FEATURES = [Feature(kind, f"{kind}{number}") for kind, most in MENU.items() for number in range(most)]
LISTS = {"offence": "offences", "motif": "motifs", "angle": "angles", "heat": "heats", "length": "lengths"}


@dataclass
class Counts:
    """The fading counts of a level, as the store keeps them."""

    counts: dict = field(default_factory=dict)
    at: datetime = BEGIN

    def learn(self, told, tally, at):
        """Add one verdict's outcome."""
        factor, self.at = 0.5 ** ((at - self.at) / HALF_LIFE), at
        self.counts = {one: Count(count.hit * factor, count.miss * factor) for one, count in self.counts.items()}
        hit, miss = tally.outcome()
        for one in told:
            old = self.counts.get(one, Count())
            self.counts[one] = Count(old.hit + hit, old.miss + miss)


def cast(dice, taste):
    """Choose from what a pull request offers: by force and weight, as casting does."""
    told = []
    for kind, most in OFFERED.items():
        offered = dice.sample([one for one in FEATURES if one.kind == kind], most)
        force = {one: dice.uniform(2, 10) if kind == "offence" else dice.uniform(0.8, 1.2) for one in offered}
        liked = getattr(taste, LISTS[kind])
        told += sorted(offered, key=lambda one: -force[one] * liked.get(one.name, 1.0))[: TOLD[kind]]
    return told


def honest(dice, fun):
    """Say whether it was funny to somebody: now and then, and for a dull one only half of the time."""
    if dice.random() >= SPEAKS:
        return 0
    return 1 if dice.random() < fun else -1 if dice.random() < 0.5 else 0


SPOILERS = {
    "against what is good": lambda dice, fun, told: -1 if fun > 0.5 else 1,
    "the same, hiding": lambda dice, fun, told: dice.choices(
        [-1 if fun > 0.5 else 1, 1 if fun > 0.5 else -1, 0], [51, 9, 40]
    )[0],
    "against everything": lambda dice, fun, told: -1,
    "for one motif alone": lambda dice, fun, told: 1 if Feature("motif", "motif0") in told else -1,
    "at random": lambda dice, fun, told: dice.choice([-1, 1]),
}


def channel(seed, appeal, *, learns=True, people=30, spoilers=0, how="", workspace=None):
    """Return the appeal of each verdict told in one channel."""
    offers, crowd = random.Random(f"offers {seed}"), random.Random(f"crowd {seed}")
    recent, here, funs = [], Counts(), []
    for number in range(VERDICTS):
        at = BEGIN + timedelta(days=number / 2)
        fresh = [(one, 0.5 ** ((at - then) / HALF_LIFE)) for one, then in recent]
        near = workspace.counts if workspace else here.counts
        counts = TasteCounts(
            channel=here.counts,
            workspace=near,
            everywhere=near,
            recent=tuple(Judged(frozenset(told), voices, share) for (told, voices), share in fresh),
        )
        taste = weights(counts, seed=f"{seed}/{number}", known=FEATURES) if learns else Taste()
        told = cast(offers, taste)
        fun = sum(share * appeal[one] for share, one in zip(SHARES, told, strict=True))
        funs.append(fun)
        voices = {f"p{who}": honest(crowd, fun) for who in range(people - spoilers)}
        voices |= {f"spoiler{who}": SPOILERS[how](crowd, fun, told) for who in range(spoilers)}
        recent.append(((told, voices), at))
        said = list(voices.values())
        tally = Tally({Meaning.FUNNY: said.count(1), Meaning.DULL: said.count(-1)})
        for level in (here, workspace) if workspace else (here,):
            level.learn(told, tally, at)
    return funs


def appeals(seed, common=None):
    """Return hidden appeals; with ``common``, half of them the workspace's own."""
    dice = random.Random(f"hidden {seed}")
    mine = {one: dice.betavariate(0.9, 1.1) for one in FEATURES}
    return {one: (mine[one] + common[one]) / 2 if common else mine[one] for one in FEATURES}


def mean(curves):
    """Return the mean of many channels, by verdict."""
    return [statistics.fmean(values) for values in zip(*curves, strict=True)]


def against(learning, plain):
    """Return how many times as funny the one is as the other, in windows of ten verdicts around each."""
    middles = range(TEN // 2, VERDICTS - TEN // 2 + 1)
    return [
        statistics.fmean(learning[at - TEN // 2 : at + TEN // 2])
        / statistics.fmean(plain[at - TEN // 2 : at + TEN // 2])
        for at in middles
    ]


def alone(channels, **how):
    """Run channels that nobody knows anything about; return the ratio around each verdict."""
    seeds = range(channels)
    learning = [channel(seed, appeals(seed), **how) for seed in seeds]
    return against(mean(learning), mean([channel(seed, appeals(seed), learns=False) for seed in seeds]))


def with_neighbours(channels, spoilt=""):
    """Run new channels in workspaces where four others have voted before: what shrinkage is for."""
    learning, plain = [], []
    for seed in range(channels // 2):
        common, workspace = appeals(f"common {seed}"), Counts()
        for other in range(4):
            name = f"{seed}/{other}"
            spoilers = 30 if spoilt and other < 2 else 0
            channel(name, appeals(name, common), workspace=workspace, spoilers=spoilers, how=spoilt)
        mine = appeals(f"{seed}/new", common)
        learning.append(channel(f"{seed}/new", mine, workspace=workspace))
        plain.append(channel(f"{seed}/new", mine, learns=False))
    return against(mean(learning), mean(plain))


def at_verdict(curve, number):
    """Return a curve's value around a verdict."""
    return curve[min(max(number - TEN // 2, 0), len(curve) - 1)]


def tell(name, curve):
    """Print a curve at four points and its lowest."""
    points = "".join(f"{at_verdict(curve, number):>8.2f}" for number in (5, 15, 30, 60))
    sys.stdout.write(f"{name:<46}{points}{min(curve):>9.2f}\n")
    sys.stdout.flush()


COLOURS = ["#2b8a3e", "#66a80f", "#1864ab", "#862e9c", "#d9480f", "#e8590c", "#c2255c", "#f08c00", "#868e96"]


def draw(curves, path):
    """Plot how many times as funny each is."""
    scale = 2
    picture = Image.new("RGB", (1000 * scale, 620 * scale), "white")
    pen = ImageDraw.Draw(picture)
    low, high = 0.9, 1.35

    def point(number, value):
        return (
            (70 + (number - TEN // 2) * 600 / (VERDICTS - TEN)) * scale,
            (540 - (value - low) / (high - low) * 460) * scale,
        )

    def words(at, text, colour="#343a40", size=15, font="text"):
        draw_line(pen, (at[0] * scale, at[1] * scale), text, (font, size * scale), colour)

    words((30, 36), "How funny, against a bot that does not learn", size=22, font="bold")
    for step in range(10):
        value = low + step * 0.05
        left, right = point(TEN // 2, value), point(VERDICTS - TEN // 2, value)
        pen.line([left, right], fill="#343a40" if step == 2 else "#dee2e6", width=(2 if step == 2 else 1) * scale)
        words((28, left[1] / scale + 5), f"{value:.2f}")
    aim = point(TEN // 2, 0.97)
    pen.line([aim, point(VERDICTS - TEN // 2, 0.97)], fill="#fa5252", width=scale)
    for number in range(10, VERDICTS - 4, 10):
        words((point(number, low)[0] / scale - 8, 566), str(number))
    words((200, 594), "verdicts told in the channel (means of ten around it)")
    places = sorted(enumerate(curves.items()), key=lambda one: -one[1][1][-1])
    below = 70.0
    for index, (name, curve) in places:
        line = [point(at + TEN // 2, value) for at, value in enumerate(curve)]
        pen.line(line, fill=COLOURS[index % len(COLOURS)], width=3 * scale, joint="curve")
        below = max(below + 24, line[-1][1] / scale + 5)
        words((682, below), f"{curve[-1]:.2f}  {name}", colour=COLOURS[index % len(COLOURS)])
    picture.resize((1000, 620), Image.Resampling.LANCZOS).save(path)


def main():
    """Run, print, draw; return 1 where an aim was missed."""
    words = sys.argv[1:]
    channels = int(words[words.index("--channels") + 1]) if "--channels" in words else 100
    sys.stdout.write(f"times as funny as without learning{'':<12}{'at 5':>8}{'15':>8}{'30':>8}{'60':>8}{'lowest':>9}\n")
    curves = {}

    def run(name, curve):
        curves[name] = curve
        tell(name, curve)

    run("thirty people", alone(channels))
    run("twelve people", alone(channels, people=12))
    run("new channel, workspace known", with_neighbours(channels))
    for how in SPOILERS:
        run(f"ten of thirty {how}", alone(channels, spoilers=10, how=how))
    run("half the workspace's channels spoilt", with_neighbours(channels, "against what is good"))
    pictures = [word for word in words if word.endswith(".png")]
    for path in pictures:
        draw(curves, Path(path))
    funnier = at_verdict(curves["thirty people"], 30)
    missed = []
    if funnier < 1.2 or curves["thirty people"][-1] <= funnier:
        missed.append(f"thirty honest people: {funnier:.2f} at verdict 30")
    missed += [
        f"{name}: {min(curve):.2f}" for name, curve in curves.items() if "of thirty" in name and min(curve) < 0.97
    ]
    sys.stdout.write(f"missed: {'; '.join(missed)}\n" if missed else "every aim was met\n")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
