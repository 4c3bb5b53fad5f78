-- Version 5: papers that were issued. A projection: it can be rebuilt from the events.
CREATE TABLE papers (
    event_id    TEXT    NOT NULL PRIMARY KEY,
    desk_id     TEXT    NOT NULL,
    paper       TEXT    NOT NULL,
    copy        INTEGER NOT NULL CHECK (copy >= 0),
    way         TEXT    NOT NULL,
    language    TEXT    NOT NULL,
    payment_id  TEXT,
    operator_id TEXT,
    at_ms       INTEGER NOT NULL,
    seq         INTEGER NOT NULL
) STRICT;

-- One original of each paper, and each number of a copy once, whatever the code above believes.
CREATE UNIQUE INDEX papers_numbers ON papers (paper, copy);
CREATE INDEX papers_payment ON papers (payment_id, seq) WHERE payment_id IS NOT NULL;
