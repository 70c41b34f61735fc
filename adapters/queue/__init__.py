"""Queues: what is done after it was acknowledged. ``embedded`` works in the same process over the store."""
