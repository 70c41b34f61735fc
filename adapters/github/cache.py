"""Answers kept with their ETag, apart for each credential.

A 304 costs nothing of the rate limit. But the same URL answers differently to different tokens, so the
credential is part of every key: a shared cache would hand private answers to whoever asks next.
https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path

from adapters.github.answer import Answer

MAX_BYTES = 32 * 1024 * 1024
MAX_ENTRY_BYTES = 4 * 1024 * 1024
MAX_FOLDER_BYTES = 256 * 1024 * 1024
_KEPT_HEADERS = ("etag", "link", "content-type")


class EtagCache:
    """Answers by credential, URL and media type: in memory, and in ``folder`` where one is given.

    The credential itself is never written: only a digest over it and the rest of the key.
    A damaged or unwritable folder costs the saving, never the answer.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._kept: OrderedDict[str, Answer] = OrderedDict()
        self._bytes = 0
        self._swept = False

    @staticmethod
    def key(credential: str, url: str, accept: str) -> str:
        """Return the key under which an answer to this credential is kept."""
        parts = json.dumps([credential, url, accept]).encode()
        return hashlib.sha256(parts).hexdigest()

    def get(self, key: str) -> Answer | None:
        """Return the kept answer, or ``None``."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        found = self._from_folder(key)
        if found is not None:
            self._remember(key, found)
        return found

    def put(self, key: str, answer: Answer) -> None:
        """Keep an answer that has an ETag and is not too large."""
        if answer.status != 200 or not answer.headers.get("etag") or len(answer.body) > MAX_ENTRY_BYTES:
            return
        headers = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
        slim = Answer(200, headers, answer.body)
        self._remember(key, slim)
        if self._folder is not None:
            with suppress(OSError):
                self._to_folder(self._folder, key, slim)
                if not self._swept:
                    self._swept = True
                    self._sweep(self._folder)

    def _remember(self, key: str, answer: Answer) -> None:
        before = self._kept.pop(key, None)
        self._bytes += len(answer.body) - (len(before.body) if before else 0)
        self._kept[key] = answer
        while self._bytes > MAX_BYTES:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= len(oldest.body)

    def _from_folder(self, key: str) -> Answer | None:
        if self._folder is None:
            return None
        try:
            head, _, body = (self._folder / key).read_bytes().partition(b"\n")
            headers = {str(name): str(value) for name, value in json.loads(head).items()}
        except (OSError, ValueError, AttributeError):
            return None
        whole = headers.pop("length", "") == str(len(body))
        return Answer(200, headers, body) if whole and headers.get("etag") else None

    @staticmethod
    def _to_folder(folder: Path, key: str, answer: Answer) -> None:
        # Private repositories may be in here: nobody else on the machine is to read it.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        head = json.dumps({**answer.headers, "length": str(len(answer.body))}).encode()
        handle, name = tempfile.mkstemp(dir=folder, prefix=".new-")
        with os.fdopen(handle, "wb") as file:
            file.write(head + b"\n" + answer.body)
        Path(name).replace(folder / key)

    @staticmethod
    def _sweep(folder: Path) -> None:
        """Drop the oldest files beyond the folder's bound: once in a cache's life, since it looks at each file."""
        found = [(path, path.stat()) for path in folder.iterdir() if path.is_file()]
        total = 0
        for path, stat in sorted(found, key=lambda one: -one[1].st_mtime):
            total += stat.st_size
            if total > MAX_FOLDER_BYTES:
                path.unlink(missing_ok=True)
