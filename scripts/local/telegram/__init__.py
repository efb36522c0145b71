"""A Telegram Bot API server for development and tests, answering as the vendor does.

Statuses and descriptions follow the sources of the vendor's own server (tdlib/telegram-bot-api 10.0 and tdlib/td).
README.md tells what is strict, what deviates, and how tests steer it.
"""
