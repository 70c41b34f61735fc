"""The simulation of ``benchmarks/taste_simulation.py`` in small: it learns, and ten of thirty cannot spoil it."""

from benchmarks.taste_simulation import alone, at_verdict


def test_funnier():
    """Five channels of thirty people get funnier within thirty verdicts than those of a bot that does not learn."""
    assert at_verdict(alone(5), 30) > 1.08


def test_spoilers():
    """Ten of thirty who vote against whatever is good never make it clearly worse than not learning."""
    assert min(alone(5, spoilers=10, how="against what is good")) > 0.95
