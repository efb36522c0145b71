"""ChatMember objects: who may do what in a chat."""

from __future__ import annotations

from typing import Any

RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories",
)  # fmt: skip
PERMISSIONS = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
    "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
    "can_add_web_page_previews", "can_react_to_messages", "can_edit_tag", "can_change_info", "can_invite_users",
    "can_pin_messages", "can_manage_topics",
)  # fmt: skip
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages")


def is_in(member: dict[str, Any]) -> bool:
    return member.get("status", "none") not in ("none", "left", "kicked")


def member_json(user: dict[str, Any], member: dict[str, Any], *, is_channel: bool) -> dict[str, Any]:
    """A ChatMember with every field that its status demands; rights that `member` leaves out are False."""
    base = {"user": user, "status": member["status"]}
    if member["status"] == "creator":
        return {**base, "is_anonymous": False}
    if member["status"] == "administrator":
        names = RIGHTS + (CHANNEL_RIGHTS if is_channel else ())
        return {**base, **{name: bool(member.get(name)) for name in names}}
    if member["status"] == "restricted":
        permissions = {name: bool(member.get(name)) for name in PERMISSIONS}
        return {**base, "is_member": True, "until_date": 0, **permissions}
    return {**base, "until_date": 0} if member["status"] == "kicked" else base
