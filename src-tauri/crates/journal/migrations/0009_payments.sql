-- Version 9: two indexes that no question needs any more since the search index answers it. SQLite took one of them where a payment's
-- attempts are counted, and so walked along all that were ever approved, for every event that was written.
DROP INDEX attempts_outcome;
DROP INDEX attempts_state;
