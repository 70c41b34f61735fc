"""Feeding another log: posts as Markdown with front matter, into a folder or a git repository.

Only files that carry our mark are ever changed or removed; what is written twice is written once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from adapters.devlog import front_matter
from adapters.devlog.front_matter import FORMATS, MARK
from adapters.devlog.git_target import GitTarget
from adapters.devlog.markdown import escaped, link, paragraph
from adapters.devlog.prose import Links, links_of
from adapters.devlog.site import Site
from adapters.devlog.views import PostView, post_view
from bot.display import cut
from bot.errors import RoastBotError, SettingsError, UsageError
from bot.publishing import Listed
from bot.records import StoredVerdict
from bot.settings_sections import Export

_LONGEST_FILE = 400_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done: files by name to their content, ``None`` for those that go."""

    changes: Mapping[str, bytes | None]
    posts: int

    def in_words(self) -> str:
        """Return how many files are new or changed, and how many go."""
        gone = sum(body is None for body in self.changes.values())
        written = len(self.changes) - gone
        return f"{self.posts} posts; {written} files written, {gone} removed" if self.changes else "nothing has changed"


async def export_to(folder: str | None, settings: Export, site: Site, seconds: float = 120.0) -> str:
    """Write to a folder, or commit and push to the repository of the settings; return what was done, in words."""
    kind = _kind(settings)
    posts = [(listed, stored) async for listed, stored in site.each_post()]
    if folder:
        there = FolderTarget(Path(folder))
        plan = plan_of(posts, there.existing(), settings, kind, site)
        there.apply(plan.changes)
        return f"{folder}: {plan.in_words()}."
    if not settings.repository:
        raise UsageError("Where to?", "Name a folder, or set export.repository.")
    inside = settings.folder or FORMATS[settings.format].folder
    target = GitTarget(settings.repository, inside, settings.branch, seconds=seconds)
    async with target.opened() as repository:
        plan = plan_of(posts, await repository.existing(), settings, kind, site)
        where = await repository.push(plan.changes, f"Roasts: {plan.in_words()}") if plan.changes else target.words
    return f"{where}: {plan.in_words()}."


def _kind(settings: Export) -> str:
    kinds = FORMATS[settings.format].kinds
    kind = settings.front_matter or kinds[0]
    if kind not in kinds:
        raise SettingsError(
            f"export.front_matter: {settings.format} does not read {kind}.", f"It reads {' and '.join(kinds)}."
        )
    return kind


def plan_of(
    posts: list[tuple[Listed, StoredVerdict]],
    existing: Mapping[str, bytes],
    settings: Export,
    kind: str,
    site: Site,
) -> Plan:
    """Return what is to be written over what is there. Titles of the other log's own posts are not repeated."""
    ours: dict[int, list[str]] = {}
    titles: set[str] = set()
    for name, body in existing.items():
        fields = front_matter.read(body.decode("utf-8", "replace"))
        mark = fields.get(MARK)
        if isinstance(mark, int) and not isinstance(mark, bool):
            ours.setdefault(mark, []).append(name)
        elif isinstance(title := fields.get("title"), str):
            titles.add(_folded(title))
    pen = _Pen(settings, kind, site, titles, _template(settings))
    wanted: dict[str, bytes] = {}
    for listed, stored in reversed(posts):
        name, text = pen.file(listed, stored)
        wanted[name] = text.encode()
    strangers = existing.keys() - {name for names in ours.values() for name in names}
    changes: dict[str, bytes | None] = {
        name: body for name, body in wanted.items() if existing.get(name) != body and name not in strangers
    }
    changes |= {name: None for names in ours.values() for name in names if name not in wanted}
    return Plan(changes, len(posts))


def _blunt(text: str) -> str:
    """Take the edge off what themes print as it is: not all of them escape a title."""
    return text.translate({ord("<"): "‹", ord(">"): "›", ord("{"): "(", ord("}"): ")"})


def _folded(title: str) -> str:
    return " ".join(title.split()).casefold()


