"""Posts for other logs: what the formats read, what stays words, and what a repository gets."""

import asyncio
import re
import shutil
import subprocess
from datetime import UTC, datetime

import pytest
from markdown_it import MarkdownIt

from adapters.devlog import front_matter
from adapters.devlog.exporting import export_to
from adapters.devlog.front_matter import FORMATS
from adapters.devlog.git_target import GitTarget
from adapters.devlog.markdown import escaped
from bot.errors import RoastBotError, SettingsError
from bot.settings_sections import Export
from bot.verdict import Struck

from .conftest import ADDRESS, later, roast
from .test_hostile import EVIL, Reading, hostile


async def exported(log, folder, **settings):
    """Export to a folder; return what was said."""
    return await export_to(str(folder), Export(**settings), await log.site())


def only(folder):
    """Return the text of the one file that is there."""
    (path,) = folder.glob("*.md")
    return path.read_text()


@pytest.mark.parametrize(
    ("form", "kind"), [(form, kind) for form, one in FORMATS.items() for kind in one.kinds], ids=str
)
async def test_front_matter(log, tmp_path, form, kind):
    """Each format gets a title, a moment, a slug, a description, an author and tags, read back by its own library"""
    number = await log.put(title='A "quoted" title: with colons')
    await exported(log, tmp_path / "posts", format=form, front_matter=kind)
    (path,) = (tmp_path / "posts").iterdir()
    assert path.name == f"2026-05-22-{number}-a-quoted-title-with-colons.md"
    fields = front_matter.read(path.read_text())
    assert fields["title"] == 'A "quoted" title: with colons'
    assert fields[FORMATS[form].date] == datetime(2026, 5, 22, 13, tzinfo=UTC)
    assert (fields["author"], fields["tags"], fields["roast_bot"]) == ("roast-bot", ["roast", "bare-assert"], number)
    assert fields["description"].startswith("The grinder")
    assert path.read_text().startswith("+++\n" if kind == "toml" else "---\n")


async def test_a_kind_that_it_does_not_read(log, tmp_path):
    """TOML for Jekyll ends in a sentence"""
    with pytest.raises(SettingsError, match="jekyll does not read toml"):
        await exported(log, tmp_path, format="jekyll", front_matter="toml")


async def test_body(log, tmp_path):
    """The body has the roast with its links, what was struck, the verdict, the receipts, the way back"""
    number = await log.put(struck=(Struck(exhibit="E1", reason="Fixed since."),))
    await exported(log, tmp_path / "posts")
    html = MarkdownIt("commonmark").enable("strikethrough").render(only(tmp_path / "posts").split("+++\n")[2])
    assert "<s><code>serve_cup</code> asserts that <em>nothing</em> is None.</s> Struck on appeal: Fixed since." in html
    assert "<strong>Final verdict: The Parliament of Beans</strong>" in html
    assert '<a href="https://github.com/acme/soup/pull/7">acme/soup#7</a>' in html
    assert '<a href="https://github.com/acme/soup/blob/1a2b3c4d5e6f/barista/lease.py#L12">' in html
    assert f'<a href="{ADDRESS}/posts/{number}-soup-number-7/">' in html


async def test_hostile_words_stay_words(log, tmp_path):
    """Hostile words make no element, no address, no shortcode and no template, even where raw HTML is let through"""
    await log.put(hostile())
    for form in FORMATS:
        await exported(log, tmp_path / form, format=form)
        text = only(tmp_path / form)
        assert not re.search(r"\{[{%#]", text), form
        body = re.split(r"(?m)^(?:\+\+\+|---)\n", text)[2]
        reading = Reading()
        reading.feed(MarkdownIt("commonmark", {"html": True, "linkify": True}).enable("linkify").render(body))
        assert {tag for tag, _ in reading.seen} <= {"p", "em", "code", "a", "strong", "h2", "ul", "li", "s"}, form
        links = [attributes["href"] for tag, attributes in reading.seen if tag == "a"]
        assert all(link.startswith(("https://github.com/acme/soup/", ADDRESS)) for link in links), links
        fields = front_matter.read(text)
        assert "<" not in fields["title"] + fields["description"]


