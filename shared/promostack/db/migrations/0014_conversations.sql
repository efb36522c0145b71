-- Who may be written to: since when a person knows the bot, and whether he wants its news.
ALTER TABLE conversations
    -- The first private message; somebody who only used the bot inline in other chats cannot be written to. Everybody
    -- who is here when this column comes has written.
    ADD COLUMN started_at timestamptz DEFAULT now(),
    -- /stop; NULL again after /resume.
    ADD COLUMN stopped_at timestamptz;
ALTER TABLE conversations ALTER COLUMN started_at DROP DEFAULT;
