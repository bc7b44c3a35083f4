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
        WHERE fused_by IS NULL AND ts < $cutoff
          AND NOT ($keep_failures AND coalesce(category IS NOT NULL AND NOT benign AND direction IN ('outbound', 'callback'), false))
        UNION ALL
        -- Every line of a fused row goes with it.
        SELECT l.source_id
        FROM fused l JOIN requests_full f ON f.source_id = l.into_source_id AND f.source_offset = l.into_offset
        WHERE f.fused_by IS NOT NULL AND f.ts < $cutoff
          AND NOT ($keep_failures AND coalesce(f.category IS NOT NULL AND NOT f.benign AND f.direction IN ('outbound', 'callback'), false))
    )
    GROUP BY source_id
) gone
WHERE gone.source_id = sources.source_id;
