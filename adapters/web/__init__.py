"""The web side of ``roast-bot serve``: whether it lives, whether it can work, what it measures, and what is mounted."""
