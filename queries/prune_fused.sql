-- question: (a step of pruning) Take the lines away whose fused row went, and what was left apart of rows that went.
-- parameters: none
-- columns: none
-- order: none
DELETE FROM fused_brief l
WHERE NOT EXISTS (SELECT 1 FROM requests_full f WHERE f.fused_by IS NOT NULL AND f.source_id = l.into_source_id AND f.source_offset = l.into_offset);

DELETE FROM fused_full l
WHERE NOT EXISTS (SELECT 1 FROM requests_full f WHERE f.fused_by IS NOT NULL AND f.source_id = l.into_source_id AND f.source_offset = l.into_offset);

DELETE FROM left_apart a
WHERE NOT EXISTS (SELECT 1 FROM sides s WHERE s.source_id = a.source_id AND s.source_offset = a.source_offset);
