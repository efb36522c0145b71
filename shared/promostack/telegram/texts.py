"""What the bot says: by key, in the user's language where it is shipped, in the tenant's words where he has some."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from string import Formatter

from promostack.telegram.languages import de, en

LANGUAGES: Mapping[str, Mapping[str, str]] = {"en": en.TEXTS, "de": de.TEXTS}
DEFAULT = "en"
# The menu, in its order; each has a text `command_<name>`.
COMMANDS = ("start", "generate", "help", "cancel", "stop", "resume")


def language_of(code: str | None) -> str:
    """The shipped language that Telegram's `language_code` (`de-AT`) asks for, else English."""
    short = (code or DEFAULT).partition("-")[0].lower()
    return short if short in LANGUAGES else DEFAULT


@dataclass(frozen=True)
class Texts:
    """One conversation's texts. `own`: the tenant's words by key, in this language."""

    language: str = DEFAULT
    own: Mapping[str, str] = field(default_factory=dict)

    def say(self, key: str, **values: object) -> str:
        """The text of that key; values are HTML-escaped when they are filled in."""
        escaped = {name: escape(str(value), quote=False) for name, value in values.items()}
        own = self.own.get(key)
        if own and placeholders(own) <= escaped.keys():
            return own.format(**escaped)
        return (LANGUAGES[self.language].get(key) or en.TEXTS[key]).format(**escaped)

    def wait(self, seconds: float) -> str:
        """A waiting time as people say it."""
        if seconds < 90:
            return self.say("seconds", number=max(1, round(seconds)))
        return self.say("minutes", number=round(seconds / 60))

    def format_name(self, name: str) -> str:
        """A format's name on a button; one that the tenant made up is its own name."""
        key = f"format_{name}"
        return self.say(key) if key in en.TEXTS else name


def placeholders(text: str) -> set[str]:
    """The names in braces. A text that is no plain template needs a name that nobody has: padding could be huge."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return {""}
    return {"" if spec or conversion else name for _, name, spec, conversion in parts if name is not None}
