-- Traffic is added up and searched by numbers: a scope is a route of a vendor, or
-- of a host that no pack knows, and minutes count from 1970.
CREATE TABLE traffic_scopes AS
SELECT row_number() OVER (ORDER BY vendor, host, route)::INTEGER AS scope_id, vendor, host, route
FROM (SELECT vendor, host, route FROM traffic_minutes UNION SELECT vendor, host, route FROM traffic_blocks);

CREATE OR REPLACE TABLE traffic_minutes AS
SELECT m.source_id, m.from_offset, s.scope_id, epoch_us(m.minute) // 60000000 AS minute, m.calls, m.failed, m.unreached
FROM traffic_minutes m JOIN traffic_scopes s ON s.vendor = m.vendor AND s.host = m.host AND s.route = m.route;

CREATE OR REPLACE TABLE traffic_blocks AS
SELECT b.source_id, b.from_offset, s.scope_id, b.block::BIGINT AS block, b.first::BIGINT AS first, b.last::BIGINT AS last, b.calls, b.failed
FROM traffic_blocks b JOIN traffic_scopes s ON s.vendor = b.vendor AND s.host = b.host AND s.route = b.route;
