"""What ``--json`` prints: verdicts and evidence as plain data, in the fields that others rely on."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from bot.case import Coverage
from bot.exhibit import Exhibit, Receipt
from bot.pull_request import PullRequest
from bot.verdict import Verdict


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as data. Sensitive exhibits are the asker's own business and are among them."""
    return {
        "pull_request": {"slug": verdict.pull_request, "url": verdict.url, **verdict.subject.model_dump(mode="json")},
        "title": verdict.title,
        "gist": verdict.gist,
        "paragraphs": [paragraph.model_dump(mode="json") for paragraph in verdict.paragraphs],
        "epithet": verdict.epithet,
        "punchline": verdict.punchline,
        "doneness": verdict.doneness.value,
        "score": verdict.score,
        "acquitted": verdict.acquitted,
        "heat": verdict.heat.value,
        "exhibits": [exhibit_json(item) for item in verdict.exhibits],
        "coverage": coverage_json(verdict.coverage),
        "writer": verdict.writer.model_dump(mode="json"),
    }


def evidence_json(pull_request: PullRequest, exhibits: Iterable[Exhibit], coverage: Coverage) -> dict[str, Any]:
    """Return the exhibits of a pull request as data."""
    return {
        "pull_request": {
            "slug": pull_request.slug,
            "url": pull_request.url,
            "number": pull_request.number,
            "title": pull_request.title,
            "author": pull_request.user.login,
            "state": "merged" if pull_request.merged else pull_request.state,
            "head_sha": pull_request.head_sha,
        },
        "exhibits": [exhibit_json(item) for item in exhibits],
        "coverage": coverage_json(coverage),
    }


def exhibit_json(exhibit: Exhibit) -> dict[str, Any]:
    """Return one exhibit as data; ``charge`` is true for a charge, and ``stance`` tells credit from context."""
    return {
        "id": exhibit.id,
        "kind": exhibit.kind,
        "charge": exhibit.is_charge,
        "stance": exhibit.stance.value,
        "weight": exhibit.weight,
        "confidence": exhibit.confidence,
        "summary": exhibit.summary,
        "facts": exhibit.model_dump(mode="json")["facts"],
        "stands_in": exhibit.stands_in.value,
        "came_in": exhibit.came_in,
        "gone_in": exhibit.gone_in,
        "sensitive": exhibit.sensitive,
        "receipts": [receipt_json(receipt) for receipt in exhibit.receipts],
    }


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """Return one receipt as data."""
    return receipt.model_dump(mode="json")


def coverage_json(coverage: Coverage) -> dict[str, Any]:
    """Return what was read and what was left out as data."""
    return {**coverage.model_dump(mode="json"), "partial": coverage.partial}


def print_json(data: object) -> None:
    """Print data on standard output, as letters where it can show them."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    sys.stdout.write(json.dumps(data, ensure_ascii=not unicode, indent=2) + "\n")
