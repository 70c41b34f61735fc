"""Lets these tests import what all rooms share."""
