-- Most messages name no cause: those need no entry, which each change of their state would write anew.
DROP INDEX outbox_of_source;
CREATE INDEX outbox_of_source ON outbox (tenant_id, source)
    WHERE source IS NOT NULL AND state IN ('waiting', 'leased');
