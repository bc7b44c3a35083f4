-- question: (a step of analysis) Note up to which byte a step has seen sources.
-- parameters: step, source_ids, bytes
-- columns: none
-- order: none
-- The two are lists with commas between; -1 bytes say that a source is gone.
DELETE FROM analysed WHERE step = $step AND source_id IN (SELECT unnest(string_split($source_ids, ',')::BIGINT[]));
INSERT INTO analysed (step, source_id, bytes)
SELECT $step, source_id, bytes
FROM (SELECT unnest(string_split($source_ids, ',')::BIGINT[]) AS source_id, unnest(string_split($bytes, ',')::BIGINT[]) AS bytes)
WHERE bytes >= 0;
