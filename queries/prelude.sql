-- Functions that the questions use and that another engine spells differently.
-- They are stored in the database, so that a printed question runs as it is in
-- any DuckDB client.

-- A NULL bound is open; a row without a time lies only in an open span. It is
-- meant for WHERE, where NULL counts as false.
CREATE OR REPLACE MACRO es_in_span(ts, since, until) AS
    (since IS NULL OR ts >= since) AND (until IS NULL OR ts < until);

-- es_slot numbers the span of ts, from 0 to n - 1, where first to last are cut
-- into n equal spans; NULL where ts is NULL or outside.
CREATE OR REPLACE MACRO es_slot(ts, first_ts, last_ts, n) AS
    CASE WHEN ts >= first_ts AND ts <= last_ts
         THEN least(((epoch_us(ts) - epoch_us(first_ts)) * n) // (epoch_us(last_ts) - epoch_us(first_ts) + 1), n - 1) END;

-- es_slot_start is the time at which a slot of es_slot begins.
CREATE OR REPLACE MACRO es_slot_start(slot, first_ts, last_ts, n) AS
    make_timestamp(epoch_us(first_ts) + (slot * (epoch_us(last_ts) - epoch_us(first_ts) + 1)) // n);

-- A host tells vendors apart only where no pack does; es_pack is '' there.
CREATE OR REPLACE MACRO es_pack(vendor) AS
    CASE WHEN coalesce(vendor, 'unknown') IN ('unknown', 'generic') THEN '' ELSE vendor END;
CREATE OR REPLACE MACRO es_vendor(vendor) AS coalesce(vendor, 'unknown');
-- es_outage_vendor is the vendor where a pack knows it, so that calls to a host
-- that none knows are told apart by the host alone.
CREATE OR REPLACE MACRO es_outage_vendor(vendor) AS
    CASE WHEN coalesce(vendor, 'unknown') IN ('unknown', 'generic') THEN 'unknown' ELSE vendor END;
CREATE OR REPLACE MACRO es_vendor_host(vendor, host) AS
    CASE WHEN coalesce(vendor, 'unknown') IN ('unknown', 'generic') THEN coalesce(host, '') ELSE '' END;

-- es_place orders rows totally: by time, then source, then offset, so that
-- "the newest" is one row. It has room for 2^30 sources of 2^44 bytes.
CREATE OR REPLACE MACRO es_place(ts, source_id, source_offset) AS
    (coalesce(epoch_us(ts), 0)::HUGEINT * 1073741824 + coalesce(source_id, 0)) * 17592186044416 + coalesce(source_offset, 0);
CREATE OR REPLACE MACRO es_place_offset(place) AS (place % 17592186044416)::BIGINT;

-- es_any is true where one of a group is; es_p50_p95 are its exact quantiles.
CREATE OR REPLACE MACRO es_any(x) AS bool_or(x);
CREATE OR REPLACE MACRO es_p50_p95(x) AS quantile_cont(x, [0.5, 0.95]);

-- es_numbers are the numbers from 0 to n - 1; es_places reads places with commas
-- between.
CREATE OR REPLACE MACRO es_numbers(n) AS TABLE SELECT range AS number FROM range(n);
CREATE OR REPLACE MACRO es_places(places) AS TABLE
    SELECT place::HUGEINT AS place FROM (SELECT unnest(string_split(places, ',')) AS place) WHERE place <> '';

-- es_folded makes messages alike that differ in numbers and ids only.
CREATE OR REPLACE MACRO es_folded(message) AS
    regexp_replace(left(message, 400), '[0-9A-Za-z_-]*[0-9][0-9A-Za-z_-]*', '#', 'g');

-- es_skeleton makes bodies alike that differ in the values of their members only.
CREATE OR REPLACE MACRO es_skeleton(body) AS
    regexp_replace(regexp_replace(left(body, 4000), '"([^"\\]|\\.)*"\s*([,}\]])', '#\2', 'g'), '(-?[0-9][0-9.eE+-]*|true|false|null)\s*([,}\]])', '#\2', 'g');

-- es_exchange is one stored exchange as `errscope classify` and `errscope packs
-- new` read it: errscope sql --format jsonl "FROM es_exchange(1, 4711)"
CREATE OR REPLACE MACRO es_exchange(of_source, of_offset) AS TABLE
    SELECT ts AS time, method, 'https://' || host || coalesce(path, route, '/') || coalesce('?' || query, '') AS url, status,
        headers::JSON AS headers, body, transport_error AS error
    FROM requests
    WHERE source_id = of_source AND source_offset = of_offset
    ORDER BY category IS NULL, ts
    LIMIT 1;

-- es_us is a time in microseconds since 1970; es_slice numbers the spans of
-- secs seconds since then.
CREATE OR REPLACE MACRO es_us(ts) AS epoch_us(ts);
-- es_whole divides and drops the rest.
CREATE OR REPLACE MACRO es_whole(a, b) AS a // b;
CREATE OR REPLACE MACRO es_slice(ts, secs) AS epoch_us(ts) // (secs * 1000000);
CREATE OR REPLACE MACRO es_time(us) AS make_timestamp(us);

-- es_cell numbers spans of cell_us microseconds since 1970, also those before it.
-- A cell lies inside a span or at an edge of it; a row without a time has no cell,
-- and lies in an open span.
CREATE OR REPLACE MACRO es_cell(us, cell_us) AS ((us) + 12622780800000000) // cell_us - 12622780800000000 // cell_us;
CREATE OR REPLACE MACRO es_cell_inside(cell, cell_us, since, until) AS
    (since IS NULL OR cell * cell_us >= epoch_us(since::TIMESTAMP)) AND (until IS NULL OR (cell + 1) * cell_us <= epoch_us(until::TIMESTAMP));
CREATE OR REPLACE MACRO es_at_edge(ts, cell_us, since, until) AS
    ((since IS NOT NULL AND ts < make_timestamp(-es_cell(-epoch_us(since::TIMESTAMP), cell_us) * cell_us))
        OR (until IS NOT NULL AND ts >= make_timestamp(es_cell(epoch_us(until::TIMESTAMP), cell_us) * cell_us)));

-- es_slot_by is es_slot of the beginning of the cell that ts lies in, so that a
-- whole cell lies in one slot; es_slot_by_start is when the first cell of a slot begins.
CREATE OR REPLACE MACRO es_slot_by(ts, cell_us, first_ts, last_ts, n) AS
    CASE WHEN ts >= first_ts AND ts <= last_ts
         THEN least((greatest(CASE WHEN cell_us = 1 THEN epoch_us(ts) ELSE es_cell(epoch_us(ts), cell_us) * cell_us END - epoch_us(first_ts), 0) * n)
             // (epoch_us(last_ts) - epoch_us(first_ts) + 1), n - 1) END;
CREATE OR REPLACE MACRO es_slot_by_start(slot, cell_us, first_ts, last_ts, n) AS
    CASE WHEN slot = 0 THEN make_timestamp(epoch_us(first_ts))
         ELSE make_timestamp(-es_cell(-(epoch_us(first_ts) + (slot * (epoch_us(last_ts) - epoch_us(first_ts) + 1)) // n), cell_us) * cell_us) END;

-- es_print tells texts apart by a number, es_same_call attempts of one call, and
-- es_kind kinds of failures. They differ from engine to engine, and are not stored.
CREATE OR REPLACE MACRO es_print(text) AS CASE WHEN text IS NULL THEN 0 ELSE hash(text) END;
CREATE OR REPLACE MACRO es_same_call(request_key, trace_id, account) AS hash(request_key, coalesce(trace_id, ''), coalesce(account, ''));
CREATE OR REPLACE MACRO es_kind(vendor, host, code, error_type, status, category, retry, method, route) AS
    hash(coalesce(vendor, ''), coalesce(host, ''), coalesce(code, ''), coalesce(error_type, ''), coalesce(status, -1), category,
        coalesce(retry, ''), coalesce(method, ''), coalesce(route, ''));

-- Exact quantiles, with a value between two where it falls between.
CREATE OR REPLACE MACRO es_p50(x) AS quantile_cont(x, 0.5);
CREATE OR REPLACE MACRO es_p90(x) AS quantile_cont(x, 0.9);
CREATE OR REPLACE MACRO es_p95(x) AS quantile_cont(x, 0.95);
CREATE OR REPLACE MACRO es_p99(x) AS quantile_cont(x, 0.99);
-- es_spread has p50, p90, p95 and p99, selected in one pass.
CREATE OR REPLACE MACRO es_spread(x) AS quantile_cont(x, [0.5, 0.9, 0.95, 0.99]);

-- es_route_print tells routes of vendors apart by a number, like es_kind.
CREATE OR REPLACE MACRO es_route_print(vendor, host, method, route) AS
    hash(coalesce(vendor, ''), coalesce(host, ''), coalesce(method, ''), coalesce(route, ''));
