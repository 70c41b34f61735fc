"""The dev log."""
