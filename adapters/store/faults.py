"""A database's complaints in words: what is wrong in one sentence, and the next step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.errors import StoreError

_LOCKED = ("The memory is locked by another program.", "Close what else has the store open, then try again.")
_CROSSED = ("The bot is busy: two of its processes wanted the same rows.", "Try again in a minute.")
_FULL = (
    "The disk that holds the memory is full.",
    "Free some space there, or let `roast-bot prune` forget old verdicts.",
)
_READ_ONLY = ("The memory cannot be written to.", "Make the store's file and folder writable for this user.")
_DAMAGED = (
    "The memory is damaged or is no roast-bot store.",
    "Stop the bot, move the file away and put a backup (`roast-bot backup`) in its place.",
)
_NO_FILE = ("The memory's file cannot be opened.", "Check that its folder exists and that this user may write there.")
_AWAY = (
    "The bot is busy: the database of its memory does not answer.",
    "Try again in a minute; if it stays away, start PostgreSQL.",
)
_DENIED = ("The database of the memory refuses the login.", "Check user, password and database in ROAST_STORE__URL.")
_CROWDED = (
    "The database of the memory has no connection left.",
    "Try again in a minute, or raise its connection limit.",
)

# https://www.sqlite.org/rescode.html gives the messages, https://www.postgresql.org/docs/current/errcodes-appendix.html
# the codes. The first pattern that fits "CODE: message" speaks.
_WORDS = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (r"^(55P03|57014)|database (table )?is locked|database schema is locked", _LOCKED),
        (r"^53[14]|disk is full|no space left", _FULL),
        (r"^(25006|42501)|readonly database|read-only", _READ_ONLY),
        (r"^XX00[12]|not a database|malformed|disk I/O error|file is encrypted", _DAMAGED),
        (r"unable to open database", _NO_FILE),
        (r"^53300|too many (clients|connections)|QueuePool limit", _CROWDED),
        (r"^(28|3D)|password authentication|no pg_hba|database .* does not exist|role .* does not exist", _DENIED),
        (r"^40(P01|001)", _CROSSED),
        (r"^(08|57P|25P03)|connection|consuming input failed|server closed", _AWAY),
    )
)


def in_words(error: BaseException) -> StoreError:
    """Return the ``StoreError`` that says what ``error`` means for the one who runs the bot."""
    original = getattr(error, "orig", None) or error
    told = f"{getattr(original, 'sqlstate', None) or ''}: {original}"
    for pattern, (sentence, next_step) in _WORDS:
        if pattern.search(told):
            return StoreError(sentence, next_step)
    first_line = str(original).strip().split("\n", 1)[0]
    return StoreError(
        f"The memory failed ({type(original).__name__}: {first_line}).", "See the log for the whole story."
    )


@contextmanager
def told() -> Iterator[None]:
    """Turn every database fault inside into a ``StoreError``; other errors pass."""
    try:
        yield
    except (SQLAlchemyError, PoolTimeoutError, OSError) as error:
        raise in_words(error) from error
    except Exception as error:
        # A connect hook meets the driver's own error before SQLAlchemy can wrap it.
        if isinstance(error, DBAPIError) or type(error).__module__.split(".")[0] in {"sqlite3", "psycopg"}:
            raise in_words(error) from error
        raise