@dataclass(frozen=True, slots=True)
class _Pen:
    """Writes files; remembers the titles that are taken."""

    settings: Export
    kind: str
    site: Site
    titles: set[str]
    body_of: Any

    def file(self, listed: Listed, stored: StoredVerdict) -> tuple[str, str]:
        """Return a post's file name and text."""
        post = post_view(stored, listed.publication.due_at)
        title = post.title if _folded(post.title) not in self.titles else f"{post.title} ({post.slug})"
        self.titles.add(_folded(title))
        fields = front_matter.fields_of(
            FORMATS[self.settings.format],
            when=post.when,
            title=_blunt(title),
            slug=listed.slug,
            description=_blunt(cut(post.summary, 160)),
            author=self.settings.author,
            tags=["roast", *(tag.replace("_", "-") for tag in post.tags)],
            **{MARK: int(post.id)},
        )
        try:
            body = self.body_of(post=_shown(post, stored, self.site))
        except TemplateError as error:
            raise SettingsError(
                f"export.template cannot be used: {error}.", "The one that ships shows the form."
            ) from None
        return f"{post.when:%Y-%m-%d}-{listed.slug}.md", f"{front_matter.write(self.kind, fields)}\n{body.strip()}\n"


def _template(settings: Export) -> Any:
    source = _read(settings.template) if settings.template else _shipped()
    made = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, autoescape=False)
    try:
        return made.from_string(source).render
    except TemplateError as error:
        raise SettingsError(f"export.template is no template: {error}.", "The one that ships shows the form.") from None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"export.template: {path} cannot be read ({error}).", "Name a file that is there."
        ) from None


def _shipped() -> str:
    """Return the template that ships: inside the wheel, or beside the package in a clone."""
    inside = files("bot").joinpath("data", "devlog", "post.md.j2")
    if inside.is_file():
        return inside.read_text(encoding="utf-8")
    return (Path(__file__).resolve().parents[2] / "config" / "devlog" / "post.md.j2").read_text(encoding="utf-8")


def _shown(post: PostView, stored: StoredVerdict, site: Site) -> dict[str, Any]:
    """Return a post for the template: every string is Markdown already."""
    verdict = stored.verdict
    links = links_of(verdict.url, verdict.public_exhibits)
    return {
        "title": escaped(post.title),
        "gist": paragraph(verdict.gist, links),
        "paragraphs": [
            {"text": paragraph(text, links), "struck": escaped(view.struck)}
            for view, text in zip(post.paragraphs, _told(stored), strict=True)
        ],
        "epithet": escaped(post.epithet),
        "punchline": escaped(post.punchline),
        "doneness": post.meter.word,
        "score": post.score,
        "slug": escaped(post.slug),
        "url": link(escaped(post.slug), post.url) if post.url else "",
        "author": escaped(post.author),
        "page": link("The same with all receipts", site.absolute(post.path)),
        "receipts": _receipts(post, stored, links),
        "voices": [{"mark": mark, "word": word, "count": count} for mark, word, count in post.voices],
    }


def _told(stored: StoredVerdict) -> list[str]:
    hidden = {item.id for item in stored.verdict.exhibits if item.sensitive}
    return [one.text for one in stored.verdict.paragraphs if not hidden & set(one.exhibits)]


def _receipts(post: PostView, stored: StoredVerdict, links: Links) -> list[dict[str, str]]:
    summaries = {item.id: item.summary for item in stored.verdict.public_exhibits}
    seen, found = set[str](), []
    for view in (item for one in post.paragraphs for item in one.exhibits):
        if view.id in seen or view.stance == "context" or view.struck:
            continue
        seen.add(view.id)
        first = next((one for one in view.receipts if one.url), None)
        place = link(escaped(first.place), first.url) if first else ""
        summary = paragraph(summaries[view.id], links)
        found.append({"id": view.id, "label": escaped(view.label), "summary": summary, "place": place})
    return found


@dataclass(frozen=True, slots=True)
class FolderTarget:
    """A folder of Markdown files."""

    root: Path

    def existing(self) -> dict[str, bytes]:
        """Return the Markdown files that are there."""
        if self.root.exists() and not self.root.is_dir():
            raise UsageError(f"{self.root} is not a folder.", "Name the folder where the other log keeps its posts.")
        if not self.root.is_dir():
            return {}
        found = [one for one in self.root.iterdir() if one.suffix == ".md" and one.is_file() and not one.is_symlink()]
        return {one.name: one.read_bytes() for one in found if one.stat().st_size <= _LONGEST_FILE}

    def apply(self, changes: Mapping[str, bytes | None]) -> None:
        """Write and remove."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            for name, body in changes.items():
                path = self.root / name
                if body is None or path.is_symlink():
                    path.unlink(missing_ok=True)
                if body is not None:
                    path.write_bytes(body)
        except OSError as error:
            raise RoastBotError(f"{self.root} cannot be written: {error.strerror}.", "Choose another folder.") from None
