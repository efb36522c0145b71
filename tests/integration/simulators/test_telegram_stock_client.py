"""python-telegram-bot, unchanged, talks to the simulator and understands all that it says."""

import asyncio
import io
from typing import Any

import pytest
from PIL import Image
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaPhoto,
    InputTextMessageContent,
    ReplyKeyboardMarkup,
    TelegramObject,
    Update,
)
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, InlineQueryHandler, MessageHandler, filters

from .conftest import Scene, Telegram, free_port, run, wait_for

BUTTON = {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]]}


def picture(width: int = 1080, height: int = 1350, kind: str = "PNG", color: str = "navy") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), color).save(buffer, kind)
    return buffer.getvalue()


def client(scene: Scene, token: str | None = None) -> Bot:
    base = scene.telegram.base
    return Bot(token or scene.token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot")


def unknown_fields(value: Any) -> dict[str, Any]:
    """Whatever the library did not know, at any depth."""
    if isinstance(value, TelegramObject):
        found = {f"{type(value).__name__}.{key}": one for key, one in value.api_kwargs.items()}
        for slot in value.__slots__:
            if not slot.startswith("_"):
                found |= unknown_fields(getattr(value, slot, None))
        return found
    if isinstance(value, list | tuple):
        return {key: one for item in value for key, one in unknown_fields(item).items()}
    return {}


def test_a_photo_goes_up_comes_back_and_is_sent_again_by_its_id(scene):
    async def work() -> None:
        async with client(scene) as bot:
            buttons = InlineKeyboardMarkup([[InlineKeyboardButton("Again", callback_data="again")]])
            sent = await bot.send_photo(scene.user_id, picture(), caption="<b>30</b> %", parse_mode="HTML",
                                        reply_markup=buttons)  # fmt: skip
            assert [(size.width, size.height) for size in sent.photo] == [
                (72, 90),
                (256, 320),
                (640, 800),
                (1024, 1280),
            ]
            assert (sent.caption, sent.caption_entities[0].type) == ("30 %", "bold")
            assert sent.reply_markup == buttons
            assert unknown_fields(sent) == {}

            file = await bot.get_file(sent.photo[-1].file_id)
            data = bytes(await file.download_as_bytearray())
            with Image.open(io.BytesIO(data)) as image:
                assert (image.format, image.size) == ("JPEG", (1024, 1280))
            assert len(data) == file.file_size == sent.photo[-1].file_size

            again = await bot.send_photo(scene.user_id, sent.photo[-1].file_id)
            assert again.photo[-1].file_unique_id == sent.photo[-1].file_unique_id

    run(work())
    first, second = scene.telegram.calls("sendPhoto")
    assert first["content_type"] == "multipart/form-data"
    assert first["files"]["photo"]["bytes"] == len(picture())
    assert second["files"] == {}


def test_a_document_keeps_its_bytes_and_name(scene):
    async def work() -> None:
        async with client(scene) as bot:
            sent = await bot.send_document(scene.user_id, picture(), filename="square.png")
            assert (sent.document.file_name, sent.document.mime_type) == ("square.png", "image/png")
            file = await bot.get_file(sent.document.file_id)
            assert bytes(await file.download_as_bytearray()) == picture()

    run(work())


def test_messages_are_edited_in_every_way(scene):
    async def work() -> None:
        async with client(scene) as bot:
            text = await bot.send_message(scene.user_id, "one")
            edited = await bot.edit_message_text("two", scene.user_id, text.message_id)
            assert (edited.text, edited.message_id) == ("two", text.message_id)
            assert edited.edit_date is not None
            photo = await bot.send_photo(scene.user_id, picture(), caption="one")
            media = InputMediaPhoto(picture(800, 600, "JPEG", "red"), caption="new")
            edited = await bot.edit_message_media(media, scene.user_id, photo.message_id)
            assert (edited.caption, edited.photo[-1].width) == ("new", 800)
            edited = await bot.edit_message_caption(scene.user_id, photo.message_id, caption="newer")
            assert edited.caption == "newer"
            buttons = InlineKeyboardMarkup([[InlineKeyboardButton("Go", url="https://example.com")]])
            edited = await bot.edit_message_reply_markup(scene.user_id, photo.message_id, reply_markup=buttons)
            assert edited.reply_markup.inline_keyboard[0][0].url == "https://example.com/"
            assert await bot.delete_message(scene.user_id, photo.message_id)
            album = await bot.send_media_group(scene.user_id, [InputMediaPhoto(picture(90, 90)), media])
            assert len({message.media_group_id for message in album}) == 1

    run(work())


def test_the_profile_calls_are_answered(scene):
    async def work() -> None:
        async with client(scene) as bot:
            assert (await bot.get_me()).username == "promo_bot"
            assert await bot.set_my_commands([("start", "Begin"), ("help", "Help")])
            assert [one.command for one in await bot.get_my_commands()] == ["start", "help"]
            chat = await bot.get_chat(scene.user_id)
            assert (chat.type, chat.username, unknown_fields(chat)) == ("private", "ann_m", {})
            assert (await bot.get_chat_member(scene.user_id, scene.user_id)).status == "member"
            assert await bot.send_chat_action(scene.user_id, "upload_photo")

    run(work())


def test_refusals_become_the_right_exceptions(scene):
    telegram = scene.telegram

    async def refused(bot: Bot, kind: type[Exception], words: str, **params: Any) -> None:
        with pytest.raises(kind, match=words) as caught:
            await bot.send_message(**{"chat_id": scene.user_id, "text": "x", **params})
        assert type(caught.value) is kind

    async def work() -> None:
        async with client(scene) as bot:
            await refused(bot, BadRequest, "Chat not found", chat_id=12345)
            await refused(bot, BadRequest, "Message is too long", text="x" * 4097)
            telegram.control("POST", "/faults", kind="429", retry_after=9)
            await refused(bot, RetryAfter, "Retry in 9")
            await refused(bot, RetryAfter, "Retry in 9")
            telegram.control("PUT", "/clock", advance_s=10)
            telegram.control("POST", "/faults", kind="502")
            await refused(bot, NetworkError, "Bad Gateway")
            telegram.control("POST", "/block", bot=scene.bot_id, user=scene.user_id)
            await refused(bot, Forbidden, "bot was blocked by the user")

    run(work())
    with pytest.raises(InvalidToken):
        run(client(scene, "123:unknown_token").initialize())


def test_a_slow_answer_times_out_though_the_message_is_there(scene):
    scene.telegram.control("POST", "/faults", kind="slow", delay_s=1.5, method="sendMessage")

    async def work() -> None:
        async with client(scene) as bot:
            with pytest.raises(TimedOut):
                await bot.send_message(scene.user_id, "slow", read_timeout=0.3)

    run(work())
    texts = [one["message"]["text"] for one in scene.telegram.messages(scene.bot_id, scene.user_id)]
    assert texts == ["/start", "slow"]


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_a_stock_application_holds_a_conversation(scene, mode):
    """With handlers, as the library's examples do, by long poll and by the library's own webhook server."""
    telegram = scene.telegram

    async def start(update: Update, _: Any) -> None:
        keyboard = ReplyKeyboardMarkup([["WELCOME-30"]], resize_keyboard=True)
        await update.message.reply_text("Which code?", reply_markup=keyboard)

    async def code(update: Update, _: Any) -> None:
        buttons = InlineKeyboardMarkup([[InlineKeyboardButton("Square", callback_data="square")]])
        await update.message.reply_photo(picture(100, 100), caption=update.message.text, reply_markup=buttons)

    async def pressed(update: Update, _: Any) -> None:
        await update.callback_query.answer("Rendering")
        await update.callback_query.edit_message_caption(f"format {update.callback_query.data}")

    async def typed(update: Update, _: Any) -> None:
        content = InputTextMessageContent("Code *30*\\.", parse_mode="MarkdownV2")
        await update.inline_query.answer([InlineQueryResultArticle("1", update.inline_query.query, content)])

    async def work() -> None:
        built = Application.builder().token(scene.token).base_url(f"{telegram.base}/bot").build()
        built.add_handler(CommandHandler("start", start))
        built.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND & ~filters.VIA_BOT, code))
        built.add_handler(CallbackQueryHandler(pressed))
        built.add_handler(InlineQueryHandler(typed))
        async with built:
            await built.start()
            if mode == "polling":
                await built.updater.start_polling(timeout=5, allowed_updates=Update.ALL_TYPES)
            else:
                port = free_port()
                await built.updater.start_webhook("127.0.0.1", port, "hook", secret_token="s3cret-_",
                    webhook_url=f"http://127.0.0.1:{port}/hook", allowed_updates=Update.ALL_TYPES)  # fmt: skip
            await asyncio.to_thread(converse, telegram, scene)
            await built.updater.stop()
            await built.stop()

    run(work())


