-- question: Which number does a new source get?
-- parameters: none
-- columns: source_id
-- order: one row
SELECT coalesce(max(source_id), 0) + 1 AS source_id FROM sources;
