-- Version 1 of the journal. README.md explains every table. This file never changes: later versions add files.

PRAGMA application_id = 0x565A4E45;

-- What happened, for good. State is the fold of these rows.
CREATE TABLE events (
    event_id      TEXT    NOT NULL PRIMARY KEY CHECK (event_id LIKE 'evt\_%' ESCAPE '\'),
    desk_id       TEXT    NOT NULL CHECK (desk_id LIKE 'dsk\_%' ESCAPE '\'),
    epoch         INTEGER NOT NULL CHECK (epoch >= 1),
    seq           INTEGER NOT NULL CHECK (seq >= 1),
    at_ms         INTEGER NOT NULL,
    kind          TEXT    NOT NULL CHECK (kind <> ''), -- kinds are added over the years, and this table is never made anew
    payment_id    TEXT,
    attempt_id    TEXT,
    reversal_id   TEXT,
    body          TEXT    NOT NULL CHECK (json_valid(body)),
    names         TEXT    NOT NULL CHECK (json_valid(names)),
    key_id        TEXT    NOT NULL CHECK (key_id <> ''),
    previous_hash BLOB    NOT NULL CHECK (length(previous_hash) = 32),
    hash          BLOB    NOT NULL CHECK (length(hash) = 32),
    UNIQUE (desk_id, seq),
    CHECK (kind <> 'attempt'  OR (payment_id IS NOT NULL AND attempt_id IS NOT NULL AND reversal_id IS NULL)),
    CHECK (kind <> 'reversal' OR (payment_id IS NOT NULL AND attempt_id IS NOT NULL AND reversal_id IS NOT NULL))
) STRICT;

CREATE INDEX events_attempt  ON events (attempt_id, seq)  WHERE attempt_id IS NOT NULL;
CREATE INDEX events_reversal ON events (reversal_id, seq) WHERE reversal_id IS NOT NULL;
CREATE INDEX events_payment  ON events (payment_id, seq)  WHERE payment_id IS NOT NULL;
CREATE INDEX events_kind     ON events (kind, seq)        WHERE kind NOT IN ('attempt', 'reversal');
CREATE INDEX events_at       ON events (at_ms);

CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only: an event is never changed');
END;

CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only: an event is never removed');
END;

-- Without this one, INSERT OR REPLACE would remove an event and fire no trigger.
CREATE TRIGGER events_are_never_replaced BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE event_id = NEW.event_id)
  OR EXISTS (SELECT 1 FROM events WHERE desk_id = NEW.desk_id AND seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only: an event is never replaced');
END;

-- Names of persons, beside the events so that they can be erased. Not a projection: a rebuild leaves it alone.
CREATE TABLE names (
    name_id   TEXT    NOT NULL PRIMARY KEY CHECK (name_id LIKE 'nam\_%' ESCAPE '\'),
    desk_id   TEXT    NOT NULL,
    text      TEXT,
    salt      BLOB CHECK (salt IS NULL OR length(salt) = 16),
    erased_ms INTEGER,
    CHECK ((text IS NULL) = (salt IS NULL) AND (text IS NULL) = (erased_ms IS NOT NULL))
) STRICT;

-- The folded words of each name, for search; they go when the name goes.
CREATE TABLE name_words (
    word    TEXT NOT NULL,
    name_id TEXT NOT NULL REFERENCES names (name_id),
    PRIMARY KEY (word, name_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX name_words_name ON name_words (name_id);

-- Projections: everything below can be rebuilt from the events.

CREATE TABLE attempts (
    place          INTEGER NOT NULL PRIMARY KEY,
    attempt_id     TEXT    NOT NULL UNIQUE,
    desk_id        TEXT    NOT NULL,
    payment_id     TEXT    NOT NULL,
    reference      TEXT    NOT NULL UNIQUE,
    account_id     TEXT    NOT NULL,
    account_name   TEXT    NOT NULL,
    gateway        TEXT    NOT NULL CHECK (gateway IN ('finrota', 'yolcu360')),
    guard_key      TEXT    NOT NULL,
    blocks         INTEGER NOT NULL CHECK (blocks IN (0, 1)),
    state          TEXT    NOT NULL CHECK (state IN ('ready', 'sending', 'reauthorising', 'at_bank', 'confirming', 'unknown',
                                                     'set_aside', 'approved', 'declined', 'refused', 'not_sent')),
    outcome        TEXT    CHECK (outcome IN ('approved', 'declined', 'refused', 'unknown', 'not_sent')),
    refused_by     TEXT    CHECK (refused_by IN ('vezne', 'gateway')),
    evidence       TEXT,
    unconfirmed    INTEGER NOT NULL CHECK (unconfirmed IN (0, 1)),
    reason         TEXT,
    subject_kind   TEXT    NOT NULL CHECK (subject_kind IN ('order', 'reference')),
    subject        TEXT    NOT NULL,
    part           TEXT,
    base_minor     INTEGER,
    base_currency  TEXT,
    total_minor    INTEGER,
    total_currency TEXT,
    means          TEXT    NOT NULL CHECK (means IN ('card', 'credit_limit')),
    installments   INTEGER CHECK (installments >= 1),
    brand          TEXT,
    bin            TEXT,
    first_six      TEXT    CHECK (length(first_six) = 6),
    last_four      TEXT    CHECK (length(last_four) = 4),
    holder         TEXT,
    operator_id    TEXT,
    overrides      TEXT,
    follows        TEXT,
    opened_ms      INTEGER NOT NULL,
    since_ms       INTEGER NOT NULL,
    sent_ms        INTEGER,
    is_final       INTEGER NOT NULL CHECK (is_final IN (0, 1)),
    set_aside      INTEGER NOT NULL CHECK (set_aside IN (0, 1)),
    contradicted   INTEGER NOT NULL CHECK (contradicted IN (0, 1)),
    alarmed        INTEGER NOT NULL CHECK (alarmed IN (0, 1)),
    watched        INTEGER NOT NULL CHECK (watched IN (0, 1)),
    attention_ms   INTEGER,
    search         TEXT    NOT NULL,
    last_seq       INTEGER NOT NULL CHECK (last_seq >= place),
    CHECK (blocks = (state IN ('ready', 'sending', 'reauthorising', 'at_bank', 'confirming', 'unknown'))),
    CHECK (is_final = (state IN ('approved', 'declined', 'refused', 'not_sent'))),
    CHECK (set_aside = (state = 'set_aside')),
    CHECK (watched = (NOT is_final OR contradicted OR alarmed)),
    CHECK ((outcome IS NULL) = (state IN ('ready', 'sending', 'reauthorising', 'at_bank', 'confirming'))),
    CHECK ((refused_by IS NOT NULL) = (state = 'refused')),
    CHECK ((base_minor IS NULL) = (base_currency IS NULL)),
    CHECK ((total_minor IS NULL) = (total_currency IS NULL)),
    CHECK ((means = 'card') = (last_four IS NOT NULL) AND (means = 'card') = (first_six IS NOT NULL))
) STRICT;

-- Truth 2: one order or reference has at most one attempt open or unknown.
CREATE UNIQUE INDEX attempts_blocking ON attempts (guard_key) WHERE blocks = 1;
CREATE INDEX attempts_key       ON attempts (guard_key, place);
CREATE INDEX attempts_payment   ON attempts (payment_id, place);
CREATE INDEX attempts_card      ON attempts (last_four, first_six, base_minor, outcome, place) WHERE last_four IS NOT NULL;
CREATE INDEX attempts_open      ON attempts (desk_id) WHERE outcome IS NULL;
CREATE INDEX attempts_watched   ON attempts (place) WHERE watched = 1;
CREATE INDEX attempts_since     ON attempts (since_ms) WHERE is_final = 1;
CREATE INDEX attempts_attention ON attempts (attention_ms) WHERE attention_ms IS NOT NULL;
CREATE INDEX attempts_overrides ON attempts (overrides) WHERE overrides IS NOT NULL;
CREATE INDEX attempts_outcome   ON attempts (outcome, place);
CREATE INDEX attempts_state     ON attempts (state, place);
CREATE INDEX attempts_account   ON attempts (account_id, place);
CREATE INDEX attempts_opened    ON attempts (opened_ms, place);
CREATE INDEX attempts_holder    ON attempts (holder) WHERE holder IS NOT NULL;

-- Search inside words of three characters and more, over the folded text.
CREATE VIRTUAL TABLE attempts_search USING fts5 (search, content = 'attempts', content_rowid = 'place', tokenize = 'trigram');

CREATE TABLE reversals (
    place        INTEGER NOT NULL PRIMARY KEY,
    reversal_id  TEXT    NOT NULL UNIQUE,
    desk_id      TEXT    NOT NULL,
    payment_id   TEXT    NOT NULL,
    attempt_id   TEXT    NOT NULL,
    account_id   TEXT    NOT NULL,
    account_name TEXT    NOT NULL,
    gateway      TEXT    NOT NULL CHECK (gateway IN ('finrota', 'yolcu360')),
    kind         TEXT    NOT NULL CHECK (kind IN ('void', 'refund')),
    amount_minor INTEGER NOT NULL,
    currency     TEXT    NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('ready', 'sending', 'reauthorising', 'done', 'refused', 'not_done', 'not_sent', 'unknown')),
    is_final     INTEGER NOT NULL CHECK (is_final IN (0, 1)),
    reason       TEXT,
    operator_id  TEXT    NOT NULL,
    opened_ms    INTEGER NOT NULL,
    since_ms     INTEGER NOT NULL,
    alarmed      INTEGER NOT NULL CHECK (alarmed IN (0, 1)),
    watched      INTEGER NOT NULL CHECK (watched IN (0, 1)),
    attention    INTEGER NOT NULL CHECK (attention IN (0, 1)),
    last_seq     INTEGER NOT NULL CHECK (last_seq >= place),
    CHECK (is_final = (state IN ('done', 'refused', 'not_done', 'not_sent'))),
    CHECK (watched = (NOT is_final OR alarmed))
) STRICT;

-- RULES 7: one reversal of a payment open or unknown at a time.
CREATE UNIQUE INDEX reversals_open ON reversals (payment_id) WHERE is_final = 0;
CREATE INDEX reversals_payment   ON reversals (payment_id, place);
CREATE INDEX reversals_attempt   ON reversals (attempt_id, place);
CREATE INDEX reversals_watched   ON reversals (place) WHERE watched = 1;
CREATE INDEX reversals_attention ON reversals (place) WHERE attention = 1;
CREATE INDEX reversals_opened    ON reversals (opened_ms, place);

CREATE TABLE payments (
    place        INTEGER NOT NULL PRIMARY KEY,
    payment_id   TEXT    NOT NULL UNIQUE,
    desk_id      TEXT    NOT NULL,
    guard_key    TEXT    NOT NULL,
    account_id   TEXT    NOT NULL,
    subject_kind TEXT    NOT NULL CHECK (subject_kind IN ('order', 'reference')),
    subject      TEXT    NOT NULL,
    opened_ms    INTEGER NOT NULL,
    attempts     INTEGER NOT NULL CHECK (attempts >= 1),
    approved     INTEGER NOT NULL CHECK (approved BETWEEN 0 AND attempts),
    reversals    INTEGER NOT NULL CHECK (reversals >= 0),
    last_seq     INTEGER NOT NULL CHECK (last_seq >= place)
) STRICT;
CREATE INDEX payments_key ON payments (guard_key, place);

CREATE TABLE operators (
    operator_id TEXT    NOT NULL PRIMARY KEY,
    desk_id     TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    name_key    TEXT    NOT NULL UNIQUE,
    role        TEXT    NOT NULL CHECK (role IN ('cashier', 'supervisor')),
    pin_hash    TEXT    NOT NULL,
    added_ms    INTEGER NOT NULL,
    seq         INTEGER NOT NULL
) STRICT;

CREATE TABLE rights_used (
    event_id    TEXT    NOT NULL PRIMARY KEY,
    desk_id     TEXT    NOT NULL,
    operator_id TEXT    NOT NULL,
    act         TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    about       TEXT,
    at_ms       INTEGER NOT NULL,
    seq         INTEGER NOT NULL
) STRICT;
CREATE INDEX rights_used_about ON rights_used (about) WHERE about IS NOT NULL;
