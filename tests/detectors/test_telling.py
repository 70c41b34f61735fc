"""What a description tells: the trouble, and what was done about it."""

import pytest

from bot.detectors._telling import told


@pytest.mark.parametrize(
    "said",
    [
        "Detects crashed pods, missing images and evicted workers from both kinds of status.",
        "Catches the error that the broker raises when a queue is missing.",
        "Retries a lease that failed because the store was slow.",
    ],
)
def test_a_deed_that_names_faults_is_no_trouble(said: str) -> None:
    """A sentence that opens with what the change does is never told as the problem, whatever faults it names."""
    found = told(said)
    assert found.trouble is None
    assert found.deed is not None


def test_trouble_and_deed() -> None:
    """How things were is the trouble; what is done now is the deed."""
    found = told("The second caller never got an answer because the lock was lost. Resolves the lock by its owner now.")
    assert found.trouble is not None
    assert found.trouble.clean.startswith("The second caller")
    assert found.deed is not None
    assert found.deed.clean.startswith("Resolves")
