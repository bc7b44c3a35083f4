-- question: (a step of comparing) Take the full rows of doubled lines away.
-- parameters: source_id, from_offset, to_offset
-- columns: none
-- order: none
DELETE FROM requests_full WHERE source_id = $source_id AND source_offset >= $from_offset AND source_offset < $to_offset;
