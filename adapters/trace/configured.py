"""The tracing that the environment asks for: OpenTelemetry's own variables say where traces go.

Where none names an exporter nothing of OpenTelemetry is imported.
https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from bot.errors import SettingsError
from bot.parts import Parts

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


def wanted(environ: Mapping[str, str]) -> bool:
    """Whether traces are to go anywhere."""
    off = environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    return not off and environ.get("OTEL_TRACES_EXPORTER", "") != "none" and any(environ.get(one) for one in _ENDPOINTS)


def traced(parts: Parts, environ: Mapping[str, str] = os.environ) -> Parts:
    """Return the parts, traced where that is wanted. Raises ``SettingsError`` where the library is missing."""
    if not wanted(environ):
        return parts
    try:
        from adapters.trace.tracing import Tracing  # noqa: PLC0415 - only where it is wanted
    except ImportError as error:
        raise SettingsError(
            f"Traces are wanted ({next(one for one in _ENDPOINTS if environ.get(one))}), but {error.name} is missing.",
            "Install it with `pip install 'roast-bot[otel]'`, or unset the variable.",
        ) from error
    return Tracing().around(parts)
