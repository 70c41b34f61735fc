"""All detectors, sorted by name: explicit, no import magic. ``make detector NAME=…`` adds a line here."""

from bot.detectors import (
    bare_assert,
    giant_new_file,
    no_tests,
    races_handled,
    repeated_read,
    silenced_alarm,
    size,
    tests_that_earn_it,
)
from bot.detectors.base import Detector

DETECTORS: tuple[Detector, ...] = tuple(
    Detector.from_module(module)
    for module in (
        bare_assert,
        giant_new_file,
        no_tests,
        races_handled,
        repeated_read,
        silenced_alarm,
        size,
        tests_that_earn_it,
    )
)

BY_KIND = {detector.kind: detector for detector in DETECTORS}
