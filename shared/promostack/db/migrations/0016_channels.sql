-- Channels in which people let a bot post, and what it posted there. What became of a post stands in the outbox alone.

CREATE TABLE channels (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    bot_id uuid NOT NULL,
    chat_id bigint NOT NULL,
    title text NOT NULL,
    username text,
    -- The person in Telegram who gave the bot its rights: from the chat nobody else posts here.
    connected_by bigint NOT NULL,
    -- What the bot lacks; NULL while it may post.
    broken text CHECK (broken IN ('removed', 'no_rights')),
    -- The update that said so: Telegram may deliver an older one after it.
    told_at timestamptz NOT NULL,
    told_update bigint NOT NULL,
    connected_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, bot_id, chat_id),
    FOREIGN KEY (tenant_id, bot_id) REFERENCES bots (tenant_id, id)
);
CREATE INDEX channels_of_person ON channels (tenant_id, bot_id, connected_by);
CALL isolate_tenants('channels', 'SELECT, INSERT, UPDATE');

CREATE TABLE channel_posts (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    channel_id uuid NOT NULL,
    -- `chat:<Telegram's user id>`, or `member:<user id>` of somebody at the dashboard.
    author text NOT NULL,
    code text NOT NULL,
    object_key text NOT NULL,
    sha256 text NOT NULL,
    media_type text NOT NULL,
    -- Telegram's HTML, as the post's owner wants it.
    caption text NOT NULL,
    -- Counts the calls that this post has caused; part of their keys.
    revision integer NOT NULL DEFAULT 0,
    -- The message itself, and the latest change or deletion after it was sent. Without its message a post is history.
    outbox_id bigint NOT NULL,
    change_id bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, channel_id) REFERENCES channels (tenant_id, id),
    FOREIGN KEY (tenant_id, outbox_id) REFERENCES outbox (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, change_id) REFERENCES outbox (tenant_id, id) ON DELETE SET NULL (change_id)
);
CREATE INDEX channel_posts_newest ON channel_posts (tenant_id, created_at, id);
CREATE INDEX channel_posts_of_channel ON channel_posts (tenant_id, channel_id, sha256);
CREATE INDEX channel_posts_of_message ON channel_posts (tenant_id, outbox_id);
CREATE INDEX channel_posts_of_change ON channel_posts (tenant_id, change_id);
CALL isolate_tenants('channel_posts', 'SELECT, INSERT, UPDATE');

ALTER TABLE usage_events DROP CONSTRAINT usage_events_kind_check;
ALTER TABLE usage_events ADD CHECK (kind IN (
    'started', 'link_old', 'code_valid', 'code_invalid', 'code_unknown', 'code_malformed', 'limited', 'gallery_empty',
    'rendered', 'render_failed', 'file_sent', 'qr_sent', 'inline_offered', 'stopped', 'resumed', 'blocked', 'unblocked',
    'channel_connected', 'channel_lost', 'posted', 'post_edited', 'post_deleted'
));
