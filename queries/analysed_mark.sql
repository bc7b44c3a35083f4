-- question: (a step of analysis) Note up to which byte a step has seen a source.
-- parameters: step, source_id, bytes
-- columns: none
-- order: none
INSERT INTO analysed (step, source_id, bytes) VALUES ($step, $source_id, $bytes);
