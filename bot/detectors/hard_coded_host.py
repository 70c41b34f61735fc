"""Addresses of machines in code that ships.

What it finds: IP addresses in URLs or with a port, addresses of private networks, and names of internal hosts
(``*.internal``, ``*.corp``, ``*.lan``) in strings of added code. Loopback, wildcard, documentation and public
resolver addresses are left alone, and so are comments, tests and samples.

Why it matters: it works on one network, until that moves.

Where it errs: some addresses are a protocol's own constants (cloud metadata services); the known ones are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._lines import Place, fresh, paths, receipts, texts
from bot.detectors.base import charge, counted, standing
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind

STANCE = Stance.CHARGE
_ADDRESS = re.compile(
    r"[\"'`/@](?P<host>(?:\d{1,3}\.){3}\d{1,3})(?P<tail>:\d{2,5}\b|/(?!\d)|[\"'`])"
    r"|(?:://|@|[\"'`])(?P<name>[a-z0-9](?:[a-z0-9\-]*\.){1,5}(?:internal|corp|lan|intranet))(?=[:/\"'`])",
    re.IGNORECASE,
)
_QUICK = re.compile(r"\d\.\d{1,3}\.\d{1,3}\.\d|\.(?:internal|corp|lan|intranet)\b", re.IGNORECASE)
_KNOWN = re.compile(
    r"^(?:0\.|127\.|255\.|169\.254\.|22[4-9]\.|23\d\.|192\.0\.[02]\.|198\.51\.100\.|203\.0\.113\."
    r"|8\.8\.[48]\.[48]$|1\.1\.1\.1$"
    r"|1\.0\.0\.1$|9\.9\.9\.9$|[0-9]\.[0-9]\.[0-9]\.[0-9]$)|^(?:metadata\.google|host\.docker"
    r"|gateway\.docker|kubernetes\.docker)"
    r"|svc\.cluster|example",
    re.IGNORECASE,
)
_PRIVATE = re.compile(r"^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)")
_COMMENT = re.compile(r"^\s*(?:#|//|/\*|\*|--|<!--|\"\"\")")
_ASIDE = re.compile(
    r"(^|/)(tests?|examples?|docs?|samples?|playground|bench\w*|fixtures?|scripts?|demos?)/", re.IGNORECASE
)


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``hosts`` (each once), ``host`` (the first), ``count`` (lines), ``lines``, ``code`` (the first), ``path``,
    ``files``, ``private`` (whether the first is of a private network).
    """
    found: list[tuple[Place, str]] = []
    for place in fresh(case, FileKind.PRODUCTION):
        diff, line = place
        if _QUICK.search(line.text) and not _COMMENT.match(line.text) and not _ASIDE.search(diff.path):
            host = _host(line.text)
            if host:
                found.append((place, host))
    if not found:
        return
    places = [place for place, _ in found]
    hosts = tuple(dict.fromkeys(host for _, host in found))
    files = paths(places)
    yield charge(
        "hard_coded_host",
        min(3.5 + 0.5 * len(hosts), 6.0),
        f"`{hosts[0]}` is written into `{files[0]}`"
        + (f", and {counted(len(hosts) - 1, 'other host')} beside it." if len(hosts) > 1 else "."),
        {
            "hosts": hosts[:12],
            "host": hosts[0],
            "count": len(found),
            "lines": texts(places),
            "code": places[0][1].text.strip(),
            "path": files[0],
            "files": len(files),
            "private": bool(_PRIVATE.match(hosts[0])),
        },
        receipts(case, places),
        stands_in=standing(case),
        confidence=0.75,
    )


def _host(text: str) -> str:
    for found in _ADDRESS.finditer(text):
        host = found["host"] or found["name"]
        if _KNOWN.search(host) or (found["host"] and any(int(part) > 255 for part in host.split("."))):
            continue
        quoted_alone = found["host"] and found["tail"] in set("\"'`")
        if not quoted_alone or _PRIVATE.match(host):
            return host
    return ""
