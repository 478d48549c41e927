-- Files that are no part of the store any more: their records are in another file, or their time was over. They are deleted once
-- nobody reads them; until then this keeps a restart from taking them for somebody else's.
CREATE TABLE obsolete_file (path TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

-- What a file that was set aside must be to be taken back.
ALTER TABLE set_aside ADD COLUMN min_time INTEGER;
ALTER TABLE set_aside ADD COLUMN max_time INTEGER;
ALTER TABLE set_aside ADD COLUMN bytes INTEGER;
ALTER TABLE set_aside ADD COLUMN checksum INTEGER;
