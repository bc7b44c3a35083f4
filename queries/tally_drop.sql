-- question: (a step of tallying) Take the counts of the sources away that are counted from their beginning.
-- parameters: none
-- columns: none
-- order: none
DELETE FROM tally_minutes WHERE source_id IN (SELECT source_id FROM temp.tally_pending WHERE from_offset = 0);
DELETE FROM tally_durations WHERE source_id IN (SELECT source_id FROM temp.tally_pending WHERE from_offset = 0);
