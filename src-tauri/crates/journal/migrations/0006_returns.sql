-- Version 6: a reversal may have been done by hand in the gateway's portal (its target is `portal`), its alarms may have been
-- seen by a supervisor (`acknowledged`), and one that is settled may be corrected. No table changes; an older program must not
-- read what it does not understand.
SELECT 1;
