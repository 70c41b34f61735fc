"""The core of roast-bot: pure, typed, no network, no platform (law 1 of the design)."""

__version__ = "0.1.0"
