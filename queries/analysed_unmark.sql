-- question: (a step of analysis) Take the mark of one step at one source away, for a new one.
-- parameters: step, source_id
-- columns: none
-- order: none
DELETE FROM analysed WHERE step = $step AND source_id = $source_id;
