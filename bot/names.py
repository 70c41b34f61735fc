"""What a name in code says that it does, read aloud. Pure."""

from __future__ import annotations

import re
from typing import Any

_WORDS = re.compile(r"[A-Z]+\d*(?=[A-Z][a-z])|[A-Z]?[a-z]+\d*|[A-Z]+\d*|\d+")
_VERBS = frozenset(
    "accept acquire acknowledge add allocate answer append apply assemble attach attempt authenticate authorize"
    " await bind broadcast build bundle cache calculate call cancel capture check choose claim clean cleanup clear"
    " close collect commit compare compile complete compute configure connect consume convert copy count create"
    " decide decode decorate delete deliver deploy derive deserialize detach detect determine disable discover"
    " dispatch display download drain drop dump edit emit enable encode enqueue ensure enter evaluate exclude"
    " execute exit expand explain export expose extract fail fetch fill filter finalize find flatten flush follow"
    " force forget format forward gather generate get grant group guard handle hash hydrate identify ignore import"
    " include index infer initialize inject insert inspect install invalidate invoke iterate join keep kill launch"
    " link list load lock log lookup mark match measure merge migrate minimize monitor mount move normalize notify"
    " open override pack parse patch pause peek perform persist pick ping poll pop populate post prefetch prepare"
    " preserve print process propagate propose prune publish pull purge push put query queue raise read receive"
    " reconcile reconnect record recover redact redirect reduce refresh register reject release reload remember"
    " remove rename render renew repair replace reply report request require reserve reset resolve restart restore"
    " resume retrieve retry return revoke rewrite rotate route run sanitize save scan schedule search seed select"
    " send serialize serve set show shutdown sign skip sort spawn split start stop store stream strip submit"
    " subscribe suggest suppress swap switch sync tag terminate toggle track transform translate trigger trim"
    " truncate try unlock unpack unregister unsubscribe update upgrade upload validate verify visit wait walk warn"
    " watch widen wrap write".split()
)
_NO_ARTICLE = frozenset(
    "a an the to for from in on at by with of and or as if into until up down out off once all any each every no not"
    " async sync it is".split()
)


def job(name: Any) -> str:
    """Return what a name says that it does, "build the worker ready frame", or nothing where it opens with no verb."""
    words = [word.lower() for word in _WORDS.findall(str(name).rsplit(".", 1)[-1])]
    if len(words) < 2 or words[0] not in _VERBS:
        return ""
    return " ".join([words[0], *(() if words[1] in _NO_ARTICLE else ("the",)), *words[1:]])
