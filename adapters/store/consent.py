"""Opt-outs, bindings, settings, limits and appeals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Table, delete, func, insert, select, text, update

from adapters.store.base import Base
from adapters.store.keys import at_place, columns_of, in_workspace, person_key, person_of, place_of, read_kept
from adapters.store.schema import appeals, asks, bindings, opt_outs, place_settings, users, verdicts
from bot.errors import StoreError
from bot.records import (
    Appeal,
    AppealId,
    Ground,
    Limit,
    OptOut,
    OptOutKind,
    Outcome,
    Person,
    Place,
    PlaceSettings,
    UserSettings,
    VerdictId,
    Wait,
)


def appeal_of(row: Any) -> Appeal:
    """Return the appeal of a row of ``appeals``."""
    by = person_of(row.person) or Person(platform="", user="")
    return Appeal(
        id=AppealId(row.id),
        verdict=VerdictId(row.verdict_id),
        exhibit=row.exhibit,
        offence=row.offence,
        ground=Ground(row.ground),
        by=by,
        at=row.at,
        outcome=Outcome(row.outcome),
        reason=row.reason,
        decided_at=row.decided_at,
    )


class ConsentRoom(Base):
    """Implements ``bot.ports_store.ConsentStore``."""

    async def opt_out(self, kind: OptOutKind, subject: str, by: str) -> bool:
        """See ``ConsentStore``."""
        name = subject.lower()
        row = {"kind": kind, "subject": name, "standing": f"{kind}:{name}", "by": by, "at": self._now()}
        async with self._write() as connection:
            if await self._insert_new(connection, opt_outs, row):
                return True
            before = select(opt_outs.c.id).where(*_unended(kind, name), _said_in(by.rpartition("/")[0]))
            if (await connection.execute(before.limit(1))).first() is None:
                await connection.execute(insert(opt_outs).values(row | {"standing": None}))
        return False

    async def undo_opt_out(self, kind: OptOutKind, subject: str, by: str, *, said_in: Place | None = None) -> bool:
        """See ``ConsentStore``."""
        name = subject.lower()
        ended = update(opt_outs).where(*_unended(kind, name))
        if said_in is not None:
            ended = ended.where(_said_in(f"{said_in.platform}/{said_in.workspace}"))
        async with self._write() as connection:
            gone = await connection.execute(ended.values(standing=None, undone_by=by, undone_at=self._now()))
            # What another workspace said meanwhile stands in its place.
            left = select(func.min(opt_outs.c.id)).where(*_unended(kind, name)).scalar_subquery()
            heir = update(opt_outs).where(opt_outs.c.id == left).values(standing=f"{kind}:{name}")
            if gone.rowcount:
                await connection.execute(heir)
            return bool(gone.rowcount)

    async def opted_out(self, kind: OptOutKind, subjects: Sequence[str]) -> frozenset[str]:
        """See ``ConsentStore``."""
        keys = [f"{kind}:{subject.lower()}" for subject in subjects]
        async with self._read() as connection:
            rows = await connection.execute(select(opt_outs.c.subject).where(opt_outs.c.standing.in_(keys)))
            return frozenset(rows.scalars())

    async def opt_outs(self) -> tuple[OptOut, ...]:
        """See ``ConsentStore``."""
        query = select(opt_outs).where(opt_outs.c.standing.is_not(None)).order_by(opt_outs.c.id)
        async with self._read() as connection:
            return tuple(
                OptOut(kind=OptOutKind(row.kind), subject=row.subject, by=row.by, at=row.at)
                for row in await connection.execute(query)
            )

    async def bind(self, place: Place, repository: str, by: str) -> None:
        """See ``ConsentStore``."""
        row = {**columns_of(place), "repository": repository.lower(), "by": by, "at": self._now()}
        async with self._write() as connection:
            await self._insert_new(connection, bindings, row)

    async def unbind(self, place: Place, repository: str) -> bool:
        """See ``ConsentStore``."""
        gone = delete(bindings).where(at_place(bindings, place), bindings.c.repository == repository.lower())
        async with self._write() as connection:
            return bool((await connection.execute(gone)).rowcount)

    async def bindings(self, *, repository: str = "", place: Place | None = None) -> tuple[tuple[Place, str], ...]:
        """See ``ConsentStore``."""
        query = select(bindings).order_by(bindings.c.at, bindings.c.repository)
        if repository:
            query = query.where(bindings.c.repository == repository.lower())
        if place is not None:
            query = query.where(at_place(bindings, place) if place.channel else in_workspace(bindings, place))
        async with self._read() as connection:
            return tuple((place_of(row), row.repository) for row in await connection.execute(query))

    async def place_settings(self, place: Place) -> PlaceSettings:
        """See ``ConsentStore``."""
        kept = await self._scalar(select(place_settings.c.data).where(at_place(place_settings, place)))
        return read_kept(PlaceSettings, kept) if kept else PlaceSettings()

    async def set_place_settings(self, place: Place, settings: PlaceSettings) -> None:
        """See ``ConsentStore``."""
        await self._keep(place_settings, {**columns_of(place), "data": settings.model_dump_json(exclude_defaults=True)})

    async def user_settings(self, person: Person) -> UserSettings:
        """See ``ConsentStore``."""
        kept = await self._scalar(select(users.c.data).where(users.c.person == person_key(person)))
        return read_kept(UserSettings, kept) if kept else UserSettings()

    async def set_user_settings(self, person: Person, settings: UserSettings) -> None:
        """See ``ConsentStore``."""
        row = {"person": person_key(person), "login": settings.login.lower(), "confirmed_by": settings.confirmed_by}
        await self._keep(users, row | {"data": settings.model_dump_json(exclude_defaults=True)})

    async def people_of(self, login: str) -> tuple[Person, ...]:
        """See ``ConsentStore``."""
        query = select(users.c.person).where(users.c.login == login.lower(), users.c.confirmed_by != "")
        async with self._read() as connection:
            found = [person_of(key) for key in (await connection.execute(query)).scalars()]
        return tuple(person for person in found if person is not None)

    async def claim_ask(self, place: Place, person: Person, limits: Sequence[Limit]) -> Wait | None:
        """See ``ConsentStore``."""
        now = self._now()
        async with self._write() as connection:
            if connection.dialect.name == "postgresql":
                # Two asks at once must not both take the last place (SQLite has one writer anyway).
                lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:of, 0))")
                await connection.execute(lock, {"of": f"ask:{place.platform}/{place.workspace}"})
            waits = []
            for limit in limits:
                of = _asked_in(limit.scope, place, person)
                window = timedelta(seconds=limit.seconds)
                since = select(asks.c.at).where(*of, asks.c.at > now - window).order_by(asks.c.at.desc())
                # The ask that must leave the window before another one fits in.
                blocking = await connection.execute(since.offset(max(0, limit.most - 1)).limit(1))
                at = blocking.scalar_one_or_none()
                if limit.most <= 0 or at is not None:
                    waits.append(Wait(limit=limit, until=(at or now) + window))
            if waits:
                return max(waits, key=lambda wait: wait.until)
            row = {**columns_of(place), "person": person_key(person), "at": now}
            await connection.execute(insert(asks).values(row))
        return None

    async def open_appeal(
        self, verdict_id: VerdictId, exhibit: str, offence: str, ground: Ground, by: Person
    ) -> Appeal:
        """See ``AppealStore``."""
        mine = {"verdict_id": verdict_id, "exhibit": exhibit, "ground": ground, "person": person_key(by)}
        async with self._write() as connection:
            where = select(verdicts).where(verdicts.c.id == verdict_id)
            shown = (await connection.execute(where)).one_or_none()
            if shown is None:
                raise StoreError(
                    f"There is no verdict {verdict_id}.", "Look up its number with `roast-bot leaderboard`."
                )
            row = mine | columns_of(place_of(shown)) | {"offence": offence, "outcome": Outcome.PENDING}
            await self._insert_new(connection, appeals, row | {"at": self._now()})
            return appeal_of((await connection.execute(select(appeals).filter_by(**mine))).one())

    async def decide_appeal(self, appeal_id: AppealId, outcome: Outcome, reason: str) -> Appeal:
        """See ``AppealStore``."""
        decided = update(appeals).where(appeals.c.id == appeal_id)
        decided = decided.values(outcome=outcome, reason=reason, decided_at=self._now())
        async with self._write() as connection:
            row = (await connection.execute(decided.returning(appeals))).one_or_none()
        if row is None:
            raise StoreError(f"There is no appeal {appeal_id}.", "`roast-bot appeals` lists them.")
        return appeal_of(row)

    async def appeals(
        self, *, place: Place | None = None, verdict_id: VerdictId | None = None, limit: int = 100
    ) -> tuple[Appeal, ...]:
        """See ``AppealStore``."""
        query = select(appeals).order_by(appeals.c.id.desc()).limit(limit)
        if place is not None:
            query = query.where(at_place(appeals, place) if place.channel else in_workspace(appeals, place))
        if verdict_id is not None:
            query = query.where(appeals.c.verdict_id == verdict_id)
        async with self._read() as connection:
            return tuple(appeal_of(row) for row in await connection.execute(query))

    async def _scalar(self, query: Any) -> Any:
        async with self._read() as connection:
            return (await connection.execute(query)).scalar_one_or_none()

    async def _keep(self, table: Table, row: dict[str, Any]) -> None:
        async with self._write() as connection:
            await self._upsert(connection, table, row)


def _unended(kind: OptOutKind, subject: str) -> tuple[Any, ...]:
    """Return the conditions of a no that nobody undid: the one that stands, and those that were said besides."""
    return opt_outs.c.kind == kind, opt_outs.c.subject == subject, opt_outs.c.undone_at.is_(None)


def _said_in(home: str) -> Any:
    """Return the condition that a person of a workspace (``platform/workspace``) said it."""
    return opt_outs.c.by.startswith(f"{home}/", autoescape=True)


def _asked_in(scope: str, place: Place, person: Person) -> tuple[Any, ...]:
    if scope == "person":
        return (asks.c.person == person_key(person),)
    if scope == "channel":
        return (at_place(asks, place),)
    return (in_workspace(asks, place),)
