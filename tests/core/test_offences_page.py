"""The page of offences says what the detectors say."""

from tools.offences import PAGE, page


def test_the_page_is_current() -> None:
    """docs/offences.md is what `python -m tools.offences` writes now."""
    assert PAGE.read_text(encoding="utf-8") == page()
