-- question: (a step of finding outages) Take the times of a span away when nobody was reached.
-- parameters: since
-- columns: none
-- order: none
DELETE FROM local_outages WHERE ended_at IS NULL OR ended_at >= $since;
