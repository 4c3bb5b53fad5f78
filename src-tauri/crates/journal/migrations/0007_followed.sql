-- Version 7: what a supervisor settled of a reversal is followed for a week, so it is found again by when it was settled. Alarms
-- of a reversal outlive its settling since version 6, and rows that an earlier program wrote say otherwise: everything is made
-- anew from the events.
CREATE INDEX reversals_since ON reversals (since_ms) WHERE is_final = 1;
INSERT OR IGNORE INTO to_do (what) VALUES ('rebuild');
