"""English."""

TEXTS = {
    "welcome": "Hi. Send me your coupon code and I make the promo picture for it.",
    "help": (
        "Send a coupon code, choose a template, tap a format: the picture comes here.\n\n"
        "/generate uses your last code again\n/cancel forgets it\n"
        "/stop ends news from this bot, /resume brings them back"
    ),
    "cancelled": "Done, the code is forgotten. Send another one whenever you like.",
    "stopped": "You get no more news from this bot. Your codes work as before; /resume brings the news back.",
    "resumed": "You get the news of this bot again. /stop ends them.",
    "link_old": "This link leads nowhere any more. Send me a coupon code instead.",
    "no_code_yet": "There is no code yet. Send me one, for example WELCOME-30.",
    "code_malformed": "That cannot be a coupon code. {reason}",
    "code_invalid": "<b>{code}</b> is not valid. Check the spelling and send it again.",
    "code_unknown": "I can't check <b>{code}</b> right now. Nothing is wrong with your code; try again in a moment.",
    "too_many_tries": "Too many tries. Wait {wait} and send the code again.",
    "only_text": "I read text only. Send me the coupon code as a message.",
    "gallery_empty": "There is no template to choose yet. Ask the owner of this bot to publish one.",
    "gallery": "<b>{name}</b> · {page} of {pages}\nCode <b>{code}</b>. Choose a format to get the picture.",
    "button_old": "These buttons belong to an older message. Send your code again.",
    "rendering": "Making your picture…",
    "picture": "Code <b>{code}</b>\n{link}",
    "qr": "The QR code opens the link with <b>{code}</b>:\n{link}",
    "template_gone": "That template is no longer available. Choose another one.",
    "render_failed": "The picture could not be made. Tap the format again; if it stays so, choose another template.",
    "no_picture": "There is no picture yet. Send your code first.",
    "no_link": "The owner of this bot has set no link for its codes yet.",
    "try_again": "Try again",
    "as_file": "As a file",
    "as_qr": "QR code",
    "another_template": "Another template",
    "share": "Share",
    "to_channel": "Post to my channel",
    "channel_none": (
        "No channel of yours is connected yet. Tap the button, choose your channel and confirm the right to "
        "post; then tap “Post to my channel” again."
    ),
    "channel_add": "Connect a channel",
    "channel_choose": "Which channel?",
    "channel_connected": (
        "<b>{channel}</b> is connected. “Post to my channel” under a picture posts there; what waited goes out now."
    ),
    "channel_removed": (
        "I am not in <b>{channel}</b> any more. Connect the channel again; what waits for it is posted then."
    ),
    "channel_no_rights": (
        "I may not post in <b>{channel}</b>. Give me the right “Post messages” among its administrators, or "
        "connect it again; what waits for it is posted then."
    ),
    "channel_refused": (
        "Telegram turns my posts in <b>{channel}</b> away. Connect the channel again; what waits for it is posted then."
    ),
    "post_preview": "This is how it will look in <b>{channel}</b>:",
    "post_now": "Post now",
    "post_hour": "In 1 hour",
    "post_morning": "Tomorrow 9:00",
    "post_cancel": "Cancel",
    "post_dropped": "Nothing is posted.",
    "post_twice": "The same picture with the same caption is in <b>{channel}</b> at {time}. Post it once more?",
    "post_again": "Post once more",
    "post_old": "These buttons have been used already, or belong to an older message.",
    "post_busy": "The post is going out at this moment. Try again in a few seconds.",
    "post_scheduled": "It will be posted in <b>{channel}</b>: {time}.",
    "post_sending": "On its way to <b>{channel}</b>.",
    "post_posted": "Posted in <b>{channel}</b>.",
    "post_held": (
        "It waits, because I may not post in <b>{channel}</b> now. Connect the channel again and it is posted."
    ),
    "post_cancelled": "It is not posted in <b>{channel}</b>.",
    "post_failed": "It could not be posted in <b>{channel}</b>. Telegram says: {reason}",
    "post_unclear": "Telegram gave no answer. Look into <b>{channel}</b> whether the post is there.",
    "post_deleting": "It is being deleted from <b>{channel}</b>.",
    "post_deleted": "Deleted from <b>{channel}</b>.",
    "post_changing": "The caption in <b>{channel}</b> is being changed.",
    "post_changed": "The caption in <b>{channel}</b> is changed.",
    "post_unchanged": "The caption in <b>{channel}</b> could not be changed. Telegram says: {reason}",
    "post_kept": "The post in <b>{channel}</b> could not be deleted. Telegram says: {reason}",
    "post_too_old": "Telegram lets me delete my posts for 48 hours only. Delete this one in <b>{channel}</b> itself.",
    "post_edit": "Edit caption",
    "post_delete": "Delete",
    "post_drop": "Don't post it",
    "post_open": "Open the post",
    "post_status": "Where is it?",
    "post_delete_ask": "Delete the post from <b>{channel}</b>?",
    "post_delete_sure": "Yes, delete it",
    "post_keep": "Keep it",
    "caption_wanted": (
        "Send the new caption for <b>{channel}</b> as a message within 10 minutes. /cancel leaves it as it is."
    ),
    "caption_too_long": (
        "This caption has {length} characters; Telegram takes {most}. Send a shorter one, or /cancel."
    ),
    "caption_refused": "This caption holds characters that Telegram does not take. Send another one, or /cancel.",
    "caption_kept": "The caption stays as it is.",
    "group_polite": "I make promo pictures from coupon codes in a private chat. Send me your code there.",
    "group_open": "Open our chat",
    "inline_hint": "Type a coupon code after the bot's name",
    "inline_invalid": "This code is not valid",
    "inline_unknown": "The code cannot be checked right now",
    "inline_busy": "Too many tries; wait a moment",
    "format_square": "Square",
    "format_story": "Story",
    "format_feed": "Feed",
    "seconds": "{number} seconds",
    "minutes": "{number} minutes",
    "command_start": "Begin",
    "command_generate": "Make a picture with the last code",
    "command_help": "How it works",
    "command_cancel": "Forget the code",
    "command_stop": "No more news from this bot",
    "command_resume": "News from this bot again",
}
