"""Photos, documents, and the files behind them."""

from __future__ import annotations

from typing import Any

from ..errors import bad_request
from ..files import MAX_DOWNLOAD_BYTES
from .call import Call
from .media import media_content, read_file
from .post import caption_content, post, read_markup, read_text


async def send_photo(call: Call) -> dict[str, Any]:
    return await _send(call, "photo")


async def send_document(call: Call) -> dict[str, Any]:
    return await _send(call, "document")


async def _send(call: Call, kind: str) -> dict[str, Any]:
    markup = read_markup(call)
    caption = caption_content(*read_text(call, "caption"))
    thread = call.chat("write")
    record = await read_file(call, kind, call.params.text(kind), call.params.upload(kind))
    content = {**await media_content(call, record), **caption}
    if call.params.boolean("has_spoiler"):
        content["has_media_spoiler"] = True
    return post(call, thread, content, markup, unique=record.unique)


async def get_file(call: Call) -> dict[str, Any]:
    file_id = call.params.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    record, letter = call.world.files.find(file_id, call.bot.id)
    content = call.world.files.content(record, letter)
    if len(content) > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    is_photo = record.kind == "photo"
    suffix = "" if is_photo or "." not in record.name else "." + record.name.rsplit(".", 1)[-1]
    path = f"photos/{record.unique}_{letter}.jpg" if is_photo else f"documents/{record.unique}_d{suffix}"
    unique = record.unique + letter if is_photo else record.unique
    return {"file_id": file_id, "file_unique_id": unique, "file_size": len(content), "file_path": path}


METHODS = {"sendPhoto": send_photo, "sendDocument": send_document, "getFile": get_file}
