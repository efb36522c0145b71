"""What the chat shows of a post: where it stands, and the buttons that still make sense."""

from typing import Any

from promostack.telegram.models import Answer
from promostack.telegram.post_models import Post
from promostack.telegram.talk import buttons, message
from promostack.telegram.texts import Texts

# Callback data: an action and the post's id, 39 of Telegram's 64 bytes.
EDIT, DELETE, DELETE_NOW, STATUS = "pe", "pd", "pr", "ps"
_CHANGES = {"pending": "post_changing", "done": "post_changed", "failed": "post_unchanged", "undeleted": "post_kept"}


def card(texts: Texts, post: Post, zone: str) -> Answer:
    """The post as it stands now, as a message of its own."""
    key = _CHANGES.get(post.change, f"post_{post.stands}")
    reason = post.change_error if post.change else post.error_text
    text = texts.say(key, channel=post.title, time=f"{post.due_local} ({zone})", reason=reason or "?")
    return message(text, reply_markup=_keyboard(texts, post))


def handed_over(texts: Texts, post_id: str, title: str) -> Answer:
    """What is said when nobody is left to say how it went."""
    return message(texts.say("post_sending", channel=title), reply_markup=buttons([_button(texts, STATUS, post_id)]))


def edited(shown: Answer, message_id: int | None) -> Answer:
    """The same in place of an older message."""
    return Answer("editMessageText", {**shown.params, "message_id": message_id})


def ask_deletion(texts: Texts, post: Post) -> Answer:
    """The question before a post is deleted."""
    sure = [{"text": texts.say("post_delete_sure"), "callback_data": f"{DELETE_NOW}:{post.id}"}]
    keep = [{"text": texts.say("post_keep"), "callback_data": f"{STATUS}:{post.id}"}]
    return message(texts.say("post_delete_ask", channel=post.title), reply_markup=buttons(sure, keep))


def _keyboard(texts: Texts, post: Post) -> dict[str, Any]:
    if post.stands in ("scheduled", "held"):
        return buttons([_button(texts, EDIT, post.id)], [_button(texts, DELETE, post.id, text="post_drop")])
    if post.stands in ("sending", "deleting", "unclear"):
        return buttons([_button(texts, STATUS, post.id)])
    if post.stands != "posted":
        return buttons()
    opening = [{"text": texts.say("post_open"), "url": post.link}] if post.link else []
    return buttons([_button(texts, EDIT, post.id), _button(texts, DELETE, post.id)], opening)


_TEXTS = {EDIT: "post_edit", DELETE: "post_delete", STATUS: "post_status"}


def _button(texts: Texts, action: str, post_id: str, *, text: str = "") -> dict[str, str]:
    return {"text": texts.say(text or _TEXTS[action]), "callback_data": f"{action}:{post_id}"}
