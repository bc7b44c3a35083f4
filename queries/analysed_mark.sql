-- question: (a step of analysis) Note up to which byte a step has seen sources.
-- parameters: step
-- columns: none
-- order: none
DELETE FROM analysed WHERE step = $step AND source_id IN (SELECT source_id FROM temp.analysed_now);
INSERT INTO analysed (step, source_id, bytes) SELECT $step, source_id, bytes FROM temp.analysed_now WHERE bytes IS NOT NULL;
DROP TABLE temp.analysed_now;
