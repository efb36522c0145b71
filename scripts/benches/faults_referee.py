"""The referee of the fault run: what was ordered, what Telegram saw, what the database holds.

python -m scripts.benches.faults_referee FOLDER DSN SIMULATOR       prints one JSON object

It knows nothing of the house. It reads orders.json (written before the run), calls.jsonl (the simulator's log),
kills.jsonl (what each kill left open) and SQL. Every effect must be in the chat, or its row be visible as failed,
ambiguous or waiting.
"""

from __future__ import annotations

import contextlib
import json
import sys
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import psycopg2

# What a policy sends again when nobody knows whether it went out; everything else must never be there twice.
SENT_AGAIN = ("interactive", "journey")
VISIBLE = ("waiting", "leased", "failed", "ambiguous", "cancelled")
Line = Mapping[str, Any]
Key = tuple[int, int]


def main() -> None:
    folder, dsn, simulator = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    orders = json.loads((folder / "orders.json").read_text())
    calls = [json.loads(line) for line in (folder / "calls.jsonl").read_text().splitlines()]
    kills_path = folder / "kills.jsonl"
    kills = [json.loads(line) for line in kills_path.read_text().splitlines()] if kills_path.exists() else []
    with contextlib.closing(psycopg2.connect(dsn)) as connection:
        rows = _rows(connection)
        problems: list[str] = []
        figures = {
            **_effects(orders, calls, rows, problems),
            **_causes(connection, problems),
            **_ambiguities(rows, calls, kills),
            **_updates(connection, orders, simulator, problems),
        }
    print(json.dumps({**figures, "problems": problems[:40]}))


def _rows(connection: Any) -> list[dict[str, Any]]:
    return _query(
        connection,
        "SELECT outbox.id, bots.telegram_id AS bot, chat_id AS chat, kind, method, payload::text AS payload,"
        " outbox.state,"
        " ambiguities FROM outbox JOIN bots ON bots.id = outbox.bot_id",
    )


def _effects(
    orders: list[dict[str, Any]], calls: list[Line], rows: list[dict[str, Any]], problems: list[str]
) -> dict[str, int]:
    """lost: neither seen by the person nor visible in the database."""
    seen, stored = _by_chat(line for line in calls if line["ok"]), _by_chat(rows)
    found: Counter[str] = Counter({"lost": 0, "duplicates_outside_ambiguous": 0, "doubled": 0, "shown_as_not_sent": 0})
    never_twice = 0
    for chat in orders:
        key = (chat["bot"]["telegram_id"], chat["user"])
        for effect in chat["effects"]:
            copies = sum(_shows(line, effect) for line in seen[key])
            causes = [row for row in stored[key] if _causes_it(row, effect)]
            place = f"{effect['what']} {effect['marker']} in chat {key[1]}"
            if copies == 0 and any(row["state"] in VISIBLE for row in causes):
                found["shown_as_not_sent"] += 1
            elif copies == 0:
                found["lost"] += 1
                problems.append(f"lost: {place}; rows {[(row['id'], row['state']) for row in causes]}")
            if copies > 1 and effect["what"] != "page":
                found["doubled"] += copies - 1
                allowed = sum(row["ambiguities"] for row in causes if row["kind"] in SENT_AGAIN)
                extra = copies - 1 - allowed
                found["duplicates_outside_ambiguous"] += max(0, extra)
                never_twice += copies - 1 if any(row["kind"] not in SENT_AGAIN for row in causes) else 0
                if extra > 0:
                    problems.append(f"{copies} times: {place}; {allowed} calls unknown")
            if len(causes) > 1:
                never_twice += len(causes) - 1
                problems.append(f"{len(causes)} rows for one cause: {place}")
    return {"effects": sum(len(chat["effects"]) for chat in orders), **found, "doubled_rows_and_kinds": never_twice}


def _shows(line: Line, effect: Mapping[str, str]) -> bool:
    """True when this performed call is what the person was to see."""
    what, marker, text, method = effect["what"], effect["marker"], line["text"], line["method"]
    if what == "welcome":
        return method == "sendMessage" and text.startswith("Hi. Send me your coupon code")
    if what == "message":
        return method == "sendMessage" and text == marker
    if what == "refusal":
        return method == "sendMessage" and marker in text and "is not valid" in text
    if what == "gallery":
        return method == "sendPhoto" and f"<b>{marker}</b>. Choose a format" in text
    if what == "page":
        return method == "editMessageMedia" and f"<b>{marker}</b>. Choose a format" in text
    if what == "picture":
        return method == "sendPhoto" and text.startswith(f"Code <b>{marker}</b>")
    return method == "sendDocument" and line["file_name"].startswith(marker)


