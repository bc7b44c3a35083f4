-- question: (a step of recovery) Take the prints of lines away that no ledger row accounts for.
-- parameters: none
-- columns: none
-- order: none
DELETE FROM line_prints AS p
WHERE NOT EXISTS (SELECT 1 FROM sources s WHERE s.source_id = p.source_id AND p.source_offset < s.bytes);
