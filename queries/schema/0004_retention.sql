-- Retention: rows that were taken away because of their age. Sources keep what
-- they were: records counts them still, pruned says how many of them are gone.
ALTER TABLE sources ADD COLUMN pruned BIGINT DEFAULT 0;

-- One row per errscope db prune. What was computed from rows before cutoff can
-- not be computed again: outage windows and quota periods from there are history.
CREATE TABLE retention (
    cutoff        TIMESTAMP, -- rows before it went
    kept_failures BOOLEAN,   -- but failures stayed
    rows_pruned   BIGINT,
    pruned_at     TIMESTAMP
);
