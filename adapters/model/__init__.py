"""The one thin client over the chosen model library."""
