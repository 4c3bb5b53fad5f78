-- Version 4: the day is closed. Events of the kind `day_closed` cover everything since the last one; events of the kind
-- `close_compared` keep what gateways said of a close.

-- Day closes: a projection. What a close counts and lists stands in its event.
CREATE TABLE closes (
    number      INTEGER NOT NULL PRIMARY KEY CHECK (number >= 1),
    desk_id     TEXT    NOT NULL,
    seq         INTEGER NOT NULL UNIQUE CHECK (seq = tip_seq + 1),
    at_ms       INTEGER NOT NULL,
    after_seq   INTEGER NOT NULL CHECK (after_seq >= 0 AND after_seq <= tip_seq),
    tip_seq     INTEGER NOT NULL CHECK (tip_seq >= 1),
    from_day    TEXT    NOT NULL CHECK (length(from_day) = 10),
    day         TEXT    NOT NULL CHECK (length(day) = 10 AND day >= from_day),
    zone        TEXT    NOT NULL,
    operator_id TEXT,
    anchor      TEXT    NOT NULL
) STRICT;
