"""The process that runs the bot."""
