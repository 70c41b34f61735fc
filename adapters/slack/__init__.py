"""Slack: an app on Bolt that hears what people say there, and a messenger that draws what they are told."""
