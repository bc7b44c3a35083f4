-- question: (a step of pruning) Take the brief rows before a time away. None of them is a failure.
-- parameters: cutoff
-- columns: none
-- order: none
DELETE FROM requests_brief WHERE ts < $cutoff;
