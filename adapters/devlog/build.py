"""The dev log as a folder of files that any host can serve. Made again, it writes only what changed."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from adapters.devlog.crew import WORTH_A_CREW, Crew, one_by_one
from adapters.devlog.look import environment
from adapters.devlog.site import Page, Site
from bot.errors import RoastBotError, UsageError
from bot.records import StoredVerdict, VerdictId

MANIFEST = ".roast-bot-site.json"
_APACHE = ".htaccess"

Progress = Callable[[int, int], None]


def _quiet(_: int, __: int) -> None:
    """Say nothing."""


@dataclass(slots=True)
class Built:
    """What became of the files."""

    posts: int = 0
    written: int = 0
    same: int = 0
    removed: int = 0
    files: dict[str, str] = field(default_factory=dict)


class Folder:
    """Writes below one folder, and knows which files there are ours."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.before: dict[str, str] = _manifest(root)
        self.built = Built()

    def put(self, name: str, body: bytes, note: str = "") -> None:
        """Write a file where it is not there already, letter by letter."""
        path = self.root / name
        self.built.files[name] = note
        try:
            if path.is_file() and path.stat().st_size == len(body) and path.read_bytes() == body:
                self.built.same += 1
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        except OSError as error:
            raise RoastBotError(f"{path} cannot be written: {error.strerror}.", "Choose another folder.") from None
        self.built.written += 1

    def keep(self, name: str, note: str) -> bool:
        """Keep a file that was made from the same before."""
        if self.before.get(name) != note or not (self.root / name).is_file():
            return False
        self.built.files[name] = note
        self.built.same += 1
        return True

    def sweep(self) -> None:
        """Remove what we wrote before and not this time, and note what we wrote."""
        for name in self.before.keys() - self.built.files.keys():
            path = self.root / name
            path.unlink(missing_ok=True)
            self.built.removed += 1
            for folder in path.parents:
                if folder == self.root or any(folder.iterdir()):
                    break
                folder.rmdir()
        (self.root / MANIFEST).write_text(json.dumps(self.built.files, indent=0), encoding="utf-8")


def _manifest(root: Path) -> dict[str, str]:
    """Return what an earlier build wrote. Raises ``UsageError`` where the folder is somebody else's."""
    try:
        kept = json.loads((root / MANIFEST).read_text(encoding="utf-8"))
        return {name: str(note) for name, note in kept.items() if _inside(root, name)}
    except FileNotFoundError:
        if root.exists() and (not root.is_dir() or any(root.iterdir())):
            raise UsageError(
                f"{root} is there and was not made by `roast-bot devlog build`.", "Name an empty or a new folder."
            ) from None
        return {}
    except (ValueError, OSError, AttributeError) as error:
        raise UsageError(f"{root / MANIFEST} cannot be read ({error}).", "Name a new folder.") from None


def _inside(root: Path, name: str) -> bool:
    return (root / name).resolve().is_relative_to(root.resolve())


async def build(
    site: Site,
    root: Path,
    *,
    pictures: Callable[[StoredVerdict], Awaitable[bytes]] | None,
    progress: Progress = _quiet,
    crew: Crew | None = None,
) -> Built:
    """Write the whole site; return what became of the files. ``pictures`` draws a card, or nothing is drawn.

    A ``crew`` makes many posts ready on all cores.
    """
    folder = Folder(root)
    total = len(site.shelves.posts)
    many = crew is not None and total >= WORTH_A_CREW
    async for done in crew.posts(site) if crew is not None and many else one_by_one(site):
        site.know_gist(done.id, done.gist)
        base = f"posts/{done.slug}/"
        folder.put(f"{base}index.html", done.page)
        folder.put(f"{base}oembed.json", done.oembed)
        if pictures is not None and not folder.keep(f"{base}card.png", done.note):
            for stored in await site.fetch([done.id]):
                folder.put(f"{base}card.png", await pictures(stored), done.note)
        folder.built.posts += 1
        progress(folder.built.posts, total)
    for path in site.paths():
        if not path.startswith("posts/"):
            page = await site.page(path)
            if page is not None:
                folder.put(_file(path), page.body)
    _put_the_rest(site, folder)
    folder.sweep()
    return folder.built


def _put_the_rest(site: Site, folder: Folder) -> None:
    """Write what a static host needs beside the pages: 404, what is gone, what has moved."""
    folder.put("404.html", site.missing("404.html").body)
    gone = sorted(site.shelves.gone)
    for number in gone:
        for name in _old_pages(folder.before, number):
            folder.put(name, site.gone(name.removesuffix("index.html")).body)
    for old, new in site.shelves.moved.items():
        slug = site.shelves.posts[site.shelves.place[new]].slug
        for name in _old_pages(folder.before, old):
            folder.put(name, _moved(site, name, slug).body)
    # Apache can say 410; elsewhere the page says so in words, and asks not to be found.
    rules = [f'RedirectMatch gone "^{site.look.base}posts/{number}(-[a-z0-9-]*)?(/|$)"' for number in gone]
    folder.put(_APACHE, "\n".join([f"ErrorDocument 404 {site.look.base}404.html", *rules, ""]).encode())


def _old_pages(before: Iterable[str], number: VerdictId) -> list[str]:
    """Return the pages that a post had; where nobody knows any more, the one that its number alone makes."""
    found = [name for name in before if name.endswith("/index.html") and _number(name) == number]
    return found or [f"posts/{number}/index.html"]


def _number(name: str) -> int | None:
    head = name.removeprefix("posts/").partition("/")[0].partition("-")[0]
    return int(head) if name.startswith("posts/") and head.isdecimal() else None


def _moved(site: Site, name: str, slug: str) -> Page:
    path = name.removesuffix("index.html")
    body = environment().get_template("moved.html").render(root="../" * path.count("/"), slug=slug, site=site)
    return Page(body.encode())


def _file(path: str) -> str:
    return f"{path}index.html" if path == "" or path.endswith("/") else path
