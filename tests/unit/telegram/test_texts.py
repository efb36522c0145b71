"""The bot's texts: every language fills in the same names, the tenant's own words come first and never break."""

import re

import pytest

from promostack.telegram.languages import en
from promostack.telegram.texts import LANGUAGES, Texts, language_of, placeholders


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_text_with_the_same_names(language: str) -> None:
    texts = LANGUAGES[language]
    assert texts.keys() == en.TEXTS.keys()
    assert {key: placeholders(text) for key, text in texts.items()} == {
        key: placeholders(text) for key, text in en.TEXTS.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_fit_where_telegram_shows_them(language: str) -> None:
    texts = LANGUAGES[language]
    for key, text in texts.items():
        assert set(re.findall(r"</?([a-z]+)>", text)) <= {"b"}, key
    toasts = ("button_old", "rendering", "template_gone", "no_picture", "no_code_yet", "gallery_empty", "no_link")
    assert max(len(texts[key]) for key in toasts) <= 200
    assert all(3 <= len(texts[key]) <= 256 for key in texts if key.startswith("command_"))


@pytest.mark.parametrize(
    ("code", "language"), [("de", "de"), ("de-AT", "de"), ("DE", "de"), ("pt-br", "en"), ("", "en"), (None, "en")]
)
def test_the_users_language_is_taken_where_it_is_shipped(code: str | None, language: str) -> None:
    assert language_of(code) == language


def test_the_tenants_own_words_come_first() -> None:
    texts = Texts("de", {"code_invalid": "Nope: {code}"})
    assert texts.say("code_invalid", code="<A>") == "Nope: &lt;A&gt;"
    assert "gilt" in Texts("de").say("code_invalid", code="A")


@pytest.mark.parametrize("own", ["{secret}", "{code", "{0}", "{code:>99999999}", "{code!r}", "{code.__class__}"])
def test_own_words_that_cannot_be_filled_in_are_passed_over(own: str) -> None:
    assert Texts("en", {"code_invalid": own}).say("code_invalid", code="A") == Texts().say("code_invalid", code="A")


@pytest.mark.parametrize(("seconds", "said"), [(0.2, "1 seconds"), (89, "89 seconds"), (90, "2 minutes")])
def test_waiting_times_are_said_as_people_do(seconds: float, said: str) -> None:
    assert Texts().wait(seconds) == said
