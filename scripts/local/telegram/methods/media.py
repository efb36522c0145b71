"""Photos and documents as parameters: an upload, a file_id of this bot, or a URL that Telegram fetches itself."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp

from ..errors import bad_request
from ..files import FileRecord
from ..params import Upload
from .call import Call

FETCH_TIMEOUT_S = 10
MAX_FETCHED_BYTES = {"photo": 5 * 1024 * 1024, "document": 20 * 1024 * 1024}


async def read_file(call: Call, kind: str, reference: str, upload: Upload | None) -> FileRecord:
    """The file of that kind ("photo", "document"). Raises 400 as the vendor words it."""
    files = call.world.files
    if upload is not None:
        return _add(call, kind, upload)
    if not reference:
        raise bad_request(f"there is no {kind} in the request")
    if reference.startswith("attach://"):
        raise bad_request(f"there is no {kind} in the request")
    if "." in reference or "://" in reference:
        return _add(call, kind, await _fetch(reference, kind))
    record, _ = files.find(reference, call.bot.id)
    if record.kind != kind:
        raise bad_request(f"Can't use file of type {record.kind.title()} as {kind.title()}")
    return record


def _add(call: Call, kind: str, upload: Upload) -> FileRecord:
    if kind == "photo":
        return call.world.files.add_photo(upload.data, upload.name)
    return call.world.files.add_document(upload.data, upload.name, upload.media_type or "application/octet-stream")


async def _fetch(url: str, kind: str) -> Upload:
    if "://" in url and not url.startswith(("http://", "https://")):
        raise bad_request("Invalid file HTTP URL specified: Unsupported URL protocol")
    address = url if "://" in url else f"http://{url}"
    try:
        timeout = aiohttp.ClientTimeout(total=FETCH_TIMEOUT_S)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(address) as answer:
            data = bytearray()
            # `read(n)` gives what has come so far, not the whole file.
            async for chunk in answer.content.iter_chunked(1 << 16):
                data += chunk
                if len(data) > MAX_FETCHED_BYTES[kind]:
                    break
            status, media_type = answer.status, answer.content_type
    except (aiohttp.ClientError, OSError, ValueError):
        raise bad_request("failed to get HTTP URL content") from None
    if status != 200 or len(data) > MAX_FETCHED_BYTES[kind]:
        raise bad_request("failed to get HTTP URL content")
    if kind == "photo" and not media_type.startswith("image/"):
        raise bad_request("wrong type of the web page content")
    return Upload(kind, address.rsplit("/", 1)[-1].split("?")[0] or kind, media_type, bytes(data))


async def media_content(call: Call, record: FileRecord) -> dict[str, Any]:
    """The message fields of the file. Compressing runs in a thread: it would hold up every other call."""
    files, bot_id = call.world.files, call.bot.id
    if record.kind == "document":
        return {"document": files.document(record, bot_id)}
    recompress = bool(call.world.settings["recompress_photos"])
    return {"photo": await asyncio.to_thread(files.photo_sizes, record, bot_id, recompress=recompress)}
