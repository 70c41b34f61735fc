"""The same setting, two values, one pull request.

What it finds: among the lines that the pull request adds to configuration, one thing pinned twice to different
values: the same GitHub action at two versions, the same image at two tags, the same tool's version or the same
environment variable with two values in different files. Matrices, and values that are expressions, are left alone.

Why it matters: one of the two is the one that somebody tested.

Where it errs: some differences are meant (a tool that must stay behind in one place); the roast shows both lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._lines import Place, fresh, receipts, short
from bot.detectors.base import charge, standing
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind

STANCE = Stance.CHARGE
_VERSION = r"[\"']?(?P<value>v?\d[\w.\-]*)[\"']?"
_PINS = (
    (
        "action",
        re.compile(
            r"^\s*-?\s*uses:\s*[\"']?(?P<key>[\w.\-/]+)@(?P<value>[\w.\-]+)[\"']?(?:\s*#\s*(?P<said>v?\d[\w.]*))?"
        ),
    ),
    (
        "image",
        re.compile(r"^\s*(?:-\s*)?(?:FROM|image:)\s*[\"']?(?P<key>[\w.\-/]+):(?P<value>\d[\w.\-]*)[\"']?(?:\s|$)"),
    ),
    (
        "version",
        re.compile(
            rf"^\s*(?P<key>(?:node|python|go|java|ruby|rust|pnpm|uv|toolchain)-version):\s*{_VERSION}\s*(?:#.*)?$"
        ),
    ),
)
_CONFIGURATION = re.compile(
    r"\.(ya?ml|toml|env|ini|cfg|properties)$|(^|/)(Dockerfile[^/]*|\.env[^/]*|[^/]*\.Dockerfile)$", re.IGNORECASE
)
_ASIDE = re.compile(r"(^|/)(tests?|fixtures?|examples?|docs?|testdata|templates?|snapshots?)/", re.IGNORECASE)


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit for each thing that is pinned to two values.

    Facts: ``setting`` (its name), ``what`` (action, image or version), ``values`` (in order of appearance),
    ``first_value``, ``second_value``, ``first_path``, ``second_path``, ``first_code``, ``second_code``, ``files``.
    """
    pins: dict[tuple[str, str], dict[str, Place]] = {}
    for diff, line in fresh(case, FileKind.CONFIG, FileKind.OTHER):
        if _CONFIGURATION.search(diff.path) and not _ASIDE.search(diff.path):
            for what, pattern in _PINS:
                found = pattern.match(line.text)
                if found:
                    value = found.groupdict().get("said") or found["value"]
                    pins.setdefault((what, found["key"]), {}).setdefault(value, (diff, line))
    for (what, key), values in pins.items():
        if len(values) > 1:
            yield _exhibit(case, what, key, values)


def _exhibit(case: Case, what: str, key: str, values: dict[str, Place]) -> Exhibit:
    (first_value, (first, first_line)), (second_value, (second, second_line)) = list(values.items())[:2]
    where = f"`{first.path}`" if first.path == second.path else f"`{short(first.path)}` and `{short(second.path)}`"
    return charge(
        "config_drift",
        4.0 if what == "version" else 3.5,
        f"`{key}` is `{first_value}` and `{second_value}` in {where}.",
        {
            "setting": key,
            "what": what,
            "values": tuple(values),
            "first_value": first_value,
            "second_value": second_value,
            "first_path": first.path,
            "second_path": second.path,
            "first_code": first_line.text.strip(),
            "second_code": second_line.text.strip(),
            "files": len({diff.path for diff, _ in values.values()}),
        },
        receipts(case, values.values()),
        stands_in=standing(case),
        confidence=0.75,
    )
