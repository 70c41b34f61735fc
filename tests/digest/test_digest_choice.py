"""What is chosen of a week, by cheap signs and then by what was found."""

from __future__ import annotations

from datetime import timedelta

from digest_weeks import AUTHORS, FRIDAY, pull, reading, readings, weeks
from hypothesis import given
from hypothesis import strategies as st

from bot.digest_choice import (
    DOZEN,
    Told,
    Wanted,
    admitted,
    cleanest,
    dozen,
    is_routine,
    ranked,
    told_in_order,
)
from bot.exhibit import Exhibit, Receipt, Stance, StandsIn, Where
from bot.verdict import Doneness

NOBODY = Told()


@given(weeks(), st.permutations(range(30)))
def test_the_order_of_the_list_is_no_matter(week, order):
    """The same week in any order gives the same dozen"""
    shuffled = [week[place] for place in order if place < len(week)]
    chosen = dozen(ranked(week, NOBODY, FRIDAY), NOBODY)
    assert dozen(ranked(shuffled, NOBODY, FRIDAY), NOBODY) == chosen


@given(weeks(), st.frozensets(st.integers(1, 30)), st.frozensets(st.sampled_from(AUTHORS)))
def test_a_dozen_at_most_and_none_twice(week, before, last):
    """At most a dozen is read in full, none twice, none that was told before, and as many as there are"""
    told = Told(pulls=before, last_authors=last)
    chosen = [one.pull.number for one in dozen(ranked(week, told, FRIDAY), told)]
    able = {one.number for one in week} - before
    assert len(chosen) == len(set(chosen)) == min(DOZEN, len(able))
    assert set(chosen) <= able


@given(weeks(), st.frozensets(st.sampled_from(AUTHORS)))
def test_others_are_read_first(week, last):
    """Authors of the last digest are read only where there are not twelve pull requests of others"""
    told = Told(last_authors=last)
    chosen = dozen(ranked(week, told, FRIDAY), told)
    others = sum(one.user.login not in last for one in week)
    assert sum(one.pull.user.login not in last for one in chosen) == min(DOZEN, others)


@given(readings(), st.frozensets(st.sampled_from(AUTHORS)), st.integers(1, 10))
def test_nobody_two_weeks_in_a_row(found, last, top):
    """Nobody is told two weeks in a row unless there is nobody else, and then once"""
    chosen = told_in_order(found, Told(last_authors=last), Wanted(), top)
    able = [one for one in found if not one.acquitted]
    fresh = [one for one in able if one.author not in last]
    if fresh:
        assert not {one.author for one in chosen} & last
        assert len(chosen) == min(top, len(fresh))
    else:
        assert len(chosen) == min(1, len(able))


@given(readings(), st.integers(1, 10))
def test_the_headline_is_the_most_roastable(found, top):
    """The headline is the most roastable of all; what is acquitted is never told"""
    chosen = told_in_order(found, NOBODY, Wanted(), top)
    able = [one for one in found if not one.acquitted]
    assert not any(one.acquitted for one in chosen)
    assert not able or chosen[0].roastable == max(one.roastable for one in able)


@given(readings(), st.sampled_from(list(Doneness)))
def test_done_enough(found, least):
    """Nothing is told that is less done than the channel wants"""
    ranks = list(Doneness)
    chosen = told_in_order(found, NOBODY, Wanted(min_doneness=least), 10)
    assert all(ranks.index(one.doneness) >= ranks.index(least) for one in chosen)


@given(readings())
def test_the_cleanest_is_another_one(found):
    """Who is praised is not roasted in the same breath, and the praise says for what"""
    told = told_in_order(found, NOBODY, Wanted(), 3)
    best = cleanest(found, told)
    assert best is None or (best not in told and best.praise)


def test_variety():
    """Of three that are as roastable, the short ones are by others, elsewhere, with other offences"""
    found = [
        reading(1, "ada", roastable=9.0),
        reading(2, "ada", roastable=8.0, folder="lib", offences=("todo_left",)),
        reading(3, "grace", roastable=7.5),
        reading(4, "ken", roastable=6.5, folder="lib", offences=("fixup_train",)),
    ]
    assert [one.number for one in told_in_order(found, NOBODY, Wanted(), 2)] == [1, 4]


