"""Files on the loopback Slack: an address to send bytes to, the bytes, the word that they are complete; and away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aiohttp import web
from fakes.slack_payloads import Args, Fault


class Files:
    """What Slack does with files. ``shows_files`` is false where it has not looked at them, or never does."""

    files: list[Args]
    shows_files: bool
    url: str
    _numbers: Iterator[int]

    @property
    def standing_files(self) -> list[Args]:
        """The files that are complete and were not deleted."""
        return [one for one in self.files if one.get("complete") and not one.get("deleted")]

    def may_show(self, blocks: list[Args]) -> bool:
        """Return whether every file that blocks show is there."""
        wanted = {one["slack_file"]["id"] for one in blocks if one.get("type") == "image"}
        return not wanted or (self.shows_files and wanted <= {one["id"] for one in self.standing_files})

    def _files_getUploadURLExternal(self, args: Args) -> Args:  # noqa: N802 - Slack's name
        name = f"F{next(self._numbers)}"
        self.files.append({"id": name, "filename": args["filename"], "length": int(args["length"])})
        return {"upload_url": f"{self.url}/upload/{name}", "file_id": name}

    def _files_completeUploadExternal(self, args: Args) -> Args:  # noqa: N802 - Slack's name
        (wanted,) = args["files"]
        file = next((one for one in self.files if one["id"] == wanted["id"]), None)
        if file is None or "bytes" not in file:
            return {"error": "file_not_found"}
        file.update({**args, "complete": True})
        return {"files": [{"id": file["id"]}]}

    def _files_delete(self, args: Args) -> Args:
        for file in self.files:
            if file["id"] == args["file"]:
                file["deleted"] = True
                return {}
        return {"error": "file_not_found"}

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        fault = self._fault("upload", {})
        if fault is not None:
            return await self._fail(request, fault)
        name = request.match_info["name"]
        next(one for one in self.files if one["id"] == name)["bytes"] = await request.read()
        return web.Response(text="OK")

    def _fault(self, method: str, args: Args) -> Fault | None:
        raise NotImplementedError

    async def _fail(self, request: web.Request, fault: Fault) -> Any:
        raise NotImplementedError
