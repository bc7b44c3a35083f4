-- question: (a step of finding outages) What span does the traffic of a source cover that is to go?
-- parameters: source_id
-- columns: first, last (NULL where there is none)
-- order: one row
SELECT min(minute) AS first, max(minute) AS last FROM traffic_minutes WHERE source_id = $source_id;
