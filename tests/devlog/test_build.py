"""The dev log as a folder: complete, made again without a change, careful with what is not ours."""

import asyncio
import json

import pytest
from fakes.github import FakeGitHub
from fakes.memory import NOON, PLACE

from adapters.devlog.build import MANIFEST, build
from adapters.store import open_store
from bot.errors import UsageError

from .conftest import roast


async def built(log, root, **more):
    """Build and return what became of the files."""

    async def paint(stored):
        return log.drawn(type("Card", (), {"slug": stored.verdict.pull_request, "title": "x"}), stored)

    return await build(await log.site(), root, pictures=more.get("pictures", paint))


async def test_whole(log, tmp_path):
    """Every page lies where a static host looks for it, with its picture"""
    number = await log.put()
    done = await built(log, tmp_path / "site")
    here = tmp_path / "site"
    for name in (
        "index.html",
        "404.html",
        "atom.xml",
        "feed.json",
        "sitemap.xml",
        "robots.txt",
        "search.json",
        ".htaccess",
    ):
        assert (here / name).is_file(), name
    post = here / "posts" / f"{number}-soup-number-7"
    assert {one.name for one in post.iterdir()} == {"index.html", "oembed.json", "card.png"}
    assert (here / "offences" / "bare_assert" / "index.html").is_file()
    assert (here / "about" / "index.html").is_file()
    assert (done.posts, done.removed) == (1, 0)


async def test_again(log, tmp_path):
    """Made again, nothing is written and no picture drawn"""
    await log.put()
    first = await built(log, tmp_path / "site")
    again = await built(log, tmp_path / "site")
    assert (again.written, again.same, again.removed) == (0, first.written, 0)
    assert len(log.drawn) == 1


async def test_on_all_cores(log, tmp_path, monkeypatch):
    """Where there are many posts, all cores make the same files"""
    from adapters.devlog import build as building
    from adapters.devlog.crew import Crew
    from adapters.store import open_store

    for number in range(1, 4):
        await log.put(number=number)
    await build(await log.site(), tmp_path / "one", pictures=None)
    monkeypatch.setattr(building, "WORTH_A_CREW", 2)
    crew = Crew(open_store, f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite3'}")
    done = await build(await log.site(), tmp_path / "many", pictures=None, crew=crew)
    assert done.posts == 3
    files = {
        path.relative_to(tmp_path / "one"): path.read_bytes()
        for path in (tmp_path / "one").rglob("*.*")
        if path.is_file()
    }
    assert {name: (tmp_path / "many" / name).read_bytes() for name in files} == files


async def test_withdrawn(log, tmp_path):
    """A withdrawn post's page says that it is gone, its picture and lists go, and a host that can is told to say 410"""
    number = await log.put(title="Regrettable")
    await log.put(number=8)
    await built(log, tmp_path / "site")
    await log.store.withdraw_verdict(number, "no")
    for _ in range(2):
        await built(log, tmp_path / "site")
        here = tmp_path / "site" / "posts" / f"{number}-regrettable"
        assert [one.name for one in here.iterdir()] == ["index.html"]
        page = (here / "index.html").read_text()
        assert "Taken off the menu" in page
        assert "noindex" in page
        assert (
            f'RedirectMatch gone "^/dev/posts/{number}(-[a-z0-9-]*)?(/|$)"' in (tmp_path / "site/.htaccess").read_text()
        )
        for path in (tmp_path / "site").rglob("*.*"):
            if path.suffix in {".html", ".json", ".xml"} and path.name != MANIFEST:
                assert "Regrettable" not in path.read_text(), path


async def test_moved(log, tmp_path):
    """The page of a roast that was told anew leads to the newer one"""
    old = await log.put(title="Old")
    await built(log, tmp_path / "site")
    new = await log.put(title="New")
    await built(log, tmp_path / "site")
    page = (tmp_path / "site/posts" / f"{old}-old" / "index.html").read_text()
    assert f'href="../../posts/{new}-new/"' in page


async def test_not_ours(log, tmp_path):
    """A folder with somebody else's files is left alone, and what somebody put among ours stays"""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match="not made by"):
        await built(log, tmp_path / "other")
    number = await log.put()
    await built(log, tmp_path / "site")
    (tmp_path / "site" / "CNAME").write_text("log.example")
    (tmp_path / "site/posts" / f"{number}-soup-number-7" / "mine.txt").write_text("mine")
    await log.store.withdraw_verdict(number, "no")
    await built(log, tmp_path / "site")
    assert (tmp_path / "site" / "CNAME").is_file()
    assert (tmp_path / "site/posts" / f"{number}-soup-number-7" / "mine.txt").is_file()


