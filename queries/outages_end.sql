-- question: (a step of finding outages) Forget what was worked out on the way.
-- parameters: none
-- columns: none
-- order: none
DROP TABLE IF EXISTS temp.traffic_pending;
DROP TABLE IF EXISTS temp.traffic_again;
DROP TABLE IF EXISTS temp.traffic_changed;
DROP TABLE IF EXISTS temp.traffic_brief;
DROP TABLE IF EXISTS temp.traffic_added;
