-- question: (a step of finding outages) Take the traffic of a source away.
-- parameters: source_id
-- columns: none
-- order: none
DELETE FROM traffic_minutes WHERE source_id = $source_id;
