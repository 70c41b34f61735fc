"""All detectors, sorted by name: explicit, no import magic. ``make detector NAME=…`` adds a line here."""

from bot.detectors import (
    any_escape,
    bare_assert,
    bot_caught,
    confession,
    drawn_description,
    famous_last_words,
    fixup_train,
    giant_new_file,
    house_rule_custom,
    mixed_commit,
    nested_ternary,
    no_tests,
    pinned_bug,
    placebo_patch,
    print_left,
    races_handled,
    refactor_that_grows,
    repeated_read,
    rubber_stamp,
    scope_cut,
    sequel_fix,
    silenced_alarm,
    size,
    tests_that_earn_it,
    tug_of_war,
)
from bot.detectors.base import Detector

DETECTORS: tuple[Detector, ...] = tuple(
    Detector.from_module(module)
    for module in (
        any_escape,
        bare_assert,
        bot_caught,
        confession,
        drawn_description,
        famous_last_words,
        fixup_train,
        giant_new_file,
        house_rule_custom,
        mixed_commit,
        nested_ternary,
        no_tests,
        pinned_bug,
        placebo_patch,
        print_left,
        races_handled,
        refactor_that_grows,
        repeated_read,
        rubber_stamp,
        scope_cut,
        sequel_fix,
        silenced_alarm,
        size,
        tests_that_earn_it,
        tug_of_war,
    )
)

BY_KIND = {detector.kind: detector for detector in DETECTORS}
