-- Feeds and what is stored of them. The log holds accepted batches; segments are the Parquet files that closed ranges of it became.
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE feed (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    app TEXT, connection TEXT, collection TEXT,
    created INTEGER NOT NULL) STRICT;

-- Every revision that a feed's schema ever had: fields and their column names as JSON, so that old log rows and files can be read.
-- The version rises only with an incompatible change.
CREATE TABLE feed_schema (
    feed INTEGER NOT NULL REFERENCES feed(number),
    revision INTEGER NOT NULL,
    version INTEGER NOT NULL,
    fields TEXT NOT NULL,
    PRIMARY KEY (feed, revision)) STRICT, WITHOUT ROWID;

CREATE TABLE log (
    id INTEGER PRIMARY KEY,
    feed INTEGER NOT NULL REFERENCES feed(number),
    revision INTEGER NOT NULL,
    first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL,
    min_time INTEGER NOT NULL, max_time INTEGER NOT NULL,
    created INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    data BLOB NOT NULL) STRICT;
CREATE INDEX log_feed ON log (feed, first);

CREATE TABLE segment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    feed INTEGER NOT NULL REFERENCES feed(number),
    revision INTEGER NOT NULL,
    path TEXT NOT NULL UNIQUE,
    first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL,
    min_time INTEGER NOT NULL, max_time INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    checksum INTEGER NOT NULL) STRICT;
CREATE INDEX segment_feed ON segment (feed, first);

-- What could not be read any more: taken out of the way of the rest, kept for whoever wants to mend it.
CREATE TABLE set_aside (
    id INTEGER PRIMARY KEY,
    feed INTEGER NOT NULL REFERENCES feed(number),
    revision INTEGER NOT NULL,
    first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL,
    reason TEXT NOT NULL,
    path TEXT,
    data BLOB,
    created INTEGER NOT NULL) STRICT;

CREATE TABLE cursor (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE label (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    feed TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER, seq INTEGER, time INTEGER,
    key_field TEXT, key_value TEXT,
    from_time INTEGER, to_time INTEGER,
    value TEXT NOT NULL,
    author TEXT, source TEXT NOT NULL,
    created INTEGER NOT NULL) STRICT;
CREATE INDEX label_feed ON label (feed, name);
