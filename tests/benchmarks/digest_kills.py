"""Two hundred bots killed with -9 while they make digests, two at once, at every step in turn, on both databases.

Printed: weeks, kills, and what was lost or came twice; the exit status is 1 where anything did. About two minutes each.

Run: ``python tests/benchmarks/digest_kills.py [sqlite] [postgresql] [--kills 200]``.
"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests/digest")]

from digest_kills import weeks_of_kills  # noqa: E402
from fakes.postgres import postgres_url, running_postgres  # noqa: E402

from bot.records import RunState  # noqa: E402


def tell(name, url, folder, kills):
    """Kill, print what came of it, and return whether anything went wrong."""
    found = weeks_of_kills(url, str(Path(folder) / f"{name}-posts.sqlite3"), kills)
    lost = found.weeks - len(set(found.posted))
    twice = len(found.posted) - len(set(found.posted)) + len(found.below) - len(set(found.below))
    unended = sum(run.state is not RunState.POSTED for run in found.runs)
    sys.stdout.write(
        f"{name}: {found.kills} kills in {found.weeks} weeks; {lost} lost, {twice} twice, {unended} unended\n"
    )
    sys.stdout.flush()
    return bool(lost or twice or unended)


def main():
    """Run on the databases that were named, both by default."""
    words = sys.argv[1:]
    kills = int(words[words.index("--kills") + 1]) if "--kills" in words else 200
    wanted = [name for name in ("sqlite", "postgresql") if name in words] or ["sqlite", "postgresql"]
    wrong = []
    with tempfile.TemporaryDirectory(prefix="roast-kills-") as folder:
        if "sqlite" in wanted:
            wrong.append(tell("sqlite", f"sqlite+aiosqlite:///{folder}/store.sqlite3", folder, kills))
        if "postgresql" in wanted:
            with running_postgres() as server:
                server.psql("CREATE DATABASE kills;")
                wrong.append(tell("postgresql", postgres_url(server, "kills"), folder, kills))
    return any(wrong)


if __name__ == "__main__":
    sys.exit(main())
