-- question: (a step of pruning) Take the full rows before a time away, failures only if they are not to be kept.
-- parameters: cutoff, keep_failures
-- columns: none
-- order: none
DELETE FROM requests_full
WHERE ts < $cutoff
  AND NOT ($keep_failures AND coalesce(category IS NOT NULL AND NOT benign AND direction IN ('outbound', 'callback'), false));
