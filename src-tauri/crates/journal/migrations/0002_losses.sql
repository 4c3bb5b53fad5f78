-- Version 2: events of the kind `span_lost` declare what a damaged journal could not give back, and an attempt may be unknown
-- because of it. No table changes; an older program must not read what it does not understand.
SELECT 1;
