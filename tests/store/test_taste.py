"""Taste: what is liked is told more often, nothing dies but what was voted wrong, and it is the same for one seed."""

import statistics
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from fakes.memory import verdict
from hypothesis import given
from hypothesis import strategies as st

from bot.taste import (
    CEILING,
    FLOOR,
    Count,
    Feature,
    Judged,
    TasteCounts,
    effects,
    fading,
    favourite,
    features,
    retired,
    scale,
    sentence,
    weights,
)
from bot.verdict import Struck

NOW = datetime(2026, 5, 22, tzinfo=UTC)
A, B, C = (Feature("offence", name) for name in ("bare_assert", "tug_of_war", "echo_docstring"))


def split(liked, disliked, times=12):
    """Return a channel's verdicts: those that told ``liked`` were liked by most, those that told ``disliked`` were not."""
    mostly = {f"p{who}": 1.0 if who % 4 else -1.0 for who in range(8)}
    hardly = {who: -voice for who, voice in mostly.items()}
    return tuple(
        Judged(frozenset({one}), voices)
        for number in range(times)
        for one, voices in ((liked, turned(mostly, number)), (disliked, turned(hardly, number)))
    )


def turned(voices, by):
    """Let others be the dissenters each time: nobody is a choir."""
    names = list(voices)
    return {names[(place + by) % len(names)]: voice for place, voice in enumerate(voices.values())}


def mean_weight(counts, one, seeds=200, **how):
    """Return a feature's weight on average over seeds."""
    return statistics.fmean(weights(counts, seed=str(seed), **how).offences[one.name] for seed in range(seeds))


def test_same_seed():
    """The same counts and seed draw the same weights; another seed draws others."""
    counts = TasteCounts(recent=split(A, B, 2))
    assert weights(counts, seed="7") == weights(counts, seed="7")
    assert weights(counts, seed="7") != weights(counts, seed="8")


def test_liked():
    """What was liked weighs more than what was not, on average."""
    counts = TasteCounts(recent=split(A, B))
    assert mean_weight(counts, A) > 3 * mean_weight(counts, B)


def test_credit_where_due():
    """A motif that was told beside dull charges is not blamed for them: each is weighed by what it adds."""
    film, club = Feature("motif", "film"), Feature("motif", "club")
    beside = [Judged(one.features | {film}, one.voices) for one in split(A, B) if B in one.features]
    apart = [Judged(one.features | {club}, one.voices) for one in split(A, B)]
    drawn = effects(TasteCounts(recent=(*beside, *apart)))
    assert drawn[B].mean < drawn[film].mean
    assert drawn[A].mean > 0 > drawn[B].mean


def test_slowly():
    """Two verdicts teach next to nothing, thirty teach plainly: nobody is known in the beginning."""
    early, late = (effects(TasteCounts(recent=split(A, B, times)))[A].mean for times in (1, 15))
    assert 0 < early < late / 10


def test_old_verdicts_fade():
    """What was liked long ago moves the weights less than what was liked of late."""
    old = tuple(replace(one, fresh=0.05) for one in split(A, B))
    assert 0 < effects(TasteCounts(recent=old))[A].mean < effects(TasteCounts(recent=split(A, B)))[A].mean


def test_other_channels_are_bounded():
    """Whatever the rest of the workspace says, by itself it moves a weight by a factor of three at most."""
    loud = {A: Count(0, 1e6, 10**6), B: Count(1e6, 0, 10**6)}
    counts = TasteCounts(workspace=loud, everywhere=loud)
    assert 1 / 3 < mean_weight(counts, A) < 1 < mean_weight(counts, B) < 3


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
    counts = TasteCounts(recent=split(A, B), everywhere=everywhere)
    assert mean_weight(counts, A) > mean_weight(counts, B)


def told(draw_features, draw_voices):
    """Build a judged verdict of whatever comes."""
    return st.builds(Judged, st.frozensets(draw_features), st.dictionaries(st.text(max_size=2), draw_voices))


anything = st.lists(told(st.sampled_from([A, B, C]), st.floats(-1, 1)), max_size=8).map(tuple)
levels = st.dictionaries(st.sampled_from([A, B, C]), st.builds(Count, st.floats(0, 1e6), st.floats(0, 1e6)))


@given(anything, levels, levels, st.text(max_size=5))
def test_floor_and_ceiling(recent, workspace, everywhere, seed):
    """Whatever was said, every weight lies between floor and ceiling."""
    counts = TasteCounts(recent=recent, workspace=workspace, everywhere=everywhere)
    drawn = weights(counts, seed=seed)
    assert all(FLOOR <= weight <= CEILING for weight in drawn.offences.values())


def test_favourite():
    """Only what was told and is clearly liked better takes the place of the usual."""
    assert favourite({"mild": 3.0, "medium": 1.0}, "medium") == "mild"
    assert favourite({"mild": 1.3, "medium": 1.0}, "medium") == "medium"
    assert favourite({}, "medium") == "medium"


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
    assert round(stored * fading(NOW + timedelta(days=60)), 9) == 0.5
    assert 0 < scale(NOW.replace(year=2100)) * fading(NOW.replace(year=2101)) < 1


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
    counts = TasteCounts(recent=(*split(A, B), *split(C, C)))
    assert sentence(counts) == "This channel enjoys jokes on the bare assert. It is tired of jokes on the tug of war."
    assert sentence(TasteCounts()) == ""
