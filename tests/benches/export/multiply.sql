-- Copies of what the journal wrote, as another desk's: other ids, other moments, the same bodies. Their hashes are not theirs, and
-- nothing here verifies them: what is measured is reading.
PRAGMA synchronous = OFF;
PRAGMA cache_size = -400000;
PRAGMA temp_store = MEMORY;
DROP TRIGGER events_are_never_replaced;
CREATE TEMP TABLE k AS WITH RECURSIVE c(k) AS (SELECT 1 UNION ALL SELECT k+1 FROM c WHERE k<{copies}) SELECT k, '01KT'||printf('%06d',k) AS p, 'VZ'||printf('%08d',k) AS v, k*40000000 AS o FROM c;
BEGIN;
INSERT INTO events SELECT 'evt_'||p||printf('%016d',seq), 'dsk_7ZZZZZZZZZZZZZZZZZZZZZZZZZ', epoch, k*100000+seq, at_ms+o, kind,
 replace(payment_id,'01KSR49200',p), replace(attempt_id,'01KSR49200',p), replace(reversal_id,'01KSR49200',p),
 replace(replace(body,'01KSR49200',p),'VZ00000000',v), replace(names,'01KSR49200',p), 'copies', previous_hash, hash FROM k, (SELECT * FROM events WHERE kind IN ('attempt','reversal')) ;
INSERT INTO names SELECT replace(name_id,'01KSR49200',p), desk_id, text, salt, erased_ms FROM k, (SELECT * FROM names);
INSERT INTO attempts SELECT k*100000+place, replace(attempt_id,'01KSR49200',p), desk_id, replace(payment_id,'01KSR49200',p), replace(reference,'VZ00000000',v), account_id, account_name, gateway, guard_key||':'||k, blocks, state, outcome, refused_by, evidence, unconfirmed, reason, subject_kind, subject, part, base_minor, base_currency, total_minor, total_currency, means, installments, brand, bin, first_six, last_four, replace(holder,'01KSR49200',p), operator_id, overrides, follows, opened_ms+o, since_ms+o, sent_ms+o, is_final, set_aside, contradicted, alarmed, watched, attention_ms, '', last_seq+k*100000 FROM k, (SELECT * FROM attempts);
INSERT INTO reversals SELECT k*100000+place, replace(reversal_id,'01KSR49200',p), desk_id, replace(payment_id,'01KSR49200',p), replace(attempt_id,'01KSR49200',p), account_id, account_name, gateway, kind, amount_minor, currency, state, is_final, reason, operator_id, opened_ms+o, since_ms+o, alarmed, watched, attention, last_seq+k*100000 FROM k, (SELECT * FROM reversals);
COMMIT;
