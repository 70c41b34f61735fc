"""Traces with OpenTelemetry, where an exporter is configured: https://opentelemetry.io/docs/languages/python/."""
