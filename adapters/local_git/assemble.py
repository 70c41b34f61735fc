"""From what git told to a pull request in GitHub's words. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from adapters.local_git.history import Entry, with_known_logins
from adapters.local_git.objects import Files
from adapters.local_git.origin import Origin
from adapters.local_git.resolve import Found
from bot.case import Coverage
from bot.pull_request import Commit, LinkedIssue, PullRequest, User

_NUMBER_AT_END = re.compile(r"\s*\(#\d+\)$")
_TRAILER = re.compile(r"^(?:-{3,}|(?:co-authored-by|signed-off-by|reviewed-by|acked-by)\s*:.*)$", re.IGNORECASE)
_CLOSES = re.compile(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d{1,9})\b", re.IGNORECASE)
_GITHUB_MAIL = "noreply@github.com"
_TRUNK_NAMES = {"main", "master", "trunk", "develop", "dev"}
_OPENED = "git does not know when it was opened, so the first commit's date stands in"
_CONVERSATION = "reviews and comments are not in a clone"


def assemble(
    found: Found, origin: Origin, files: Files, entries: Sequence[Entry], count: int, *, is_shallow: bool
) -> tuple[PullRequest, Coverage]:
    """Return the pull request and its coverage. ``entries`` are its own commits, oldest first."""
    landed = found.landed
    others = (landed.commit.author,) if landed else ()
    commits = with_known_logins([entry.commit for entry in entries], *others, *_opener(entries, landed))
    own = [commit for commit in commits if not commit.is_merge] or list(commits)
    title, body = _words(found, own)
    merged_at = landed.commit.committed_at if landed else None
    began = own[0].authored_at if own else None
    pull_request = PullRequest(
        owner=origin.owner,
        repo=origin.repo,
        number=found.number,
        title=title,
        body=body,
        user=own[0].author if own else User(),
        state="closed" if found.merged else "open",
        merged=found.merged,
        created_at=None if began and merged_at and began > merged_at else began,  # a clock was wrong
        merged_at=merged_at,
        closed_at=merged_at,
        merged_by=_merger(landed),
        base_ref=found.base_ref,
        base_sha=found.base,
        head_ref=found.head_ref,
        head_sha=found.head,
        merge_commit_sha=landed.commit.sha if landed else None,
        additions=sum(file.additions for file in files.files),
        deletions=sum(file.deletions for file in files.files),
        changed_files=files.total,
        commit_count=count,
        private=None,
        default_branch=found.base_ref if found.number else "",
        url=origin.pull_url(found.number),
        files=files.files,
        commits=commits,
        linked_issues=_linked(body, origin),
    )
    return pull_request, _coverage(found, files, commits, count, is_shallow=is_shallow)


def _words(found: Found, own: Sequence[Commit]) -> tuple[str, str]:
    """Return the title and the description, as far as git knows them.

    A squash or merge commit holds both; a single commit is its pull request's first words on GitHub, too.
    """
    landed = found.landed.commit if found.landed else None
    if landed is not None and landed.is_merge and landed.body:
        title, _, body = landed.body.partition("\n")
        return _title(title), _description(body, own)
    if landed is not None and not landed.is_merge and (len(own) < 2 or _NUMBER_AT_END.search(landed.subject)):
        return _title(landed.subject), _description(landed.body, own)
    if len(own) == 1:
        return _title(own[0].subject), _description(own[0].body, ())
    if not found.number and found.head_ref:
        trunk = found.head_ref in {*_TRUNK_NAMES, found.base_ref}
        return f"{len(own)} commits on {found.head_ref}" if trunk else readable(found.head_ref), ""
    return _title(own[0].subject) if own else "(no commits)", ""


def _opener(entries: Sequence[Entry], landed: Entry | None) -> tuple[User, ...]:
    """Return the first commit's author under the login of whoever opened the pull request, where that is certain.

    GitHub writes a squash as the opener's, and everybody else who committed as a co-author: a first author who
    is not among those is the opener, however they spell their name at home.
    """
    if landed is None or landed.commit.is_merge or landed.committer_mail != _GITHUB_MAIL or not entries:
        return ()
    first, opener = next((entry for entry in entries if not entry.commit.is_merge), entries[0]), landed.commit.author
    others = landed.commit.message.lower()
    if opener.login == opener.name or opener.is_bot or f"<{first.author_mail.lower()}>" in others:
        return ()
    return (User(login=opener.login, name=first.commit.author.name),)


def readable(branch: str) -> str:
    """Return a branch's name as words: ``feature/add-retry_policy`` becomes ``Add retry policy``."""
    words = re.sub(r"[-_/\s]+", " ", branch.rsplit("/", 1)[-1]).strip() or branch
    return words[:1].upper() + words[1:]


def _title(subject: str) -> str:
    return _NUMBER_AT_END.sub("", subject).strip() or "(no title)"


def _description(body: str, own: Sequence[Commit]) -> str:
    """Return a message body without its trailers; nothing where it only lists the commits that were squashed.

    GitHub fills a squash message with the commits' own messages unless told otherwise, and words that stood
    in a commit must not be quoted as the description's.
    """
    lines = body.split("\n")
    while lines and (not lines[-1].strip() or _TRAILER.match(lines[-1].strip())):
        lines.pop()
    text = "\n".join(lines).strip()
    subjects = {commit.subject for commit in own}
    bullets = {line.removeprefix("* ").strip() for line in lines if line.startswith("* ")}
    return "" if text.startswith("* ") and (bullets & subjects or len(bullets) > 1) else text


def _merger(landed: Entry | None) -> User | None:
    """Return who merged; ``GitHub`` as committer only says that a button was pressed."""
    if landed is None:
        return None
    if landed.commit.is_merge:
        return landed.commit.author
    return None if landed.committer_mail == _GITHUB_MAIL else landed.committer


def _linked(body: str, origin: Origin) -> tuple[LinkedIssue, ...]:
    """Return the issues that the description closes.

    https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
    """
    numbers = dict.fromkeys(int(number) for number in _CLOSES.findall(body))
    return tuple(
        LinkedIssue(number=number, url=f"{origin.url}/issues/{number}" if origin.url else "") for number in numbers
    )


def _coverage(found: Found, files: Files, commits: Sequence[Commit], count: int, *, is_shallow: bool) -> Coverage:
    unread = [file for file in files.files if file.patch is None and not file.is_binary]
    cut = is_shallow and any(not commit.parents for commit in commits)
    notes = [_CONVERSATION, *((_OPENED,) if found.number else ()), *found.notes]
    if not found.merged and found.number:
        notes.append("whether it is open or was closed is not in a clone, only that it is not merged")
    if files.absent:
        notes.append(f"{files.absent} files are not in this partial clone")
    if len(unread) > files.absent:
        notes.append(f"{len(unread) - files.absent} files had a patch too large to read")
    if files.total > len(files.files):
        notes.append(f"{files.total - len(files.files)} further files were left out")
    if count > len(commits):
        notes.append(f"{count - len(commits)} older commits were left out")
    if cut:
        notes.append("the clone is shallow: commits before its edge are missing")
    return Coverage(
        files_read=len(files.files) - len(unread),
        files_total=files.total,
        commits_read=len(commits),
        commits_total=count,
        conversation_known=False,
        follow_ups_known=bool(found.number),
        notes=tuple(notes),
    )
