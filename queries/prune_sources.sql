-- question: (a step of pruning) Note in the ledger how many rows of each source are about to go.
-- parameters: cutoff, keep_failures
-- columns: none
-- order: none
UPDATE sources SET pruned = pruned + gone.n
FROM (
    SELECT source_id, count(*) AS n
    FROM (
        SELECT source_id FROM requests_brief WHERE ts < $cutoff
        UNION ALL
        SELECT source_id FROM requests_full
        WHERE ts < $cutoff
          AND NOT ($keep_failures AND coalesce(category IS NOT NULL AND NOT benign AND direction IN ('outbound', 'callback'), false))
    )
    GROUP BY source_id
) gone
WHERE gone.source_id = sources.source_id;
