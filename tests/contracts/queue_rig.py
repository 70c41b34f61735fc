"""What a queue's contract needs of each engine: a fresh store, queues over it, and processes that live and die."""

import contextlib
import itertools

from fakes.memory import Watch
from fakes.pgbouncer import PORT
from fakes.postgres import postgres_url

from adapters.queue.embedded import EmbeddedQueue
from adapters.store import open_store
from bot.records import JobId

_databases = itertools.count()


class Embedded:
    """The embedded queue over SQLite."""

    def __init__(self, folder):
        self.url = f"sqlite+aiosqlite:///{folder / 'store.sqlite3'}"

    def queue(self, store, clock, **options):
        """Return a queue; ``poll`` is long, so that waking is what works."""
        return EmbeddedQueue(store, clock, **{"poll": 60.0, **options})

    async def put(self, store, job):
        """Put a job without anybody hearing of it."""
        return await store.enqueue(job)

    async def leave_running(self, store, holder, watch, *, alive=False):
        """Take the next job as a process that then dies, or lives on and beats."""
        job = await store.next_job(holder)
        if alive:
            await beat(store, holder, watch)
        return job

    async def dies(self, watch):
        """Let whoever lived beat no more."""
        watch.forward(seconds=31)


class Cluster:
    """procrastinate over a real PostgreSQL."""

    def __init__(self, server, name):
        self.url = postgres_url(server, name)
        self.libpq = self.url.replace("+psycopg", "")
        self._beside = None

    def queue(self, store, clock, **options):
        """Return a queue that hears of jobs at once."""
        from adapters.queue.cluster import ClusterQueue

        return ClusterQueue(store, clock, **{"url": self.libpq, "poll": 60.0, **options})

    async def put(self, store, job):
        """Put a job as another process would."""
        return await self.queue(store, Watch()).put(job)

    async def leave_running(self, store, holder, watch, *, alive=False):
        """Take the next ticket and its job as a process that then dies, or lives on and beats."""
        self._beside = self._beside or self.queue(store, watch)
        async with self._beside._app.open_async():
            manager = self._beside._app.job_manager
            worker = await manager.register_worker()
            ticket = await manager.fetch_job(["answer", "digest", "publish"], worker)
            if alive:
                await beat(store, holder, watch)
            else:
                await self.dies(watch)
        return await store.take_job(JobId(ticket.task_kwargs["job"]), holder)

    async def dies(self, watch):
        """Let whoever lived beat no more."""
        import psycopg

        watch.forward(seconds=31)
        async with await psycopg.AsyncConnection.connect(self.libpq) as connection:
            await connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")


class Bounced(Cluster):
    """The same through PgBouncer in transaction mode: no LISTEN there, and a session for no longer than a transaction."""

    def __init__(self, server, name, folder):
        super().__init__(server, name)
        self.url = f"postgresql+psycopg://postgres@/{name}?host={folder}&port={PORT}"
        self.libpq = self.url.replace("+psycopg", "")

    def queue(self, store, clock, **options):
        """Return a queue that looks for jobs."""
        return super().queue(store, clock, **{"listen": False, "poll": 0.02, **options})


async def beat(store, holder, watch):
    """Leave a sign of life."""
    home, _, token = holder.rpartition(":")
    await store.set_meta(f"queue:{home}", f"{token} {watch.now().isoformat()}")


@contextlib.asynccontextmanager
async def migrated(url, clock):
    """Give an open store."""
    store = await open_store(url, clock=clock)
    try:
        yield store
    finally:
        await store.aclose()


def make_template(server):
    """Make a database with our tables and the queue's, to be copied for each test."""
    import asyncio

    from adapters.queue.tables import prepare

    server.psql("CREATE DATABASE template_queue;")
    url = postgres_url(server, "template_queue")

    async def make():
        async with migrated(url, Watch()):
            await prepare(url.replace("+psycopg", ""))

    asyncio.run(make())


def fresh(server):
    """Return the name of a fresh copy."""
    name = f"queue_{next(_databases)}"
    server.psql(f"CREATE DATABASE {name} TEMPLATE template_queue;")
    return name
