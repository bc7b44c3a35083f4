-- question: (a step of tallying) Add what was counted to what is stored, and clear up.
-- parameters: none
-- columns: none
-- order: none
UPDATE tally_minutes m
SET calls = m.calls + n.calls, first = least(m.first, n.first), last = greatest(m.last, n.last)
FROM temp.tally_minutes_new n, temp.tally_pending p
WHERE p.from_offset > 0 AND p.source_id = n.source_id
  AND m.source_id = n.source_id AND m.endpoint_id = n.endpoint_id AND m.minute IS NOT DISTINCT FROM n.minute;

INSERT INTO tally_minutes
SELECT n.source_id, n.endpoint_id, n.minute, n.calls, n.first, n.last
FROM temp.tally_minutes_new n
ANTI JOIN tally_minutes m ON m.source_id = n.source_id AND m.endpoint_id = n.endpoint_id AND m.minute IS NOT DISTINCT FROM n.minute;

UPDATE tally_durations d
SET calls = d.calls + n.calls, split = d.split OR n.split
FROM temp.tally_durations_new n, temp.tally_pending p
WHERE p.from_offset > 0 AND p.source_id = n.source_id
  AND d.source_id = n.source_id AND d.endpoint_id = n.endpoint_id AND d.day IS NOT DISTINCT FROM n.day AND d.whole_ms IS NOT DISTINCT FROM n.whole_ms;

INSERT INTO tally_durations
SELECT n.source_id, n.endpoint_id, n.day, n.whole_ms, n.calls, n.split
FROM temp.tally_durations_new n
ANTI JOIN tally_durations d
    ON d.source_id = n.source_id AND d.endpoint_id = n.endpoint_id AND d.day IS NOT DISTINCT FROM n.day AND d.whole_ms IS NOT DISTINCT FROM n.whole_ms;

DROP TABLE temp.tally_minutes_new;
DROP TABLE temp.tally_durations_new;
DROP TABLE temp.tally_pending;
