-- How often somebody was asked about a wrong code: the same one again and again is guessing too.
ALTER TABLE coupon_misses ADD COLUMN asks integer NOT NULL DEFAULT 1 CHECK (asks >= 0);
