-- question: (a step of finding outages) Take the blocks of traffic of a source away.
-- parameters: source_id
-- columns: none
-- order: none
DELETE FROM traffic_blocks WHERE source_id = $source_id;
