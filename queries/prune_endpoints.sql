-- question: (a step of pruning) Take the endpoints away that no row is of any more.
-- parameters: none
-- columns: none
-- order: none
DELETE FROM endpoints WHERE endpoint_id NOT IN (SELECT endpoint_id FROM requests_brief WHERE endpoint_id IS NOT NULL UNION ALL SELECT endpoint_id FROM fused_brief WHERE endpoint_id IS NOT NULL);
