"""Observations: what only this pull request has, told where nothing is charged. Sorted by name, no import magic.

An observer is made like a detector and yields context: an observation neither accuses nor praises, and the joke may
turn on it. They look only at what is acquitted, so that nobody else pays for them.
"""

from bot.detectors.base import Detector
from bot.observations import (
    balance,
    by_machine,
    farewell,
    indent,
    kept_promise,
    log_voice,
    long_letter,
    long_way_down,
    margin_note,
    moved_line,
    much_talk,
    new_address,
    new_knob,
    new_name,
    often_visited,
    players,
    proof_weight,
    put_right,
    same_everywhere,
    small_steps,
    smallest_step,
    spelled_out,
    spoken_line,
    stay,
    telling_line,
    turned_line,
    whole_diff,
    written_words,
)

OBSERVERS: tuple[Detector, ...] = tuple(
    Detector.from_module(module)
    for module in (
        balance,
        by_machine,
        farewell,
        indent,
        kept_promise,
        log_voice,
        long_letter,
        long_way_down,
        margin_note,
        moved_line,
        much_talk,
        new_address,
        new_knob,
        new_name,
        often_visited,
        players,
        proof_weight,
        put_right,
        same_everywhere,
        small_steps,
        smallest_step,
        spelled_out,
        spoken_line,
        stay,
        telling_line,
        turned_line,
        whole_diff,
        written_words,
    )
)

OBSERVED = frozenset(observer.kind for observer in OBSERVERS)
