"""The terminal: the card in colour, plain when piped; evidence; progress on standard error."""
