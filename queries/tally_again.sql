-- question: (a step of pruning) Have the plain calls of the sources counted anew that lose rows of before a time.
-- parameters: cutoff
-- columns: none
-- order: none
UPDATE analysed SET bytes = -1
WHERE step = 'tally' AND source_id IN (SELECT DISTINCT source_id FROM requests_brief WHERE ts < $cutoff);
