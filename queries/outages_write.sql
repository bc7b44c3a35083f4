-- question: (a step of finding outages) Store a window.
-- parameters: window_id, vendor, host, route, started_at, ended_at, requests, failures, baseline_ratio, peak_ratio, peak_at, top_code, accounts, score, codes, routes, account_ids, request_ids, unreached, why, planned, note
-- columns: none
-- order: none
INSERT INTO outage_windows (window_id, vendor, host, route, started_at, ended_at, requests, failures, baseline_ratio, peak_ratio, peak_at,
    top_code, accounts, score, codes, routes, account_ids, request_ids, unreached, why, planned, note)
VALUES ($window_id, $vendor, $host, $route, $started_at, $ended_at, $requests, $failures, $baseline_ratio, $peak_ratio, $peak_at,
    $top_code, $accounts, $score, $codes, $routes, $account_ids, $request_ids, $unreached, $why, $planned, $note);
