-- question: (a step of comparing) Take the brief rows of doubled lines away.
-- parameters: source_id, from_offset, to_offset
-- columns: none
-- order: none
DELETE FROM requests_brief WHERE source_id = $source_id AND source_offset >= $from_offset AND source_offset < $to_offset;