def test_not_merely_the_largest():
    """What took rounds and was mended afterwards beats what is merely large"""
    large = pull(1, "ada", additions=40_000, deletions=0, changed_files=300, commits=1)
    told = pull(
        2, "grace", additions=300, commits=14, reviews=9, comments=12, merged_at=FRIDAY - timedelta(days=3),
        paths=("src/door.py",), subjects=("Add door", "fix lint", "oops", "address review", "fix tests"),
    )  # fmt: skip
    mend = pull(3, "ken", title="Fix door that opens inwards", paths=("src/door.py",), merged_at=FRIDAY)
    signs = ranked([large, told, mend], NOBODY, FRIDAY)
    assert signs[0].pull.number == 2
    assert "mended by #3" in signs[0].reasons
    assert any("mend the ones before" in why for why in signs[0].reasons)


def test_sequels_are_seen():
    """A revert by its title, a fix that names a number: both count for the one that came before, never the other way"""
    first = pull(1, title="Add door", merged_at=FRIDAY - timedelta(days=2), paths=())
    second = pull(2, title='Revert "Add door" (#1)', merged_at=FRIDAY - timedelta(days=1), paths=())
    third = pull(3, title="Follow up to #1", merged_at=FRIDAY, paths=())
    signs = {one.pull.number: one.reasons for one in ranked([first, second, third], NOBODY, FRIDAY)}
    assert {"reverted by #2", "named by #3"} <= set(signs[1])
    assert not any("by #" in why for why in (*signs[2], *signs[3]))


def test_turns():
    """Whoever was roasted lately comes after somebody who never was"""
    told = Told(roasted_at={"ada": FRIDAY - timedelta(days=3), "ken": FRIDAY - timedelta(days=300)})
    signs = ranked([pull(1, "ada"), pull(2, "grace"), pull(3, "ken")], told, FRIDAY)
    assert [one.pull.user.login for one in signs] == ["grace", "ken", "ada"]


def test_routine_is_out():
    """Updates by machines are no news; an agent that writes code is, and so is a person who bumps something"""
    assert is_routine(pull(author="dependabot[bot]", title="Anything at all"))
    assert is_routine(pull(author="github-actions[bot]", title="chore(deps): bump salt"))
    assert is_routine(pull(author="renovate", title="Update dependency salt to v2"))
    assert not is_routine(pull(author="devin-ai-integration[bot]", title="fix: soup"))
    assert not is_routine(pull(author="ada", title="chore(deps): bump salt"))


def test_filters():
    """Labels, authors and paths let in and keep out; what is not known does not keep out"""
    wanted = Wanted.of({"labels": ["Bug"], "not_labels": ["wip"], "not_authors": ["Ken"], "paths": ["src/"]})
    assert wanted.admits(pull(labels=("bug",)))
    assert wanted.admits(pull(labels=("bug",), paths=()))
    assert not wanted.admits(pull(labels=()))
    assert not wanted.admits(pull(labels=("bug", "WIP")))
    assert not wanted.admits(pull(author="ken", labels=("bug",)))
    assert not wanted.admits(pull(labels=("bug",), paths=("docs/a.md", "srcs/a.py")))
    without = Wanted.of({"not_paths": ["vendor"]})
    assert not without.admits(pull(paths=("vendor/a.js",)))
    assert without.admits(pull(paths=("vendor/a.js", "src/a.py")))
    assert Wanted.of({"authors": ["ada"]}).admits(pull(author="Ada"))
    assert not Wanted.of({"authors": ["ada"]}).admits(pull(author="grace"))


def test_refused_are_out():
    """Whoever wants no part of it is not even looked at"""
    found = admitted([pull(1), pull(2), pull(3, "dependabot[bot]")], Wanted(), lambda one: one.number == 1)
    assert [one.number for one in found] == [2]


def test_size_alone_is_little():
    """Where all charges are about size, there is less to tell than one sharp charge gives"""
    from bot.digest_choice import roastable

    def charge(kind):
        return Exhibit(
            kind=kind, stance=Stance.CHARGE, weight=5, summary="x", stands_in=StandsIn.MERGED,
            receipts=(Receipt(where=Where.FIGURES, quote="additions=1"),),
        )  # fmt: skip

    assert roastable([charge("giant_new_file"), charge("vendored_bulk")], 4) < roastable([charge("bare_assert")], 4)
