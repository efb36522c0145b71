"""Checks calls to Telegram that the simulator recorded: types by aiogram's models, lengths by the vendor's rules.

problems = find_problems(calls)       # calls: the list of GET /_control/calls
assert_valid(simulator_base)          # all calls that python-telegram-bot made to that simulator

Every fixture that starts a simulator for our bot asks so before it ends: `stack`, `simulator`, and that of the faults.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from scripts.local.telegram.entities import utf16_length
from scripts.local.telegram.errors import ApiError
from scripts.local.telegram.formatting import format_text
from tests.integration.simulators.peers import peer_python

MODELS = Path(__file__).with_name("aiogram_models.py")
OUR_CLIENT = "python-telegram-bot"
LOOPBACK = re.compile(r"https?://(?:127\.0\.0\.1|localhost|[\w.-]+\.localhost)(?::\d+)?(?:/|$)")
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
MAX_BYTES = {"photo": 10 * 1024 * 1024, "document": 50 * 1024 * 1024}
MAX_CHARACTERS = {
    "setMyName": ("name", 64),
    "setMyDescription": ("description", 512),
    "setMyShortDescription": ("short_description", 120),
    "answerCallbackQuery": ("text", 200),
}
LINK = re.compile(r"https://t\.me/\w+\?[^\s\"<>]+")


def assert_valid(simulator: str, *, at_least: int = 0) -> None:
    """Fails with every problem of the calls that our client made to the simulator at that address.

    Refused calls and those that met an injected fault count too: what came of them is not the caller's doing.
    """
    calls = requests.get(f"{simulator}/_control/calls", params={"limit": 20_000}, timeout=60).json()["calls"]
    ours = [call for call in calls if OUR_CLIENT in call["client"]]
    assert len(ours) >= at_least, f"only {len(ours)} calls were recorded"
    problems = find_problems(ours)
    assert problems == [], "\n".join(problems)


def find_problems(calls: list[dict[str, Any]]) -> list[str]:
    """One line for each problem: "call 7 sendPhoto: caption has 1025 characters, at most 1024"."""
    if not calls:
        return []
    found = _ask_models(calls)
    misshapen = {one["id"] for one in found}
    well_formed = [call for call in calls if call["id"] not in misshapen]
    found += [{**call, "problem": problem} for call in well_formed for problem in _too_much(call)]
    return [f"call {one['id']} {one['method']}: {one['problem']}" for one in found]


def _ask_models(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    reader = _models()
    assert reader.stdin is not None
    assert reader.stdout is not None
    reader.stdin.write(json.dumps(calls) + "\n")
    reader.stdin.flush()
    said = reader.stdout.readline()
    assert said, "aiogram's models ended"
    return list(json.loads(said))


@cache
def _models() -> subprocess.Popen[str]:
    """One process for all questions, because a start of aiogram costs seconds; its input ends with this process."""
    return subprocess.Popen(
        [peer_python("aiogram"), MODELS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )


def _too_much(call: dict[str, Any]) -> Iterator[str]:
    """What is longer, larger or more than Telegram takes."""
    method, params = call["method"], call["params"]
    if method in ("sendMessage", "editMessageText"):
        yield from _text("text", params.get("text", ""), params, least=1, most=4096)
    yield from _text("caption", params.get("caption", ""), params, least=0, most=1024)
    if method in MAX_CHARACTERS:
        name, most = MAX_CHARACTERS[method]
        yield from _count(f"characters in {name}", len(params.get(name, "")), most)
    for name, part in call["files"].items():
        yield from _count(f"bytes in {name}", part["bytes"], MAX_BYTES.get(name, MAX_BYTES["document"]))
    yield from _buttons(params.get("reply_markup"))
    yield from _media(method, params.get("media"))
    yield from _commands(params.get("commands") if method == "setMyCommands" else None)
    yield from _inline_results(params.get("results") if method == "answerInlineQuery" else None)
    if method == "setWebhook":
        yield from _webhook(params)


def _count(what: str, count: int, most: int, *, least: int = 0) -> Iterator[str]:
    if not least <= count <= most:
        yield f"{count} {what}, allowed are {least}-{most}"


def _text(what: str, source: str, params: dict[str, Any], *, least: int, most: int) -> Iterator[str]:
    """Lengths count UTF-16 units after parsing; a text that doesn't parse is a problem of its own."""
    given = params.get("caption_entities" if what == "caption" else "entities")
    try:
        text, entities = format_text(str(source), str(params.get("parse_mode") or ""), given)
    except ApiError as refusal:
        yield f"{what}: {refusal.description}"
        return
    yield from _count(f"characters in {what}", utf16_length(text), most, least=least)
    urls = [entity["url"] for entity in entities if "url" in entity] + LINK.findall(text)
    for url in urls:
        yield from _start_payload(url)


def _buttons(markup: Any) -> Iterator[str]:
    if not isinstance(markup, dict):
        return
    rows = markup.get("inline_keyboard") or []
    yield from _count("buttons", sum(map(len, rows)), 100)
    for button in (button for row in rows for button in row):
        yield from _count("characters in a button", len(button.get("text", "").strip()), 4096, least=1)
        if "callback_data" in button:
            yield from _count("bytes in callback_data", len(button["callback_data"].encode()), 64, least=1)
        if "url" in button:
            yield from _button_url(button["url"])


def _button_url(url: str) -> Iterator[str]:
    if not url.startswith(("https://", "tg://")) and not LOOPBACK.match(url):
        yield f"a button's address is not https: {url}"
    yield from _start_payload(url)


def _start_payload(url: str) -> Iterator[str]:
    query = parse_qs(urlsplit(url).query, keep_blank_values=True)
    for payload in query.get("start", []) if url.startswith(("https://t.me/", "tg://resolve")) else []:
        if not PAYLOAD.fullmatch(payload):
            yield f"a start payload is not 1-64 of A-Za-z0-9_-: {payload}"


def _media(method: str, media: Any) -> Iterator[str]:
    if method == "sendMediaGroup":
        yield from _count("items in an album", len(media or []), 10, least=2)
    for item in media if isinstance(media, list) else [media] if isinstance(media, dict) else []:
        yield from _text("caption", item.get("caption", ""), item, least=0, most=1024)


def _commands(commands: Any) -> Iterator[str]:
    yield from _count("commands", len(commands or []), 100)
    for command in commands or []:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            yield f"a command is not 1-32 of a-z0-9_: {command['command']}"
        yield from _count("characters in a command's description", len(command["description"]), 256, least=1)


def _inline_results(results: Any) -> Iterator[str]:
    yield from _count("inline results", len(results or []), 50)
    for result in results or []:
        yield from _count("bytes in a result's id", len(result["id"].encode()), 64, least=1)
        yield from _text("caption", result.get("caption", ""), result, least=0, most=1024)
        yield from _buttons(result.get("reply_markup"))


def _webhook(params: dict[str, Any]) -> Iterator[str]:
    if not params["url"].startswith("https://") and not LOOPBACK.match(params["url"]):
        yield f"a webhook's address is not https: {params['url']}"
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", params.get("secret_token", "")):
        yield "a webhook without a secret of 1-256 of A-Za-z0-9_-"