async def test_manifest_reaches_no_further(log, tmp_path):
    """A manifest that names files outside of the folder removes none of them"""
    await built(log, tmp_path / "site")
    (tmp_path / "precious.txt").write_text("precious")
    kept = json.loads((tmp_path / "site" / MANIFEST).read_text())
    (tmp_path / "site" / MANIFEST).write_text(json.dumps(kept | {"../precious.txt": ""}))
    await built(log, tmp_path / "site")
    assert (tmp_path / "precious.txt").is_file()


async def test_no_pictures(log, tmp_path):
    """Pictures may be left out"""
    await log.put()
    await built(log, tmp_path / "site", pictures=None)
    assert not list((tmp_path / "site").rglob("*.png"))


async def test_below_an_address(log, tmp_path):
    """Pages work below any address: links within the log are relative but for the 404 page"""
    await log.put()
    await built(log, tmp_path / "site")
    for path in (tmp_path / "site").rglob("*.html"):
        text = path.read_text()
        assert ('href="/' in text) == (path.name == "404.html"), path
    assert 'href="/dev/about/"' in (tmp_path / "site/404.html").read_text()


def test_command(tmp_path, monkeypatch, capsys):
    """The command builds from the store of the settings, and says what it did; wrong words end in a sentence"""
    from bot.__main__ import main

    monkeypatch.setenv("ROAST_STORE__URL", f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite3'}")
    monkeypatch.chdir(tmp_path)
    assert main(["devlog", "build", "site", "--url", "https://log.example"]) == 0
    assert "0 posts" in capsys.readouterr().out
    assert (tmp_path / "site/index.html").is_file()
    assert main(["devlog", "build", "site", "--url", "log.example"]) == 2
    assert "is no address" in capsys.readouterr().err
    assert main(["devlog"]) == 2
    assert main(["devlog", "export"]) == 2
    assert "export.repository" in capsys.readouterr().err


def test_repositories_are_asked_again(tmp_path, monkeypatch, capsys):
    """What went private since, or whose author its repository leaves alone by now, is not built, and that is said"""
    from bot.__main__ import main

    async def fill():
        store = await open_store(f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite3'}")
        for number, name in enumerate(("open", "shut", "wishes", "away"), 1):
            kept = await store.save_verdict(roast(number, repository=f"acme/{name}", title=f"Roast {name}"), PLACE)
            await store.offer_publication(kept, headline=False, due_at=NOON)
        await store.aclose()

    asyncio.run(fill())
    with FakeGitHub() as github:
        for name in ("open", "shut", "wishes", "away"):
            github.routes[f"/repos/acme/{name}"] = {"private": name == "shut"}
        github.routes["/repos/acme/wishes/contents/.roast.toml"] = b'opted_out = ["Ada"]'
        github.fault("/repos/acme/away", status=500)
        monkeypatch.setenv("ROAST_STORE__URL", f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite3'}")
        monkeypatch.setenv("ROAST_GITHUB__API_URL", github.url)
        monkeypatch.setenv("ROAST_GITHUB__CACHE", "false")
        monkeypatch.setenv("ROAST_DEVLOG__PUBLISH", "all")
        monkeypatch.chdir(tmp_path)
        assert main(["devlog", "build", "site", "--url", "https://log.example", "--no-pictures"]) == 0
    said = capsys.readouterr().out
    assert "2 posts" in said
    assert "Taken out, since a repository wants it so by now: 2." in said
    assert "Could not be asked whether their roasts may still stand: acme/away." in said
    told = " ".join(
        path.read_text() for path in tmp_path.glob("site/**/*.*") if path.suffix in {".html", ".xml", ".json"}
    )
    assert [f"Roast {name}" in told for name in ("open", "shut", "wishes", "away")] == [True, False, False, True]


def test_help_is_quick():
    """Help on all of it imports neither Jinja nor Starlette"""
    import subprocess
    import sys

    program = (
        "import sys, contextlib, io\nfrom bot.__main__ import main\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n    main(['devlog', '--help'])\n"
        "sys.exit(bool({'jinja2', 'starlette', 'pygments', 'adapters.devlog'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
