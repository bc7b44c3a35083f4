-- question: (a step of loading) Have every step of the analysis take a source anew, since rows of it went or changed.
-- parameters: source_id
-- columns: none
-- order: none
UPDATE analysed SET bytes = -1 WHERE source_id = $source_id;