@pytest.mark.parametrize(
    "text",
    ["# heading", "- item", "1. item", "> quote", "    code", "| a | b |", "*a* _b_ ~~c~~", "[a](b) ![c](d)", "`x` \\", "<b>",
     "&amp; &lt;", "a@b.example http://c.example www.d.example", ": term", "=== x", "{% x %} {{ y }} {{< z >}}", "$$ m $$", "+ x"],
)  # fmt: skip
def test_escaped(text):
    """Whatever Markdown knows, escaped words come out as they went in"""
    html = MarkdownIt("commonmark", {"html": True, "linkify": True}).enable("linkify").render(escaped(text))
    plain = re.sub(r"&(amp|lt|gt|quot);", lambda one: {"amp": "&", "lt": "<", "gt": ">", "quot": '"'}[one[1]], html)
    assert plain == f"<p>{' '.join(text.split())}</p>\n"


async def test_again(log, tmp_path):
    """What is written twice is written once; what was withdrawn goes; a changed title takes the old file along"""
    number = await log.put(number=7)
    await log.put(number=8)
    assert "2 files written" in await exported(log, tmp_path)
    assert "nothing has changed" in await exported(log, tmp_path)
    was = (await log.store.verdict(number)).verdict
    await log.store.amend_verdict(number, was.model_copy(update={"title": "Another"}), was=was)
    assert "1 files written, 1 removed" in await exported(log, tmp_path)
    await log.store.withdraw_verdict(number, "no")
    assert "0 files written, 1 removed" in await exported(log, tmp_path)
    assert len(list(tmp_path.glob("*.md"))) == 1


async def test_others_posts(log, tmp_path):
    """The other log's own posts are never touched, and their titles not repeated"""
    mine = "---\ntitle: 'Soup number 7'\n---\nMine.\n"
    (tmp_path / "mine.md").write_text(mine)
    (tmp_path / "odd.md").write_text("---\n: [ not yaml\n---\n")
    (tmp_path / "list.md").write_text("---\n- a\n---\n")
    number = await log.put()
    (tmp_path / f"2026-05-22-{number}-soup-number-7.md").write_text("Somebody else's, by that name.")
    await log.put(number=8)
    await exported(log, tmp_path)
    assert (tmp_path / "mine.md").read_text() == mine
    assert (tmp_path / f"2026-05-22-{number}-soup-number-7.md").read_text() == "Somebody else's, by that name."
    assert len(list(tmp_path.glob("*.md"))) == 5
    for path in tmp_path.glob(f"2026-05-22-{number}-*.md"):
        path.unlink()
    await exported(log, tmp_path)
    fields = front_matter.read((tmp_path / f"2026-05-22-{number}-soup-number-7.md").read_text())
    assert fields["title"] == "Soup Number 7 (acme/soup#7)"


def test_reads_only_data():
    """Front matter that asks for an object gets none"""
    assert front_matter.read("---\nx: !!python/object/apply:os.system ['true']\n---\n") == {}
    assert front_matter.read("+++\nx = \n+++\n") == {}
    assert front_matter.read("no head") == {}


async def test_own_template(log, tmp_path):
    """An operator's template writes the body; one that is none, or reaches for what it may not, ends in a sentence"""
    await log.put()
    own = tmp_path / "own.j2"
    own.write_text("{{ post.epithet }}!")
    await exported(log, tmp_path / "a", template=own)
    assert only(tmp_path / "a").endswith("+++\n\nThe Parliament of Beans!\n")
    for text in ("{% if %}", "{{ post.__class__.__mro__[1].__subclasses__() }}", "{{ nothing.here }}"):
        own.write_text(text)
        with pytest.raises(SettingsError, match=r"export\.template"):
            await exported(log, tmp_path / "b", template=own)
    with pytest.raises(SettingsError, match="cannot be read"):
        await exported(log, tmp_path / "b", template=tmp_path / "none.j2")


