"""What the bot says in each language, by key. English is complete; another language may leave keys out."""
