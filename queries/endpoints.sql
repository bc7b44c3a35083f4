-- question: Which endpoints are numbered, the newest ones?
-- parameters: limit
-- columns: the row of endpoints, whole
-- order: endpoint_id desc
SELECT endpoint_id, vendor, host, method, route, direction, account, coalesce(answered, true) AS answered, named_vendor
FROM endpoints
ORDER BY endpoint_id DESC
LIMIT $limit;
