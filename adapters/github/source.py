"""Pull requests from GitHub: what is asked for when, and what becomes of a refusal.

Without a token: a round of six REST requests, a round for what was merged afterwards, a round for all the rest.
With a token: GraphQL for all but the patches, the files beside it; then the same two rounds.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from adapters.github import decode, graphql, limits
from adapters.github import follow_ups as later
from adapters.github.cache import EtagCache
from adapters.github.client import DIFF, RAW, GitHubClient
from adapters.github.comments import GitHubComments
from adapters.github.commit_mails import commit_mails
from adapters.github.contents import contents_path, text_of
from adapters.github.follow_ups import Candidate
from adapters.github.gather import Address, assemble, finish, gather, is_read, settle
from adapters.github.hosts import PUBLIC, web_host_of
from adapters.github.merged import merged as list_merged
from adapters.github.posts import GitHubPosts
from adapters.github.reading import Reading, allowance, telling_first
from adapters.github.search import Found, find_candidates
from bot.case import Coverage
from bot.errors import NotFoundError, SourceError
from bot.merged import Merged
from bot.pull_request import ChangedFile, FollowUp, PullRequest
from bot.target import GitHubTarget, Target
from bot.vouching import Blind

_KEPT_READINGS = 64


class GitHubSource:
    """A ``bot.ports.Source`` over GitHub's API, or an Enterprise server's.

    ``api_url`` is the REST base; ``web_host`` is the host of the pages, told from it where it is not given.
    ``cache_dir`` keeps answers with their ETags between runs, apart for each credential.
    ``transport`` and ``options`` (``patience``, ``sleep``, ``now``) go to the client, for tests.
    Raises ``SettingsError`` for an address or a token that cannot be one.
    """

    def __init__(
        self,
        *,
        api_url: str = "https://api.github.com",
        token: str = "",
        web_host: str = "",
        timeout: float = 30.0,
        cache_dir: Path | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        **options: Any,
    ) -> None:
        self._client = GitHubClient(
            api_url=api_url,
            token=token,
            timeout=timeout,
            cache=EtagCache(cache_dir),
            transport=transport,
            **options,
        )
        self.web_host = web_host.lower() or web_host_of(self._client.api_url)
        self._readings: OrderedDict[tuple[str, str], Reading] = OrderedDict()
        self._house_rules: OrderedDict[str, dict[str, str]] = OrderedDict()

    def reads(self, target: Target) -> bool:
        """Whether the target is on this host; the short form ``owner/repo#7`` names none and carries the public one."""
        return isinstance(target, GitHubTarget) and target.host in {self.web_host, PUBLIC}

    async def pull_request(self, target: Target) -> tuple[PullRequest, Coverage]:
        """Return the pull request, and what was left out of it. Raises ``SourceError`` in words."""
        if not isinstance(target, GitHubTarget):
            raise SourceError(f"{target} is not on {self.web_host}.", "Give a pull request's URL or owner/repo#7.")
        address = Address(target.owner, target.repo, target.number, self.web_host)
        known = self._client.authenticated
        gathered = await gather(self._client, address)
        pull, _ = assemble(gathered, address, authenticated=known)
        whole = bool(pull.files or not pull.changed_files) and all(is_read(file) for file in pull.files)
        spare = limits.MAX_BASE_REQUESTS - gathered.requests - 1 - (not whole)
        diff, search, _ = await asyncio.gather(
            self._diff(pull, needed=not whole),
            find_candidates(self._client, pull, by_graphql=gathered.by_graphql, logs=spare),
            finish(self._client, address, gathered),
        )
        pull, coverage = assemble(gathered, address, authenticated=known, diff=diff)
        reading = Reading(coverage, graphql=gathered.by_graphql)
        self._found(pull, reading, search)
        self._plan(pull, reading)
        self._keep(pull, reading)
        return pull, reading.coverage

    async def files_at_head(self, pull_request: PullRequest, paths: Sequence[str]) -> Mapping[str, str]:
        """Return whole files at the head, the most telling first; the coverage counts what was not read."""
        reading = self._reading(pull_request)
        wanted = telling_first(pull_request, paths)
        texts = await self._whole(pull_request, reading, wanted, pull_request.head_sha)
        if len(texts) < len(wanted):
            reading.note(f"{len(wanted) - len(texts)} of {len(wanted)} files were not read whole")
        return texts

    async def commit_files(
        self, pull_request: PullRequest, shas: Sequence[str]
    ) -> Mapping[str, tuple[ChangedFile, ...]]:
        """Return commits' own diffs, merges last; those beyond the allowance are left out."""
        reading = self._reading(pull_request)
        merges = {commit.sha for commit in pull_request.commits if commit.is_merge}
        ordered = sorted(dict.fromkeys(shas), key=lambda sha: sha in merges)
        asked = ordered[: reading.allowance.commits]
        reading.allowance.commits -= len(asked)
        results = await settle(*(self._diff_of_commit(pull_request, sha) for sha in asked))
        found = {sha: files for sha, files in zip(asked, results, strict=True) if not isinstance(files, SourceError)}
        if len(found) < len(asked):
            reading.note(f"the own diffs of {len(asked) - len(found)} commits could not be read")
        return found

    async def follow_ups(self, pull_request: PullRequest) -> tuple[FollowUp, ...]:
        """Return what was merged within 30 days after and touches the same files or names this pull request."""
        reading = self._reading(pull_request)
        if pull_request.merged_at is None:
            return ()
        if reading.candidates is None:
            search = await find_candidates(self._client, pull_request, by_graphql=reading.graphql, logs=1)
            self._found(pull_request, reading, search)
            self._plan(pull_request, reading)
        results = await settle(*(self._follow_up(pull_request, one) for one in self._affordable(reading)))
        found = [one for one in results if isinstance(one, FollowUp)]
        if any(isinstance(one, SourceError) for one in results):
            reading.note("some later pull requests could not be read")
        return tuple(sorted(found, key=lambda one: (one.merged_at, one.number)))

    async def house_rules(self, pull_request: PullRequest) -> Mapping[str, str]:
        """Return the house rules at the base; a repository without any is nothing to tell of."""
        reading = self._reading(pull_request)
        if not pull_request.base_sha:
            return {}
        at = f"{pull_request.owner}/{pull_request.repo}@{pull_request.base_sha}"
        if at in self._house_rules:
            return self._house_rules[at]
        found, whole = await self._read_house_rules(pull_request, reading)
        if whole:
            self._house_rules[at] = found
            while len(self._house_rules) > _KEPT_READINGS:
                self._house_rules.popitem(last=False)
        return found

    async def _read_house_rules(self, pull_request: PullRequest, reading: Reading) -> tuple[dict[str, str], bool]:
        """Return the house rules, and whether there are no others at that commit."""
        rules, whole = limits.HOUSE_RULES, True
        texts = await self._in_one_query(pull_request, reading, rules, pull_request.base_sha)
        if texts is None:
            asked = rules[: reading.allowance.house_rules] if not reading.graphql else rules
            results = await settle(*(self._raw(pull_request, path, pull_request.base_sha) for path in asked))
            whole = len(asked) == len(rules)
            if any(isinstance(one, SourceError) and not isinstance(one, NotFoundError) for one in results):
                reading.note("the house rules could not be read")
                whole = False
            texts = {path: one for path, one in zip(asked, results, strict=True) if isinstance(one, str)}
        return {path: texts[path] for path in rules if path in texts}, whole

    async def file_of(self, repository: str, path: str) -> str | None:
        """Return a file of a repository's (``owner/repo``) default branch, nothing where there is none."""
        owner, _, repo = repository.partition("/")
        try:
            return text_of(await self._client.get(contents_path(owner, repo, path), accept=RAW))
        except NotFoundError:
            return None

    async def may_see(self, repository: str) -> bool:
        """See ``ReadsRepositories``."""
        try:
            told = await self._client.get_json(f"/repos/{repository}")
        except NotFoundError:
            raise NotFoundError(
                f"{repository} is not there, or not to be seen by me.",
                "Check its name; a private one needs a token that may read it.",
            ) from None
        return isinstance(told, Mapping) and told.get("private") is False

    async def is_private(self, repository: str) -> bool:
        """Return whether a repository is private, or not there any more. Raises ``SourceError``."""
        try:
            found = await self._client.get_json(f"/repos/{repository}")
        except NotFoundError:
            return True
        return not isinstance(found, dict) or found.get("private") is not False

    async def merged(self, repository: str, since: datetime, until: datetime) -> Merged:
        """Return what was merged in the window, in a few requests. Raises ``SourceError``."""
        return await list_merged(self._client, repository, since, until)

    async def commit_mails(self, login: str, repositories: Sequence[str], blind: Blind) -> frozenset[str]:
        """See ``bot.vouching.TellsCommitMails``."""
        return await commit_mails(self._client, login, repositories, blind)

    def posts(self) -> GitHubPosts:
        """Return what reads folders of posts on this host."""
        return GitHubPosts(self._client, self.web_host)

    def comments(self) -> GitHubComments | None:
        """Return what writes remarks, where there is a token to write them with."""
        return GitHubComments(self._client) if self._client.authenticated else None

    @property
    def remaining(self) -> int | None:
        """How many requests GitHub still answers, by its own last word."""
        return self._client.remaining

    def coverage(self, pull_request: PullRequest) -> Coverage:
        """Return the coverage as it stands by now: later reads add what they had to leave out."""
        return self._reading(pull_request).coverage

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _diff(self, pull: PullRequest, *, needed: bool) -> str:
        """Return the ``.diff`` where ``/files`` gave less than all; nothing where it is refused (406: too large)."""
        if not needed:
            return ""
        try:
            answer = await self._client.get(f"/repos/{pull.owner}/{pull.repo}/pulls/{pull.number}", accept=DIFF)
        except SourceError:
            return ""
        return answer.body.decode("utf-8", "replace")

    async def _whole(self, pull: PullRequest, reading: Reading, paths: Sequence[str], sha: str) -> dict[str, str]:
        texts = await self._in_one_query(pull, reading, paths, sha)
        left = [path for path in paths if texts is None or path in reading.cut][: reading.allowance.files]
        reading.allowance.files -= len(left)
        results = await settle(*(self._raw(pull, path, sha) for path in left))
        raw = {path: text for path, text in zip(left, results, strict=True) if isinstance(text, str)}
        return {**(texts or {}), **raw}

    async def _in_one_query(
        self, pull: PullRequest, reading: Reading, paths: Sequence[str], sha: str
    ) -> dict[str, str] | None:
        """Return whole files by one GraphQL query, or ``None`` where REST has to be asked."""
        if not reading.graphql or not paths:
            return None if paths else {}
        some = list(paths[: limits.MAX_BLOBS_IN_A_QUERY])
        variables = {"owner": pull.owner, "name": pull.repo} | {f"e{i}": f"{sha}:{path}" for i, path in enumerate(some)}
        try:
            data = await self._client.graphql(graphql.blobs_query(len(some)), variables)
            texts, cut = graphql.blobs(data, some)
        except (SourceError, AttributeError, TypeError):
            return None
        reading.cut.update(cut)
        return texts

    async def _raw(self, pull: PullRequest, path: str, sha: str) -> str | None:
        answer = await self._client.get(contents_path(pull.owner, pull.repo, path), accept=RAW, params={"ref": sha})
        return text_of(answer)

    async def _diff_of_commit(self, pull: PullRequest, sha: str) -> tuple[ChangedFile, ...]:
        found = await self._client.get_json(f"/repos/{pull.owner}/{pull.repo}/commits/{sha}")
        if not isinstance(found, Mapping) or not isinstance(found.get("files"), list):
            raise SourceError("GitHub told a commit without its files.", "Try again in a minute.")
        return decode.each(found["files"], decode.changed_file)

    def _affordable(self, reading: Reading) -> list[Candidate]:
        chosen: list[Candidate] = []
        for candidate in reading.candidates or ():
            if candidate.requests > reading.allowance.follow_ups:
                break
            reading.allowance.follow_ups -= candidate.requests
            chosen.append(candidate)
        return chosen

    async def _follow_up(self, pull: PullRequest, candidate: Candidate) -> FollowUp | None:
        if not candidate.number:
            return later.follow_up(candidate, await self._diff_of_commit(pull, candidate.sha), pull)
        path = f"/repos/{pull.owner}/{pull.repo}/pulls/{candidate.number}"
        query = {"per_page": str(limits.PER_PAGE)}
        work = [self._client.get_json(f"{path}/files", query)]
        if candidate.wants_body:
            work.append(self._client.get_json(path))
        files, *told = await settle(*work)
        if told and isinstance(told[0], Mapping):
            item = told[0]
            candidate = replace(
                candidate,
                body=decode.text(item.get("body")),
                url=decode.web(item.get("html_url")) or candidate.url,
                merged_at=decode.moment(item.get("merged_at")) or candidate.merged_at,
            )
        read = decode.each(files, decode.changed_file) if isinstance(files, list) else ()
        if not read and isinstance(files, SourceError) and not later.names(candidate, pull):
            raise files
        return later.follow_up(candidate, read, pull)

    @staticmethod
    def _found(pull: PullRequest, reading: Reading, search: Found) -> None:
        reading.candidates = later.best(search.candidates, pull)
        reading.coverage = reading.coverage.model_copy(update={"follow_ups_known": search.known})
        for note in search.notes:
            reading.note(note)

    def _plan(self, pull: PullRequest, reading: Reading) -> None:
        reading.allowance = allowance(
            pull, reading.candidates or (), batched=reading.graphql, remaining=self._client.remaining
        )
        own = sum(not commit.is_merge for commit in pull.commits)
        if own > max(1, reading.allowance.commits):
            reading.note(f"the own diffs of {own - reading.allowance.commits} of {own} commits are not asked for")

    def _keep(self, pull: PullRequest, reading: Reading) -> None:
        self._readings[pull.slug, pull.head_sha] = reading
        while len(self._readings) > _KEPT_READINGS:
            self._readings.popitem(last=False)

    def _reading(self, pull: PullRequest) -> Reading:
        """Return what is known; a pull request from elsewhere (the store) begins anew."""
        found = self._readings.get((pull.slug, pull.head_sha))
        if found is None:
            found = Reading()
            self._plan(pull, found)
            self._keep(pull, found)
        return found
