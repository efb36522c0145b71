"""Posting a picture to a channel, from the chat: choose, look at it, now or later; edit and delete afterwards.

The conversation only plans. What it wants done is the outcome's `change`, made in the transaction that stores the rest.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

from promostack.telegram import captions, channels, post_cards
from promostack.telegram.models import Answer, Outcome, Shown
from promostack.telegram.post_models import Channel, Deletion, Draft, NewCaption, NewPost, Post, PostChange, When
from promostack.telegram.talk import Talk, buttons, message

# Under the picture: the way in. Then: the channel that was chosen, and what to do with the draft. The first two name
# the picture that they mean.
OPEN, CHOOSE, DECIDE = "ch", "cc", "post"
_WHEN = ("now", "hour", "morning")
# A second tap on the same question, after the warning that the picture is there already.
_AGAIN = "again-"


def actions(talk: Talk, value: str) -> Mapping[str, Callable[[], Outcome]]:
    """What the buttons of channels and posts do; `value` is what follows the action."""
    return {
        OPEN: lambda: _open(talk, value),
        CHOOSE: lambda: _choose(talk, value),
        DECIDE: lambda: _decide(talk, value),
        post_cards.EDIT: lambda: _with_post(talk, value, _ask_caption),
        post_cards.DELETE: lambda: _with_post(talk, value, _ask_deletion),
        post_cards.DELETE_NOW: lambda: _with_post(talk, value, _delete),
        post_cards.STATUS: lambda: _with_post(talk, value, _show),
    }


def take_caption(talk: Talk) -> Outcome:
    """The text that follows "Edit caption": the post's new caption."""
    post = talk.desk.posts.find(talk.state.editing)
    done = talk.state.without_caption()
    # Who is told to send another one has as long for that as for the first.
    again = talk.state.awaiting(talk.state.editing, talk.now)
    if post is None:
        return talk.say("post_old", state=done)
    units = captions.length(talk.incoming.text)
    if units > captions.MOST_CHARACTERS:
        return talk.say("caption_too_long", state=again, length=units, most=captions.MOST_CHARACTERS)
    try:
        change = NewCaption(post.id, captions.from_plain(talk.incoming.text))
    except captions.CaptionRefused:
        return talk.say("caption_refused", state=again)
    if refused := _why_not(talk, post):
        return Outcome(done, (refused,))
    return replace(_changed(talk, post.id, post.title, change), state=done)


def leave_editing(talk: Talk) -> Outcome:
    """/cancel while a caption is awaited."""
    return talk.say("caption_kept", state=talk.state.without_caption())


def _open(talk: Talk, nonce: str) -> Outcome:
    shown = talk.state.shown(nonce)
    if shown is None:
        return talk.no_such_picture()
    known = talk.desk.posts.channels()
    if len(known) == 1:
        return _preview(talk, known[0], shown)
    if not known:
        add = [{"text": talk.texts.say("channel_add"), "url": talk.desk.posts.connect_link()}]
        return Outcome(talk.state, (talk.toast(), message(talk.texts.say("channel_none"), reply_markup=buttons(add))))
    rows = [[{"text": channel.title, "callback_data": f"{CHOOSE}:{channel.id}:{nonce}"}] for channel in known]
    return Outcome(talk.state, (talk.toast(), message(talk.texts.say("channel_choose"), reply_markup=buttons(*rows))))


def _choose(talk: Talk, value: str) -> Outcome:
    channel_id, _, nonce = value.partition(":")
    shown = talk.state.shown(nonce)
    if shown is None:
        return talk.no_such_picture()
    channel = _own_channel(talk, channel_id)
    return _preview(talk, channel, shown) if channel else talk.only_toast("post_old")


def _preview(talk: Talk, channel: Channel, shown: Shown) -> Outcome:
    """The post exactly as it will look, with its buttons below."""
    if channel.broken:
        return Outcome(talk.state, (talk.toast(), _told(talk, channel)))
    caption = talk.texts.say("picture", code=shown.code, link=shown.link)
    draft = Draft(talk.desk.posts.new_id(), channel.id, channel.title, shown.picture, shown.code, caption)
    say = talk.texts.say
    later = [_decision(talk, draft, "hour", "post_hour"), _decision(talk, draft, "morning", "post_morning")]
    keyboard = buttons(
        [_decision(talk, draft, "now", "post_now")], later, [_decision(talk, draft, "cancel", "post_cancel")]
    )
    params = {"caption": caption, "parse_mode": "HTML", "reply_markup": keyboard}
    preview = Answer("sendPhoto", params, shown.picture.attachment(shown.code))
    state = replace(talk.state, draft=draft.as_json())
    return Outcome(state, (talk.toast(), message(say("post_preview", channel=channel.title)), preview))


