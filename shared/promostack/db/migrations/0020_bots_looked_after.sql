-- What the page of a bot needs: the latest look at Telegram, how the bot behaves in groups, and what was said in a chat.
ALTER TABLE bots
    -- Where its updates go, without the bot's own part; NULL: to the product's API.
    ADD COLUMN webhook_base text,
    -- In groups: a line that leads into the private chat when somebody speaks to the bot, or nothing.
    ADD COLUMN group_answer text NOT NULL DEFAULT 'polite' CHECK (group_answer IN ('polite', 'silent')),
    ADD COLUMN checked_at timestamptz,
    -- What the latest look found wrong; NULL: nothing, or nobody has looked.
    ADD COLUMN check_problem text CHECK (check_problem IN (
        'token_refused', 'token_unreadable', 'webhook_missing', 'webhook_elsewhere', 'webhook_failing', 'unreachable'
    )),
    ADD COLUMN check_detail text,
    -- Updates that wait at Telegram.
    ADD COLUMN webhook_pending integer;

-- The chat of an update as text, so that no payload is too odd to be stored.
ALTER TABLE telegram_updates ADD COLUMN chat_key text GENERATED ALWAYS AS (
    left(coalesce(payload #>> '{message,chat,id}', payload #>> '{callback_query,message,chat,id}'), 20)
) STORED;
CREATE INDEX telegram_updates_of_chat ON telegram_updates (tenant_id, bot_id, chat_key, received_at)
    WHERE chat_key IS NOT NULL;