def converse(telegram: Telegram, scene: Scene) -> None:
    """The person's side: start, a code, a button, an inline query and its result."""
    who = {"bot": scene.bot_id, "user": scene.user_id}

    def shown() -> list[dict[str, Any]]:
        return telegram.messages(scene.bot_id, scene.user_id)

    wait_for(lambda: len(shown()) == 2)
    assert shown()[1]["keyboard"]["keyboard"] == [[{"text": "WELCOME-30"}]]
    telegram.control("POST", "/send", **who, text="WELCOME-30")
    wait_for(lambda: len(shown()) == 4)
    photo = shown()[-1]["message"]["message_id"]
    pressed = telegram.control("POST", "/press", **who, message_id=photo, text="Square", wait_s=10)
    assert pressed["answer"]["text"] == "Rendering"
    wait_for(lambda: shown()[-1]["message"]["caption"] == "format square")
    query = telegram.control("POST", "/inline", **who, query="GOLD-50", wait_s=10)
    telegram.control("POST", "/inline/choose", query_id=query["query_id"], result_id="1")
    wait_for(lambda: shown()[-1]["message"].get("text") == "Code 30.")


def test_every_kind_of_update_is_fully_understood(scene, receiver):
    """Nothing that a webhook receives holds a field the library doesn't know."""
    telegram = scene.telegram
    kinds = ["message", "callback_query", "my_chat_member", "channel_post", "inline_query", "chosen_inline_result",
             "managed_bot"]  # fmt: skip
    scene.call("setWebhook", url=receiver.url, allowed_updates=kinds)
    message = scene.send(reply_markup=BUTTON)
    telegram.control("POST", "/press", bot=scene.bot_id, user=scene.user_id, message_id=message["message_id"], data="a")
    query = telegram.control("POST", "/inline", bot=scene.bot_id, user=scene.user_id, query="WELCOME-30")["query_id"]
    content = {"message_text": "30"}
    result = {"type": "article", "id": "a", "title": "A", "input_message_content": content, "reply_markup": BUTTON}
    scene.call("answerInlineQuery", inline_query_id=query, results=[result])
    telegram.control("POST", "/inline/choose", query_id=query, result_id="a")
    telegram.bot(token=scene.token, can_manage_bots=True)
    managed = {"manager": scene.bot_id, "user": scene.user_id, "username": "shop_bot", "name": "Shop"}
    telegram.control("POST", "/newbot", **managed)
    channel = telegram.control("POST", "/chats", title="Deals", username="deals_ch", members=[scene.user_id])
    telegram.control("POST", "/chats/bot", chat=channel["id"], bot=scene.bot_id, can_post_messages=True)
    telegram.control("POST", "/send", chat=channel["id"], user=scene.user_id, text="Hi #deal https://a.example")
    telegram.control("POST", "/block", bot=scene.bot_id, user=scene.user_id)
    telegram.settle()

    async def parse() -> list[Update]:
        return [Update.de_json(update, client(scene)) for update in receiver.got]

    updates = run(parse())
    seen = {kind for update in receiver.got for kind in update if kind != "update_id"}
    assert seen == set(kinds)
    assert [unknown_fields(update) for update in updates] == [{}] * len(updates)
