-- question: (a step of fusion) Give back the room.
-- parameters: none
-- columns: none
-- order: none
DROP TABLE IF EXISTS temp.fuse_small;
DROP TABLE IF EXISTS temp.fuse_ids;
DROP TABLE IF EXISTS temp.fuse_large_ids;
DROP TABLE IF EXISTS temp.fuse_near;
DROP TABLE IF EXISTS temp.fuse_large_near;
DROP TABLE IF EXISTS temp.fuse_places;
DROP TABLE IF EXISTS temp.fuse_sources;
DROP TABLE IF EXISTS temp.fuse_undo;
DROP TABLE IF EXISTS temp.fuse_changes;
DROP TABLE IF EXISTS temp.fuse_rows;
DROP TABLE IF EXISTS temp.relabelled;
DROP TABLE IF EXISTS temp.readdressed;
DROP TABLE IF EXISTS temp.fuse_apt;
DROP TABLE IF EXISTS temp.fuse_front;
DROP TABLE IF EXISTS temp.fuse_found;
DROP TABLE IF EXISTS temp.fuse_wanted;
DROP TABLE IF EXISTS temp.fuse_around;
DROP TABLE IF EXISTS temp.fuse_tellers;
DROP TABLE IF EXISTS temp.fuse_touched;
