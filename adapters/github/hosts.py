"""Which web host belongs to an API address: the one that people paste, and the one that is linked to."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

PUBLIC = "github.com"


def web_host_of(api_url: str) -> str:
    """Return the web host: ``github.com`` for its API, the host itself for an Enterprise server.

    A loopback address is a stand-in or a relay for github.com, not a place that people paste links from.
    """
    host = (urlsplit(api_url).hostname or "").lower()
    if host == f"api.{PUBLIC}" or _is_loopback(host):
        return PUBLIC
    # GitHub Enterprise Cloud with data residency answers at api.SUBDOMAIN.ghe.com.
    return host.removeprefix("api.") if host.endswith(".ghe.com") else host


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
