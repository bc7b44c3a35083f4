-- question: (a step of pruning) Note that rows went.
-- parameters: cutoff, keep_failures, rows_pruned, pruned_at
-- columns: none
-- order: none
INSERT INTO retention (cutoff, kept_failures, rows_pruned, pruned_at) VALUES ($cutoff, $keep_failures, $rows_pruned, $pruned_at);
