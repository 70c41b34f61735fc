"""The tables as the first version of the program knows them, read from its own migration: for ``test_rolling``."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import sqlalchemy as sa

import adapters.store

FIRST = Path(adapters.store.__file__).parent / "migrations" / "versions" / "0001_first.py"


class Recorder:
    """Stands in for alembic's ``op``: keeps what the migration makes, as tables."""

    def __init__(self):
        self.metadata = sa.MetaData()

    def create_table(self, name, *parts, **options):
        """Keep a table."""
        options = {key: value for key, value in options.items() if key.startswith("sqlite")}
        return sa.Table(name, self.metadata, *parts, **options)

    def __getattr__(self, name):
        return lambda *_, **__: None


def first_tables():
    """Return the tables of the first migration by name."""
    spec = importlib.util.spec_from_file_location("first_migration", FIRST)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.op = recorder = Recorder()
    module.upgrade()
    return recorder.metadata.tables
