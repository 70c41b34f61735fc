"""The ``.diff`` media type, cut into patches by path: for files to which ``/files`` gave none. Pure.

Inside a hunk every line begins with a mark, so ``diff --git`` at a line's start is always a header:
https://git-scm.com/docs/diff-format#generate_patch_text_with_p
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.pull_request import ChangedFile, FileStatus

_SECTION = re.compile(r"^diff --git ", re.MULTILINE)
_HUNK = re.compile(r"^@@ -", re.MULTILINE)
_NAMED = re.compile(r"^(---|\+\+\+|rename from|rename to) (.*)$", re.MULTILINE)
_MARKS = {
    "new file mode": FileStatus.ADDED,
    "deleted file mode": FileStatus.REMOVED,
    "rename from": FileStatus.RENAMED,
    "copy from": FileStatus.COPIED,
}
_ESCAPE = re.compile(r'\\([0-7]{3}|[abfnrtv"\\])')
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", '"': '"', "\\": "\\"}


def files_of(diff: str) -> tuple[ChangedFile, ...]:
    """Return the files of a diff, for where ``/files`` cannot be read at all."""
    return tuple(file for section in _SECTION.split(diff)[1:] if (file := _file(section)) is not None)


def with_patches(files: Sequence[ChangedFile], diff: str) -> tuple[ChangedFile, ...]:
    """Return the files, each without a patch completed from the diff where that holds one."""
    patches = {file.path: file.patch for file in files_of(diff)}
    return tuple(
        file.model_copy(update={"patch": patches[file.path]})
        if file.patch is None and not file.is_binary and patches.get(file.path)
        else file
        for file in files
    )


def _file(section: str) -> ChangedFile | None:
    hunk = _HUNK.search(section)
    header, patch = (section[: hunk.start()], section[hunk.start() :].removesuffix("\n")) if hunk else (section, "")
    path, previous = _paths(header)
    if not path:
        return None
    binary = hunk is None and bool(re.search(r"^(?:Binary files|GIT binary patch)", header, re.MULTILINE))
    lines = patch.split("\n")
    return ChangedFile(
        path=path,
        previous_path=previous if previous != path else None,
        status=next((status for mark, status in _MARKS.items() if f"\n{mark}" in header), FileStatus.MODIFIED),
        additions=sum(line.startswith("+") for line in lines),
        deletions=sum(line.startswith("-") for line in lines),
        patch=None if binary else patch,
        is_binary=binary,
    )


def _paths(header: str) -> tuple[str, str | None]:
    """Return the path after the change (before it, where the file was removed) and the one that it was renamed from."""
    names = dict(_NAMED.findall(header))
    if "rename to" in names:
        return _unquoted(names["rename to"]), _unquoted(names.get("rename from", ""))
    for mark, side in (("+++", "b/"), ("---", "a/")):
        name = _unquoted(names.get(mark, "/dev/null").rstrip("\t"))
        if name != "/dev/null":
            return name.removeprefix(side), None
    # Neither hunks nor a rename: binary, empty or a change of mode. Both names are the same, so half is one of them.
    both = header.split("\n", 1)[0]
    return _unquoted(both[: len(both) // 2]).removeprefix("a/"), None


def _unquoted(name: str) -> str:
    r"""Undo git's quoting: ``"\303\251.txt"`` is UTF-8 in octal.

    https://git-scm.com/docs/git-config#Documentation/git-config.txt-corequotePath
    """
    if not (name.startswith('"') and name.endswith('"') and len(name) > 1):
        return name
    parts = _ESCAPE.split(name[1:-1])
    raw = bytearray()
    for index, part in enumerate(parts):
        if index % 2 == 0:
            raw += part.encode()
        elif part in _LETTERS:
            raw += _LETTERS[part].encode()
        else:
            raw.append(int(part, 8) & 0xFF)
    return raw.decode("utf-8", "replace")