def _causes_it(row: Mapping[str, Any], effect: Mapping[str, str]) -> bool:
    """True when this row of the outbox is to bring the effect about."""
    params = json.loads(row["payload"])
    inner = params["params"]
    media = inner.get("media") or {}
    text = inner.get("text") or inner.get("caption") or media.get("caption") or ""
    name = (params.get("attachment") or {}).get("filename", "")
    return _shows({"method": row["method"], "text": text, "file_name": name}, effect)


def _causes(connection: Any, problems: list[str]) -> dict[str, int]:
    """Facts that were counted twice for one cause."""
    twice = _query(
        connection,
        "SELECT kind, chat_id, data->>'code' AS code, count(*) - 1 AS extra FROM usage_events"
        " WHERE kind IN ('started', 'code_valid', 'code_invalid', 'rendered', 'file_sent')"
        " GROUP BY 1, bot_id, 2, 3 HAVING count(*) > 1",
    )
    problems.extend(f"counted twice: {each}" for each in twice[:10])
    return {"doubled_events": sum(each["extra"] for each in twice)}


def _ambiguities(rows: list[dict[str, Any]], calls: list[Line], kills: list[dict[str, Any]]) -> dict[str, int]:
    """What nobody could know, against what was injected: lost answers, and calls that a kill left open."""
    lost_answers = sum(line["fault"] == "lost_answer" and line["method"] != "sendChatAction" for line in calls)
    by_chat, counted = _by_chat(calls), set()
    left_open: Counter[str] = Counter()
    for kill in kills:
        for left in kill["left_open"]:
            if (left["row"], left["intent_at"]) in counted:
                continue
            counted.add((left["row"], left["intent_at"]))
            has_reached = any(
                line["method"] == left["method"] and left["intent_at"] - 0.1 <= line["at"] <= kill["at"] + 1
                for line in by_chat[left["bot"], left["chat"]]
            )
            if kill["function"] == "postgres":
                left_open["at_restarts"] += 1
            else:
                left_open["calls" if has_reached else "intents"] += 1
    return {
        "ambiguous": sum(row["ambiguities"] + (row["state"] == "ambiguous") for row in rows),
        "injected_ambiguities": lost_answers + left_open.total(),
        "injected_lost_answers": lost_answers,
        "injected_open_calls": left_open["calls"],
        "injected_open_intents": left_open["intents"],
        "injected_at_restarts": left_open["at_restarts"],
        "sends": sum(line["ok"] and line["method"].startswith("send") for line in calls if line["chat"]),
        "calls": len(calls),
        "answered_429": sum(line["status"] == 429 for line in calls),
        "injected_429": sum(line["fault"] == "429" for line in calls),
    }


def _updates(connection: Any, orders: list[dict[str, Any]], simulator: str, problems: list[str]) -> dict[str, int]:
    """What Telegram handed over is done; what it gave up is told."""
    known = {
        (each["bot"], each["update_id"]): each["state"]
        for each in _query(
            connection,
            "SELECT bots.telegram_id AS bot, update_id, telegram_updates.state FROM telegram_updates"
            " JOIN bots ON bots.id = telegram_updates.bot_id",
        )
    }
    found: Counter[str] = Counter({"updates": 0, "deliveries": 0, "expired": 0, "parked": 0, "accepted_and_undone": 0})
    for bot in sorted({chat["bot"]["telegram_id"] for chat in orders}):
        with urllib.request.urlopen(f"{simulator}/_control/updates?bot={bot}", timeout=60) as answer:
            for update in json.load(answer):
                state = known.get((bot, update["id"]))
                found["updates"] += 1
                found["deliveries"] += len(update["attempts"])
                found["expired"] += update["state"] == "expired"
                found["parked"] += state == "parked"
                if update["state"] == "delivered" and state not in ("done", "ignored"):
                    found["accepted_and_undone"] += 1
                    problems.append(f"update {update['id']} was accepted and is {state}")
    return dict(found)


def _by_chat(items: Iterable[Any]) -> dict[Key, list[Any]]:
    found: dict[Key, list[Any]] = defaultdict(list)
    for each in items:
        found[each["bot"], each["chat"]].append(each)
    return found


def _query(connection: Any, sql: str) -> list[dict[str, Any]]:
    with connection, connection.cursor() as cursor:
        cursor.execute(sql)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


if __name__ == "__main__":
    main()
