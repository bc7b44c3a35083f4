-- question: (a step of recovery) Take the brief rows away that no ledger row accounts for.
-- parameters: none
-- columns: none
-- order: none
DELETE FROM requests_brief AS r
WHERE NOT EXISTS (SELECT 1 FROM sources s WHERE s.source_id = r.source_id AND r.source_offset < s.bytes);
