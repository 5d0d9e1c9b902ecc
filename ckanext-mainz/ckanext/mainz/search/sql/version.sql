-- How far the index is: one row, changed in the transaction that takes a change off the outbox. Who reads it together with the
-- outbox's rows that narrow knows whether an answer made earlier may be given again.
CREATE TABLE IF NOT EXISTS mainz_search_version (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    number bigint NOT NULL DEFAULT 1,
    token uuid NOT NULL DEFAULT gen_random_uuid(),
    changed timestamptz NOT NULL DEFAULT clock_timestamp(),
    tightened bigint NOT NULL DEFAULT 1
);

INSERT INTO mainz_search_version DEFAULT VALUES ON CONFLICT DO NOTHING;