def _decide(talk: Talk, value: str) -> Outcome:
    post_id, _, decision = value.partition(":")
    if not talk.state.draft or talk.state.draft["id"] != post_id:
        return talk.only_toast("post_old")
    draft = Draft.from_json(talk.state.draft)
    if decision == "cancel":
        gone = replace(talk.state, draft=None)
        return Outcome(gone, (talk.toast(), _without_buttons(talk), message(talk.texts.say("post_dropped"))))
    may_repeat, when = decision.startswith(_AGAIN), decision.removeprefix(_AGAIN)
    channel = _own_channel(talk, draft.channel_id)
    if channel is None or when not in _WHEN:
        return talk.only_toast("post_old")
    if channel.broken:
        return Outcome(talk.state, (talk.toast(), _told(talk, channel)))
    new = NewPost(draft, talk.desk.posts.moment(cast(When, when)), may_repeat)
    if not may_repeat and (at := talk.desk.posts.find_twin(new)):
        return _ask_again(talk, draft, when, at)
    planned = _changed(talk, draft.id, channel.title, new)
    answers = (talk.toast(), _without_buttons(talk), *planned.answers)
    return replace(planned, state=replace(talk.state, draft=None), answers=answers)


def _ask_again(talk: Talk, draft: Draft, when: str, at: str) -> Outcome:
    text = talk.texts.say("post_twice", channel=draft.channel, time=f"{at} ({talk.desk.posts.zone()})")
    again = [_decision(talk, draft, _AGAIN + when, "post_again")]
    drop = [_decision(talk, draft, "cancel", "post_cancel")]
    return Outcome(talk.state, (talk.toast(), message(text, reply_markup=buttons(again, drop))))


def _with_post(talk: Talk, post_id: str, act: Callable[[Talk, Post], Outcome]) -> Outcome:
    """Only whoever connected the channel finds its posts."""
    post = talk.desk.posts.find(post_id)
    return act(talk, post) if post else talk.only_toast("post_old")


def _ask_caption(talk: Talk, post: Post) -> Outcome:
    if refused := _why_not(talk, post):
        return Outcome(talk.state, (talk.toast(), refused))
    asked = message(talk.texts.say("caption_wanted", channel=post.title))
    return Outcome(talk.state.awaiting(post.id, talk.now), (talk.toast(), asked))


def _ask_deletion(talk: Talk, post: Post) -> Outcome:
    if refused := _why_not(talk, post):
        return Outcome(talk.state, (talk.toast(), refused))
    if post.stands != "posted":
        return _delete(talk, post)
    question = post_cards.edited(post_cards.ask_deletion(talk.texts, post), talk.incoming.message_id)
    return Outcome(talk.state, (talk.toast(), question))


def _delete(talk: Talk, post: Post) -> Outcome:
    if refused := _why_not(talk, post, is_deletion=True):
        return Outcome(talk.state, (talk.toast(), refused))
    planned = _changed(talk, post.id, post.title, Deletion(post.id))
    return replace(planned, answers=(talk.toast(), _without_buttons(talk)))


def _show(talk: Talk, post: Post) -> Outcome:
    shown = post_cards.card(talk.texts, post, talk.desk.posts.zone())
    return Outcome(talk.state, (talk.toast(), post_cards.edited(shown, talk.incoming.message_id)))


def _why_not(talk: Talk, post: Post, *, is_deletion: bool = False) -> Answer | None:
    """Why nothing can be changed at the post, None when it can."""
    if post.stands == "sending" and post.is_called:
        return message(talk.texts.say("post_busy"))
    if post.stands not in ("scheduled", "sending", "held", "posted"):
        return post_cards.card(talk.texts, post, talk.desk.posts.zone())
    if is_deletion and post.stands == "posted" and post.is_old:
        return message(talk.texts.say("post_too_old", channel=post.title))
    channel = _own_channel(talk, post.channel_id)
    if post.stands == "posted" and (channel is None or channel.broken):
        return _told(talk, channel) if channel else message(talk.texts.say("post_old"))
    return None


def _changed(talk: Talk, post_id: str, title: str, change: PostChange) -> Outcome:
    """The change, and what is said when the process dies before it can say how it went."""
    return Outcome(talk.state, (), change=change, unless_told=post_cards.handed_over(talk.texts, post_id, title))


def _own_channel(talk: Talk, channel_id: str) -> Channel | None:
    return next((channel for channel in talk.desk.posts.channels() if channel.id == channel_id), None)


def _told(talk: Talk, channel: Channel) -> Answer:
    assert channel.broken is not None
    return channels.told(talk.texts, channel.title, channel.broken, channel.bot_username)


def _without_buttons(talk: Talk) -> Answer:
    """The tapped message keeps its words; its buttons have done what they were there for."""
    params = {"message_id": talk.incoming.message_id, "reply_markup": buttons()}
    return Answer("editMessageReplyMarkup", params)


def _decision(talk: Talk, draft: Draft, decision: str, text: str) -> dict[str, str]:
    return {"text": talk.texts.say(text), "callback_data": f"{DECIDE}:{draft.id}:{decision}"}
