"""sendMediaGroup: two to ten photos or documents in one go."""

from __future__ import annotations

import secrets
from typing import Any

from ..errors import ApiError, bad_request
from ..formatting import format_text
from .call import Call
from .media import media_content, read_file
from .post import caption_content, post

NO_MEDIA = "Can't parse media JSON object"


async def send_media_group(call: Call) -> list[dict[str, Any]]:
    media = call.params.data("media", NO_MEDIA)
    if not isinstance(media, list):
        raise bad_request("Expected an Array of InputMedia")
    if not media:
        raise bad_request("There are no messages to send")
    if len(media) > 10:
        raise bad_request("Too many messages to send as an album")
    if len(media) == 1:  # the documentation asks for two; the vendor's server lets one pass today
        raise bad_request("Wrong number of messages to send specified")
    thread = call.chat("write")
    parts = [await input_media(call, item, ("photo", "document")) for item in media]
    if len({item["type"] for item in media}) > 1:
        raise bad_request("document can't be mixed with other media types")
    album = str(secrets.randbelow(10**17))
    return [post(call, thread, {"media_group_id": album, **content}, None, unique=unique) for content, unique in parts]


async def input_media(call: Call, item: Any, kinds: tuple[str, ...]) -> tuple[dict[str, Any], str]:
    """(message fields, key of the file) of one InputMedia. Raises 400."""
    if not isinstance(item, dict):
        raise bad_request("Can't parse InputMedia: expected an Object")
    kind = str(item.get("type", ""))
    if kind not in kinds:
        raise bad_request(f'Can\'t parse InputMedia: type "{kind}" is unsupported')
    reference = str(item.get("media", ""))
    # python-telegram-bot leaves `media` out when the upload's part is named after the parameter
    upload = call.params.attached(reference) or (None if reference else call.params.uploads.get("media"))
    if not reference and upload is None:
        raise bad_request("Can't parse InputMedia: media not found")
    try:
        record = await read_file(call, kind, reference, upload)
    except ApiError as refusal:
        if "there is no" in refusal.description:
            raise bad_request("Can't parse InputMedia: media not found") from None
        raise
    caption, entities = format_text(str(item.get("caption", "")), str(item.get("parse_mode", "")),
                                    item.get("caption_entities"))  # fmt: skip
    return {**await media_content(call, record), **caption_content(caption, entities)}, record.unique


METHODS = {"sendMediaGroup": send_media_group}
