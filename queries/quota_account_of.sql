-- question: Is one vendor called by one account alone, as far as is known, and by which?
-- parameters: q_vendor, q_host
-- columns: vendor ('' where no pack knows it), host (only there), account
-- order: one row, or none
SELECT $q_vendor AS vendor, $q_host AS host, min(account) AS account
FROM (
    SELECT DISTINCT account
    FROM endpoints
    WHERE direction = 'outbound' AND account IS NOT NULL AND es_pack(vendor) = $q_vendor AND es_vendor_host(vendor, host) = $q_host
    UNION
    SELECT DISTINCT account
    FROM requests_full
    WHERE ($q_vendor = '' OR vendor = $q_vendor) AND direction = 'outbound' AND account IS NOT NULL
      AND es_pack(vendor) = $q_vendor AND es_vendor_host(vendor, host) = $q_host
)
HAVING count(*) = 1;
