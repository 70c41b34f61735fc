"""Rows as a version writes them that knows these tables and no later ones."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

NOW = 1_780_000_000_000_000
_JSON = {"body", "payload"}  # a migration may read these


def filled(table, number):
    """Return a row as that version writes one: the columns that it must fill, others left to the database."""
    row, unique = {}, _unique(table)
    for column in table.columns:
        if column.name in _JSON:
            row[column.name] = "{}"
        elif column.name in unique or not (column.nullable or column.server_default is not None):
            row[column.name] = _value(column, number)
    return row


def _unique(table):
    """Return the columns that tell a row from others."""
    keys = [one for one in table.constraints if isinstance(one, (sa.PrimaryKeyConstraint, sa.UniqueConstraint))]
    keys += [one for one in table.indexes if one.unique]
    return {column.name for one in keys for column in one.columns} - {"id"}


def _value(column, number):
    if isinstance(column.type, sa.Boolean):
        return True
    if isinstance(column.type, sa.DateTime):
        return datetime(2026, 5, 18, tzinfo=UTC).replace(tzinfo=None) + timedelta(seconds=number)
    if isinstance(column.type, sa.String):
        return f"{column.name}{number}"
    return NOW + number if isinstance(column.type, sa.BigInteger) else number
