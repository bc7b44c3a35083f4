-- question: (a step of loading) Have every step of the analysis read a source again from an offset on, of which it has made nothing.
-- parameters: source_id, source_offset
-- columns: none
-- order: none
UPDATE analysed SET bytes = $source_offset WHERE source_id = $source_id AND bytes > $source_offset;
