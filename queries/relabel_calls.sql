-- question: (a step of labelling anew) Which calls stand in requests_brief, by endpoint and status?
-- parameters: none
-- columns: the row of endpoints, whole; status, first_format and last_format of the sources (by name), calls (count)
-- order: endpoint_id, status
SELECT e.endpoint_id, e.vendor, e.host, e.method, e.route, e.direction, e.account, coalesce(e.answered, true) AS answered, e.named_vendor,
    b.status, min(s.format) AS first_format, max(s.format) AS last_format, count(*) AS calls
FROM requests_brief b JOIN endpoints e ON e.endpoint_id = b.endpoint_id LEFT JOIN sources s ON s.source_id = b.source_id
GROUP BY ALL
ORDER BY e.endpoint_id, b.status NULLS FIRST;
