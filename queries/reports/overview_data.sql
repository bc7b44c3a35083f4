-- question: What was read, and what could not be?
-- parameters: none
-- columns: sources, lines, records, rejected, ignored, duplicates (counts)
-- order: one row
SELECT
    count(*) AS sources,
    coalesce(sum(lines), 0)::BIGINT AS lines,
    coalesce(sum(records), 0)::BIGINT AS records,
    coalesce(sum(rejected), 0)::BIGINT AS rejected,
    coalesce(sum(ignored), 0)::BIGINT AS ignored,
    coalesce(sum(duplicates), 0)::BIGINT AS duplicates
FROM sources;
