-- The market's closed bars, as the feed first told them once they had closed. One market for all tenants.

CREATE TABLE bars (
    symbol text NOT NULL,
    bar_interval text NOT NULL CHECK (bar_interval IN ('1min', '5min', '15min', '1h', '4h')),
    opened_at timestamptz NOT NULL,
    -- USD, as sent.
    open numeric NOT NULL,
    high numeric NOT NULL,
    low numeric NOT NULL CHECK (low > 0),
    close numeric NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (symbol, bar_interval, opened_at),
    CHECK (low <= least(open, close) AND high >= greatest(open, close))
);

-- What the feed said later of a bar that is stored: signals were decided by the first value, which therefore stays.
CREATE TABLE bar_revisions (
    symbol text NOT NULL,
    bar_interval text NOT NULL,
    opened_at timestamptz NOT NULL,
    open numeric NOT NULL,
    high numeric NOT NULL,
    low numeric NOT NULL,
    close numeric NOT NULL,
    told_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (symbol, bar_interval, opened_at, open, high, low, close),
    FOREIGN KEY (symbol, bar_interval, opened_at) REFERENCES bars (symbol, bar_interval, opened_at)
);

-- How the feed of a symbol stands: credits of the UTC day, counted before each call, and why it is not asked.
CREATE TABLE feeds (
    symbol text PRIMARY KEY,
    credits_day date NOT NULL DEFAULT '-infinity',
    credits integer NOT NULL DEFAULT 0,
    asked_at timestamptz NOT NULL DEFAULT '-infinity',
    -- The close of the newest bar that was asked for, of each kind of question: asking for it again comes second.
    scan_asked_for timestamptz NOT NULL DEFAULT '-infinity',
    watch_asked_for timestamptz NOT NULL DEFAULT '-infinity',
    paused_until timestamptz,
    pause_code text,
    pause_text text
);
INSERT INTO feeds (symbol) VALUES ('XAUUSD');

ALTER TABLE bars ENABLE ROW LEVEL SECURITY;
ALTER TABLE bars FORCE ROW LEVEL SECURITY;
CREATE POLICY app_reads_the_market ON bars TO promostack_app USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON bars TO promostack_app;
ALTER TABLE bar_revisions ENABLE ROW LEVEL SECURITY;
ALTER TABLE bar_revisions FORCE ROW LEVEL SECURITY;
CREATE POLICY app_reads_the_market ON bar_revisions TO promostack_app USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON bar_revisions TO promostack_app;
ALTER TABLE feeds ENABLE ROW LEVEL SECURITY;
ALTER TABLE feeds FORCE ROW LEVEL SECURITY;
CREATE POLICY app_asks_the_feed ON feeds TO promostack_app USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (credits_day, credits, asked_at, scan_asked_for, watch_asked_for, paused_until, pause_code, pause_text)
    ON feeds TO promostack_app;