def git(*words, cwd):
    """Run git and return what it says."""
    env = {"HOME": str(cwd), "PATH": "/usr/bin:/bin:/usr/local/bin", "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *words], cwd=cwd, env=env, check=True, capture_output=True, text=True)
    return done.stdout


@pytest.fixture
def remote(tmp_path):
    """A repository with a post of its own, a hook that must not run, and a filter that must not either."""
    bare, work = tmp_path / "remote.git", tmp_path / "work"
    for one in (bare, work):
        one.mkdir()
    git("init", "-q", "--bare", "-b", "main", str(bare), cwd=tmp_path)
    git("init", "-q", "-b", "main", ".", cwd=work)
    (work / "content/posts").mkdir(parents=True)
    (work / "content/posts/mine.md").write_text("+++\ntitle = 'Mine'\n+++\n")
    (work / ".gitattributes").write_text("*.md filter=evil\n")
    git("add", ".", cwd=work)
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "first", cwd=work)
    git("push", "-q", str(bare), "main", cwd=work)
    return bare


async def pushed(log, remote, **settings):
    """Export to the repository; return what was said."""
    return await export_to(None, Export(repository=str(remote), **settings), await log.site())


async def test_git_branch(log, remote, tmp_path):
    """Posts are committed on a branch of their own; pushed again, nothing is"""
    await log.put()
    said = await pushed(log, remote)
    assert "roast-bot" in said
    names = git("ls-tree", "-r", "--name-only", "roast-bot", cwd=remote).split()
    assert names == [".gitattributes", "content/posts/2026-05-22-1-soup-number-7.md", "content/posts/mine.md"]
    assert (
        git("log", "--format=%an %s", "roast-bot", cwd=remote).splitlines()[0]
        == "roast-bot Roasts: 1 posts; 1 files written, 0 removed"
    )
    assert git("rev-list", "--count", "main", cwd=remote) == "1\n"
    assert "nothing has changed" in await pushed(log, remote)
    assert git("rev-list", "--count", "roast-bot", cwd=remote) == "2\n"


async def test_git_straight(log, remote):
    """With no branch named they go straight to the default one, and what was withdrawn goes again"""
    number = await log.put()
    await pushed(log, remote, branch="", format="jekyll")
    assert "_posts/2026-05-22-1-soup-number-7.md" in git("ls-tree", "-r", "--name-only", "main", cwd=remote)
    await log.store.withdraw_verdict(number, "no")
    await pushed(log, remote, branch="", format="jekyll")
    assert "_posts" not in git("ls-tree", "-r", "--name-only", "main", cwd=remote)
    assert git("rev-list", "--count", "main", cwd=remote) == "3\n"


