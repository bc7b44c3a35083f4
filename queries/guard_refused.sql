-- question: Is a text anything but questions, as DuckDB's own parser sees it?
-- parameters: text
-- columns: refused
-- order: one row
SELECT json_extract(json_serialize_sql($text::VARCHAR), 'error')::BOOLEAN AS refused;
