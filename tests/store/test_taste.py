"""Taste: what is liked is told more often, nothing dies but what was voted wrong, and it is the same for one seed."""

import statistics
from datetime import UTC, datetime, timedelta

from fakes.memory import verdict
from hypothesis import given
from hypothesis import strategies as st

from bot.taste import (
    CEILING,
    FLOOR,
    Count,
    Feature,
    TasteCounts,
    faded,
    features,
    retired,
    scale,
    sentence,
    weights,
)
from bot.verdict import Struck

NOW = datetime(2026, 5, 22, tzinfo=UTC)
A, B, C = (Feature("offence", name) for name in ("bare_assert", "tug_of_war", "echo_docstring"))


def mean_weight(counts, one, seeds=200, **how):
    """Return a feature's weight on average over seeds."""
    return statistics.fmean(weights(counts, seed=str(seed), **how).offences[one.name] for seed in range(seeds))


def test_same_seed():
    """The same counts and seed draw the same weights; another seed draws others."""
    counts = TasteCounts(channel={A: Count(3, 1, 4), B: Count(1, 3, 4)})
    assert weights(counts, seed="7") == weights(counts, seed="7")
    assert weights(counts, seed="7") != weights(counts, seed="8")


def test_liked():
    """What was liked weighs more than what was not, on average."""
    counts = TasteCounts(channel={A: Count(8, 1, 9), B: Count(1, 8, 9)})
    assert mean_weight(counts, A) > 3 * mean_weight(counts, B)


def test_nothing_known():
    """Where nothing is known nothing is weighed; known names are tried around 1."""
    assert weights(TasteCounts(), seed="1").offences == {}
    tried = weights(TasteCounts(), seed="1", known=[A, B, Feature("motif", "film")])
    assert set(tried.offences) == {A.name, B.name}
    assert set(tried.motifs) == {"film"}


def test_shrinkage():
    """A channel without voices of its own takes its workspace's taste, and the workspace everybody's."""
    liked = {A: Count(30, 2, 32), B: Count(2, 30, 32)}
    for counts in (TasteCounts(workspace=liked, everywhere=liked), TasteCounts(everywhere=liked)):
        assert mean_weight(counts, A) > mean_weight(counts, B)


def test_own_taste_wins():
    """A channel with enough voices of its own overrules what everybody thinks."""
    everywhere = {A: Count(2, 30, 32), B: Count(40, 2, 42)}
    counts = TasteCounts(channel={A: Count(20, 1, 21), B: Count(1, 20, 21)}, everywhere=everywhere)
    assert mean_weight(counts, A) > mean_weight(counts, B)


counts_of = st.builds(Count, st.floats(0, 1e6), st.floats(0, 1e6), st.integers(0, 100), st.integers(0, 100))


@given(st.dictionaries(st.sampled_from([A, B, C]), counts_of), st.text(max_size=5))
def test_floor_and_ceiling(channel, seed):
    """Every weight lies between floor and ceiling but that of what is retired, which is 0."""
    counts = TasteCounts(channel=channel)
    gone = retired(counts)
    for name, weight in weights(counts, seed=seed).offences.items():
        assert weight == 0 if name in gone else FLOOR <= weight <= CEILING


def test_retired_by_people():
    """Three people who call an offence unfair retire it in that channel; an admin revives it."""
    counts = TasteCounts(unfair={A.name: 3, B.name: 2})
    assert retired(counts) == {A.name}
    assert weights(counts, seed="1").offences[A.name] == 0
    assert retired(TasteCounts(unfair={A.name: 3}, revived=frozenset({A.name}))) == frozenset()


def test_retired_by_vote():
    """What was voted wrong more often than not is retired; trolls who condemn everything retire a quarter at most."""
    told = {Feature("offence", f"o{number}"): Count(1, 1, 10, 0) for number in range(8)}
    wrong = told | {Feature("offence", "o3"): Count(0, 5, 5, 4)}
    assert retired(TasteCounts(channel=wrong)) == {"o3"}
    trolled = {one: Count(0, 9, 10, 10) for one in told}
    assert len(retired(TasteCounts(channel=trolled))) == 2


def test_fading():
    """An outcome of 60 days ago is worth half of one of today, whenever today is."""
    stored = scale(NOW)
    assert round(faded(stored, NOW + timedelta(days=60)), 9) == 0.5
    assert 0 < faded(scale(NOW.replace(year=2100)), NOW.replace(year=2101)) < 1
    assert faded(-1e-12, NOW) == 0


def test_features():
    """A verdict's features are its cited offences and credits, motif, angle, heat and length; struck ones are not."""
    found = features(verdict())
    assert found == {
        Feature("offence", "bare_assert"),
        Feature("credit", "tests_that_earn_it"),
        Feature("motif", "reception"),
        Feature("angle", "etiquette"),
        Feature("heat", "medium"),
        Feature("length", "short"),
    }
    struck = verdict(struck=(Struck(exhibit="e1", reason="no"),))
    assert features(struck) == found - {Feature("offence", "bare_assert")}


def test_sentence():
    """What a channel clearly likes and dislikes is told in a short sentence; what is unclear is not."""
    counts = TasteCounts(channel={A: Count(9, 1, 10), B: Count(1, 9, 10), C: Count(5, 5, 10)})
    assert sentence(counts) == "This channel enjoys jokes on the bare assert. It is tired of jokes on the tug of war."
    assert sentence(TasteCounts()) == ""