async def test_git_runs_nothing(log, remote, tmp_path, monkeypatch):
    """Neither a hook nor a filter of anybody's configuration runs, and nothing is left behind"""
    home, trap = tmp_path / "home", tmp_path / "trap"
    (home / "hooks").mkdir(parents=True)
    for name in ("pre-push", "pre-commit", "post-checkout", "post-commit"):
        (home / "hooks" / name).write_text(f"#!/bin/sh\ntouch {trap}\n")
        (home / "hooks" / name).chmod(0o755)
    (home / ".gitconfig").write_text(
        f'[core]\n\thooksPath = {home}/hooks\n[filter "evil"]\n\tclean = touch {trap}\n\tsmudge = touch {trap}\n'
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    await log.put()
    await pushed(log, remote)
    assert not trap.exists()
    assert list((tmp_path / "tmp").iterdir()) == []


async def test_git_somebody_was_quicker(log, remote, tmp_path):
    """A push that is refused ends in a sentence, and nothing is forced"""
    await log.put()
    (remote / "hooks").mkdir(exist_ok=True)
    (remote / "hooks" / "update").write_text("#!/bin/sh\necho no such thing here >&2\nexit 1\n")
    (remote / "hooks" / "update").chmod(0o755)
    with pytest.raises(RoastBotError, match="git push failed"):
        await pushed(log, remote)


async def test_git_empty_or_absent(log, tmp_path):
    """A repository without a commit, and one that is not there, end in a sentence"""
    git("init", "-q", "--bare", "empty.git", cwd=tmp_path)
    with pytest.raises(RoastBotError, match="no commit yet"):
        await pushed(log, tmp_path / "empty.git")
    with pytest.raises(RoastBotError, match="git ls-remote failed"):
        await pushed(log, tmp_path / "nothing.git")


@pytest.mark.parametrize(
    "settings",
    [
        {"repository": "--upload-pack=x"},
        {"repository": "ext::sh -c x"},
        {"folder": "../x"},
        {"folder": "a/.git/hooks"},
        {"branch": "-x"},
        {"branch": "a b"},
    ],
)
def test_odd_settings(settings):
    """Addresses, folders and branches that git might take for something else are no settings"""
    from pydantic import ValidationError

    with pytest.raises(ValidationError):
        Export(**settings)


@pytest.mark.skipif(shutil.which("hugo") is None, reason="hugo is not installed (Debian's package of that name)")
async def test_hugo_builds_it(log, tmp_path):
    """A real Hugo builds the posts: titles, links, tags and code as they should be, hostile ones as words"""
    await log.put(title="A Fine Soup", number=3)
    await log.put(hostile())
    later(log.watch)
    await exported(log, tmp_path / "content/posts")
    (tmp_path / "layouts/_default").mkdir(parents=True)
    (tmp_path / "layouts/_default/single.html").write_text(
        "<title>{{ .Title }}</title><i>{{ .Params.author }}</i>{{ range .Params.tags }}<u>{{ . }}</u>{{ end }}{{ .Content }}"
    )
    (tmp_path / "config.toml").write_text(
        'baseURL = "https://x.example/"\ndisableKinds = ["RSS", "sitemap", "taxonomy", "term"]\n[permalinks]\nposts = "/:slug/"\n'
    )
    done = await asyncio.to_thread(
        subprocess.run, ["hugo", "--quiet", "--buildFuture"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    page = (tmp_path / "public/1-a-fine-soup/index.html").read_text()
    assert "<title>A Fine Soup</title><i>roast-bot</i><u>roast</u>" in page
    assert "<code>serve_cup</code> asserts that <em>nothing</em> is None." in page
    assert '<a href="https://github.com/acme/soup/pull/3">' in page
    (odd,) = (tmp_path / "public").glob("2-*/index.html")
    reading = Reading()
    reading.feed(odd.read_text())
    assert not {tag for tag, _ in reading.seen} & {"script", "img"}
    assert EVIL[:8] not in odd.read_text()


async def test_many_titles_alike(log, tmp_path):
    """Two roasts of one title do not have it twice"""
    await log.put(roast(7, title="Soup"))
    await log.put(roast(8, title="Soup"))
    await exported(log, tmp_path)
    titles = {front_matter.read(path.read_text())["title"] for path in tmp_path.glob("*.md")}
    assert titles == {"Soup", "Soup (acme/soup#8)"}


@pytest.mark.parametrize("user", ["s3cret", "ada:s3cret", "x-access-token:s3cret"])
async def test_no_token_is_told(user, tmp_path):
    """A token that stands in the repository's address is told nowhere, also where git itself repeats it"""
    target = GitTarget(f"https://{user}@127.0.0.1:9/acme/log.git", "posts")
    assert "https://127.0.0.1:9/acme/log.git" in target.words
    with pytest.raises(RoastBotError) as caught:
        async with target.opened():
            pass
    told = f"{target.words} {caught.value} {caught.value.__context__}"
    assert "127.0.0.1:9" in told
    assert "s3cret" not in told


def test_plain_addresses_stay():
    """What is no web address is shown as it is: the user of SSH's short form is no secret"""
    assert GitTarget("git@github.com:acme/log.git", "posts").shown == "git@github.com:acme/log.git"
