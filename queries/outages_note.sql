-- question: (a step of finding outages) Note what the configuration says of a window.
-- parameters: window_id, planned, note
-- columns: none
-- order: none
UPDATE outage_windows SET planned = $planned, note = $note WHERE window_id = $window_id;
