"""All detectors, sorted by name: explicit, no import magic. ``make detector NAME=…`` adds a line here."""

from bot.detectors import (
    bare_assert,
    size,
)
from bot.detectors.base import Detector

DETECTORS: tuple[Detector, ...] = tuple(
    Detector.from_module(module)
    for module in (
        bare_assert,
        size,
    )
)

BY_KIND = {detector.kind: detector for detector in DETECTORS}
