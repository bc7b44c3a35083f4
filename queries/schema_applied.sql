-- question: (a step of migrating) Note a migration as done.
-- parameters: version, name, applied_at
-- columns: none
-- order: none
INSERT INTO schema_version (version, name, applied_at) VALUES ($version, $name, $applied_at);
