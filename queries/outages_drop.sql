-- question: (a step of finding outages) Take the windows of a span away, which are to be found anew.
-- parameters: since
-- columns: none
-- order: none
DELETE FROM outage_windows WHERE ended_at IS NULL OR ended_at >= $since;
