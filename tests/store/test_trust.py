"""How much each voice counts: budgets, newcomers, choirs, and those who run against everybody else."""

import random

from hypothesis import given
from hypothesis import strategies as st

from bot.trust import trust_of


def crowd(verdicts=40, people=12, spoilers=0, seed=1, spoil=lambda fun, dice: -1.0 if fun > 0.5 else 1.0):
    """Return what people said of verdicts that were funny or not; spoilers know exactly and use it."""
    dice, told = random.Random(seed), []
    for _ in range(verdicts):
        fun = dice.uniform(0.2, 0.8)
        said = {f"p{who}": 1.0 if dice.random() < fun else -1.0 for who in range(people) if dice.random() < 0.5}
        told.append(said | {f"s{who}": spoil(fun, dice) for who in range(spoilers)})
    return told


def whole(trust, letter):
    """Return the weight of all whose names begin with a letter."""
    return sum(weight for who, weight in trust.items() if who.startswith(letter))


def test_nobody():
    """Where nothing was said nobody has a weight."""
    assert trust_of([]) == {}
    assert trust_of([{}, {"a": 0.0}]) == {}


def test_budget():
    """Whoever speaks ten times as often as the others weighs no more in all than they do."""
    told = crowd(people=8, verdicts=60, spoilers=0)
    for number, one in enumerate(told):
        one["loud"] = 1.0 if number % 3 else -1.0
    trust = trust_of(
        [
            {who: voice for who, voice in one.items() if who == "loud" or number % 6 == 0}
            for number, one in enumerate(told)
        ]
    )
    count = {
        who: sum(who in one for number, one in enumerate(told) if who == "loud" or number % 6 == 0) for who in trust
    }
    others = [trust[who] * count[who] for who in trust if who != "loud"]
    assert trust["loud"] * count["loud"] <= 1.5 * max(others)


def test_newcomer():
    """Somebody who spoke for the first time just now counts for less than those who were here before."""
    told = crowd(people=6)
    told[-1]["new"] = 1.0
    trust = trust_of(told)
    assert 0 < trust["new"] < 0.5 * max(trust.values())


def test_choir():
    """Ten who say the same every time come to less than four of the others together, whatever it is that they say."""
    for say in (lambda fun, dice: 1.0, lambda fun, dice: -1.0 if fun > 0.5 else 1.0):
        trust = trust_of(crowd(people=20, spoilers=10, spoil=say))
        assert whole(trust, "s") < whole(trust, "p") / 5


def test_hidden_choir():
    """Ten who hide behind noise, and keep still half of the time, still come to less than a third of the others."""

    def hiding(fun, dice):
        voice = -1.0 if fun > 0.5 else 1.0
        return dice.choices([voice, -voice, 0.0], [51, 9, 40])[0]

    told = crowd(people=20, spoilers=10, spoil=hiding, verdicts=60)
    assert whole(trust_of(told), "s") < whole(trust_of(told), "p") / 3


def test_dissent_is_free():
    """One person with the opposite taste who speaks as often as others keeps a voice while little is known."""
    told = crowd(verdicts=6, people=10)
    for one in told:
        one["other"] = -1.0 if sum(one.values()) > 0 else 1.0
    assert trust_of(told)["other"] > 0


@given(st.lists(st.dictionaries(st.text(max_size=2), st.floats(-1, 1)), max_size=12))
def test_bounds(told):
    """Every weight lies between 0 and 1, for everybody who spoke, whatever was said."""
    trust = trust_of(told)
    assert set(trust) == {who for one in told for who, voice in one.items() if voice}
    assert all(0 <= weight <= 1 for weight in trust.values())
