-- question: (a step of pruning) Take the rejects of sources away that end before a time.
-- parameters: cutoff
-- columns: none
-- order: none
DELETE FROM rejects WHERE source_id IN (SELECT source_id FROM sources WHERE coalesce(last_ts, ingested_at) < $cutoff);
