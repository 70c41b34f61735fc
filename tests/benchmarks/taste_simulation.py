"""Does the bot get funnier? Simulated channels with hidden tastes, a bot that learns against one that does not.

Each channel has twelve people and a hidden appeal for every offence, motif, angle, heat and length. Each
verdict is cast from what a random pull request offers: the heaviest charges after weighting, the best
motif and angle. People vote by how funny it was to them, some not at all. Printed: the mean appeal of
what was chosen in the first, the thirtieth and the sixtieth verdict, and what ten trolls who vote against
everything that is good (and for everything that is not) can do to it. Drawn: ``taste.png``.

Run: ``python tests/benchmarks/taste_simulation.py [FOLDER]``.
"""

import random
import statistics
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

from PIL import Image, ImageDraw  # noqa: E402

from bot.brief import Taste  # noqa: E402
from bot.feedback import Meaning, Tally  # noqa: E402
from bot.taste import CEILING, FLOOR, HALF_LIFE, LEARNT, Count, Feature, TasteCounts, weights  # noqa: E402

VERDICTS, CHANNELS, PEOPLE, TROLLS = 60, 60, 12, 10
MENU = {"offence": 40, "motif": 20, "angle": 6, "heat": 3, "length": 3}
OFFERED = {"offence": 9, "motif": 5, "angle": 4, "heat": 3, "length": 3}
TOLD = {"offence": 3, "motif": 1, "angle": 1, "heat": 1, "length": 1}
SHARES = (0.25, 0.125, 0.125, 0.25, 0.1, 0.1, 0.05)
"""How much the headline, two more charges, motif, angle, heat and length make of the fun."""
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
FEATURES = [Feature(kind, f"{kind}{number}") for kind, most in MENU.items() for number in range(most)]
WINDOW = 5


class Counts:
    """The counts of one level, faded by hand as the store does it."""

    def __init__(self):
        """Begin with nothing."""
        self.counts = {}
        self.at = BEGIN

    def learn(self, told, tally, at):
        """Add one verdict's outcome."""
        self.fade(at)
        hit, miss = tally.outcome()
        for one in told:
            old = self.counts.get(one, Count())
            self.counts[one] = Count(
                old.hit + hit, old.miss + miss, old.judged + tally.judged, old.condemned + tally.condemned
            )

    def fade(self, at):
        """Let time pass."""
        factor = 0.5 ** ((at - self.at) / HALF_LIFE)
        self.counts = {
            one: Count(count.hit * factor, count.miss * factor, count.judged, count.condemned)
            for one, count in self.counts.items()
        }
        self.at = at


def cast(dice, taste):
    """Choose from what a pull request offers: by force and weight, as casting does."""
    told = []
    for kind, most in OFFERED.items():
        offered = dice.sample([one for one in FEATURES if one.kind == kind], most)
        liked = {"offence": "offences", "motif": "motifs", "angle": "angles", "heat": "heats", "length": "lengths"}[
            kind
        ]
        force = {one: dice.uniform(2, 10) if kind == "offence" else dice.uniform(0.8, 1.2) for one in offered}
        by_weight = sorted(offered, key=lambda one: -force[one] * getattr(taste, liked).get(one.name, 1.0))
        told += by_weight[: TOLD[kind]]
    return told


def votes(dice, fun, trolls):
    """Let people vote by how funny it is, and trolls the other way round."""
    voices = dict.fromkeys(Meaning, 0)
    for _ in range(PEOPLE):
        if dice.random() < 0.45:
            meaning = Meaning.FUNNY if dice.random() < fun else dice.choice([Meaning.DULL, Meaning.HARSH, None, None])
            if meaning is not None:
                voices[meaning] += 1
    for _ in range(trolls):
        voices[dice.choice([Meaning.WRONG, Meaning.DULL]) if fun > 0.5 else Meaning.FUNNY] += 1
    return Tally({meaning: count for meaning, count in voices.items() if count})


def channel(seed, appeal, *, learns=True, trolls=0, workspace=None):
    """Return the appeal of each verdict told in one channel."""
    dice, here, funs = random.Random(seed), Counts(), []
    for number in range(VERDICTS):
        at = BEGIN + timedelta(days=number / 2)
        near = workspace.counts if workspace else here.counts
        counts = TasteCounts(channel=here.counts, workspace=near, everywhere=near)
        taste = weights(counts, seed=f"{seed}/{number}", known=FEATURES) if learns else Taste()
        told = cast(dice, taste)
        fun = sum(share * appeal[one] for share, one in zip(SHARES, told, strict=True))
        funs.append(fun)
        tally = votes(dice, fun, trolls)
        here.learn(told, tally, at)
        if workspace:
            workspace.learn(told, tally, at)
    return funs


