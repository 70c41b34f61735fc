"""Discord: the same bot, at home there too. Only ``app`` is meant for others."""
