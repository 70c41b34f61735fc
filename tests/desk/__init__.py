"""The desk and the counter, end to end."""
