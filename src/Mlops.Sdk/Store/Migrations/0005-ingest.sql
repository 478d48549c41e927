-- How plain JSON becomes records; what the configuration has added once; what was taken of each topic last.
CREATE TABLE mapping (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL) STRICT;

CREATE TABLE mapping_seed (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE retained (
    topic TEXT PRIMARY KEY,
    fingerprint INTEGER NOT NULL) STRICT, WITHOUT ROWID;
