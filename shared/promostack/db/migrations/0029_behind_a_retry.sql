-- A chat's messages stay in their order: those behind one that is tried again later wait for it.
CREATE INDEX outbox_tried_again ON outbox (tenant_id, bot_id, chat_id, id) WHERE state = 'waiting' AND attempts > 0;
