"""A small bot on aiogram, as its documentation writes them. Runs in the peer's environment.

Usage: python aiogram_bot.py TELEGRAM_BASE TOKEN polling|webhook PORT SECRET
"""

import asyncio
import sys
from pathlib import Path

from aiogram import Bot, Dispatcher, F
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import (
    BotCommand,
    CallbackQuery,
    ChatMemberUpdated,
    ChosenInlineResult,
    FSInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InputMediaPhoto,
    InputTextMessageContent,
    Message,
)
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

BASE, TOKEN, MODE, PORT, SECRET = sys.argv[1:6]
PICTURE = FSInputFile(Path(__file__).parent / "picture.jpg")
BUTTONS = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Square", callback_data="square")]])
dispatcher = Dispatcher()


@dispatcher.message(CommandStart(deep_link=True))
async def start_with_payload(message: Message, command: CommandObject) -> None:
    await message.answer(f"opened by <b>{command.args}</b>")


@dispatcher.message(CommandStart())
async def start(message: Message) -> None:
    await message.answer("Which code?")


@dispatcher.message(Command("album"))
async def album(message: Message) -> None:
    sent = await message.answer_media_group([InputMediaPhoto(media=PICTURE), InputMediaPhoto(media=PICTURE)])
    await sent[0].copy_to(message.chat.id, caption="a copy")
    await message.delete()


@dispatcher.message(F.text)
async def code(message: Message, bot: Bot) -> None:
    await bot.send_chat_action(message.chat.id, "upload_photo")
    await message.answer_photo(PICTURE, caption=f"<code>{message.text}</code>", reply_markup=BUTTONS)


@dispatcher.callback_query(F.data == "square")
async def pressed(query: CallbackQuery, bot: Bot) -> None:
    await query.answer("Rendering")
    assert query.message
    photo = query.message.photo[-1]
    file = await bot.get_file(photo.file_id)
    data = await bot.download_file(file.file_path)
    await query.message.edit_caption(caption=f"{photo.width} px, {len(data.read()) == file.file_size}")
    await query.message.edit_media(InputMediaPhoto(media=photo.file_id, caption="again"), reply_markup=BUTTONS)


@dispatcher.inline_query()
async def inline(query: InlineQuery) -> None:
    content = InputTextMessageContent(message_text=f"Code <b>{query.query}</b>")
    result = InlineQueryResultArticle(id="1", title=query.query, input_message_content=content, reply_markup=BUTTONS)
    await query.answer([result], cache_time=1)


@dispatcher.chosen_inline_result()
async def chosen(result: ChosenInlineResult, bot: Bot) -> None:
    await bot.edit_message_text(inline_message_id=result.inline_message_id, text=f"chosen {result.result_id}")


@dispatcher.my_chat_member()
async def member(change: ChatMemberUpdated, bot: Bot) -> None:
    if change.chat.type == "channel":
        rights = await bot.get_chat_member(change.chat.id, bot.id)
        await bot.send_message(change.chat.id, f"may edit: {rights.can_edit_messages}")


async def main() -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(BASE))
    bot = Bot(TOKEN, session=session, default=DefaultBotProperties(parse_mode="HTML"))
    await bot.set_my_commands([BotCommand(command="start", description="Begin")])
    if MODE == "polling":
        await bot.delete_webhook()
        await dispatcher.start_polling(bot, polling_timeout=5, handle_signals=False)
        return
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token=SECRET).register(app, path="/hook")
    setup_application(app, dispatcher, bot=bot)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(PORT)).start()
    await bot.set_webhook(
        f"http://127.0.0.1:{PORT}/hook", secret_token=SECRET, allowed_updates=dispatcher.resolve_used_update_types()
    )
    await asyncio.Event().wait()


asyncio.run(main())
