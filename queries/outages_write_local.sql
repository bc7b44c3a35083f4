-- question: (a step of finding outages) Store a time when nobody was reached.
-- parameters: window_id, started_at, ended_at, vendors, requests, failures, why
-- columns: none
-- order: none
INSERT INTO local_outages (window_id, started_at, ended_at, vendors, requests, failures, why)
VALUES ($window_id, $started_at, $ended_at, $vendors, $requests, $failures, $why);
