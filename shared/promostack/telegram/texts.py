"""What the bot says. Values are HTML-escaped when they are filled in."""

from html import escape

_ENGLISH = {
    "welcome": "Hi. Send me your coupon code and I make the promo picture for it.",
    "help": (
        "Send a coupon code, choose a template, tap a format: the picture comes here.\n\n"
        "/generate uses your last code again\n/cancel forgets it"
    ),
    "cancelled": "Done, the code is forgotten. Send another one whenever you like.",
    "no_code_yet": "There is no code yet. Send me one, for example WELCOME-30.",
    "code_malformed": "That cannot be a coupon code. {reason}",
    "code_invalid": "<b>{code}</b> is not valid. Check the spelling and send it again.",
    "code_unknown": "I can't check <b>{code}</b> right now. Nothing is wrong with your code; try again in a moment.",
    "too_many_tries": "Too many tries. Wait {wait} and send the code again.",
    "gallery_empty": "There is no template to choose yet. Ask the owner of this bot to publish one.",
    "gallery": "<b>{name}</b> · {page} of {pages}\nCode <b>{code}</b>. Choose a format to get the picture.",
    "button_old": "These buttons belong to an older message. Send your code again.",
    "rendering": "Making your picture…",
    "picture": "Code <b>{code}</b>\n{link}",
    "template_gone": "That template is no longer available. Choose another one.",
    "render_failed": "The picture could not be made. Tap the format again; if it stays so, choose another template.",
    "no_picture": "There is no picture yet. Send your code first.",
    "try_again": "Try again",
    "as_file": "As a file",
    "another_template": "Another template",
    "share": "Share",
}

_LANGUAGES = {"en": _ENGLISH}


def say(key: str, *, language: str = "en", **values: object) -> str:
    """The text of that key in the language, or in English when the language has none."""
    text = _LANGUAGES.get(language, _ENGLISH).get(key) or _ENGLISH[key]
    return text.format(**{name: escape(str(value), quote=False) for name, value in values.items()})


def wait(seconds: float) -> str:
    """A waiting time as people say it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} seconds"
    return f"{round(seconds / 60)} minutes"