def appeals(dice, common=None):
    """Return hidden appeals; with ``common``, half of them the workspace's own."""
    mine = {one: dice.betavariate(0.9, 1.1) for one in FEATURES}
    return {one: (mine[one] + common[one]) / 2 if common else mine[one] for one in FEATURES}


def run(name, **how):
    """Run all channels of one kind and return the mean appeal by verdict."""
    curves = [channel(f"{seed}", appeals(random.Random(f"hidden {seed}")), **how) for seed in range(CHANNELS)]
    curve = [statistics.fmean(values) for values in zip(*curves, strict=True)]
    tell(name, curve)
    return curve


def run_shrunk(name):
    """Run fresh channels in workspaces where five others have voted before: what shrinkage is for."""
    curves = []
    for seed in range(CHANNELS // 4):
        dice = random.Random(f"workspace {seed}")
        common, workspace = appeals(dice), Counts()
        for other in range(5):
            channel(f"{seed}/{other}", appeals(dice, common), workspace=workspace)
        curves.append(channel(f"{seed}/new", appeals(dice, common), workspace=workspace))
    curve = [statistics.fmean(values) for values in zip(*curves, strict=True)]
    tell(name, curve)
    return curve


def tell(name, curve):
    """Print a curve at three points."""
    first, middle, last = (statistics.fmean(curve[a:b]) for a, b in ((0, 5), (25, 35), (50, 60)))
    sys.stdout.write(f"{name:<34} verdicts 1-5: {first:.3f}   26-35: {middle:.3f}   51-60: {last:.3f}\n")


def draw(curves, path):
    """Plot the curves, smoothed over five verdicts."""
    colours = ["#888888", "#d9480f", "#2b8a3e", "#1864ab", "#862e9c"]
    picture = Image.new("RGB", (900, 520), "white")
    pen = ImageDraw.Draw(picture)
    low, high = 0.35, 0.7

    def point(number, value):
        return 60 + number * 800 / (VERDICTS - WINDOW), 470 - (value - low) / (high - low) * 420

    for step in range(8):
        value = low + step * 0.05
        pen.line([point(0, value), point(VERDICTS - WINDOW, value)], fill="#e5e5e5")
        pen.text((20, point(0, value)[1] - 6), f"{value:.2f}", fill="#444444")
    for number in range(0, VERDICTS, 10):
        pen.text((point(min(number, VERDICTS - WINDOW), low)[0] - 6, 478), str(number or 1), fill="#444444")
    for index, (name, curve) in enumerate(curves.items()):
        smooth = [statistics.fmean(curve[start : start + WINDOW]) for start in range(VERDICTS - WINDOW + 1)]
        pen.line([point(*one) for one in enumerate(smooth)], fill=colours[index], width=3)
        pen.text((70, 20 + 16 * index), name, fill=colours[index])
    pen.text((330, 498), "verdicts told in the channel; the hidden appeal of what was chosen", fill="#444444")
    picture.save(path)


def main():
    """Run, print, draw."""
    curves = {
        "does not learn": run("does not learn", learns=False),
        "learns": run("learns"),
        "learns, workspace known": run_shrunk("learns, workspace known"),
        "learns, ten trolls of 22": run("learns, ten trolls of 22", trolls=TROLLS),
        "learns, three trolls of 15": run("learns, three trolls of 15", trolls=3),
    }
    plain, trolled = curves["does not learn"], curves["learns, ten trolls of 22"]
    gain = statistics.fmean(curves["learns"][25:35]) / statistics.fmean(plain[25:35])
    harm = statistics.fmean(trolled) / statistics.fmean(plain)
    sys.stdout.write(f"learning against not, by verdict 30: {gain:.2f} times as funny\n")
    sys.stdout.write(f"ten trolls against no learning at all: {harm:.2f} (weights stay in {FLOOR} to {CEILING})\n")
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "gallery")
    folder.mkdir(parents=True, exist_ok=True)
    draw(curves, folder / "taste.png")
    sys.stdout.write(f"drawn: {folder / 'taste.png'}; learnt kinds: {', '.join(LEARNT)}\n")


if __name__ == "__main__":
    main()
