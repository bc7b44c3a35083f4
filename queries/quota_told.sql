-- question: (a step of the quota ledger) In how many hours of how many allowances was something stated?
-- parameters: none
-- columns: hours (count)
-- order: one row
SELECT count(*) AS hours FROM temp.quota_marks;
