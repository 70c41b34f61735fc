"""Fixtures that every room of the tests shares."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def recordings() -> Path:
    """The folder of recorded pull requests beside the repository; tests on it skip where it is not there."""
    folder = ROOT.parent / "shared" / "recordings"
    if not folder.is_dir():
        pytest.skip("the recordings (../shared/recordings) are not beside this repository")
    return folder
