"""The bot's conversation: from an update to the messages that answer it."""
