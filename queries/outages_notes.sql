-- question: (a step of finding outages) What does the configuration say of the windows by now?
-- parameters: none
-- columns: window_id, vendor, host, started_at, ended_at, planned, note
-- order: window_id
SELECT window_id, vendor, host, started_at, ended_at, planned, note FROM outage_windows ORDER BY window_id;
