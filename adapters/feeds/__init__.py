"""Feeds of posts: RSS and Atom over HTTP."""
