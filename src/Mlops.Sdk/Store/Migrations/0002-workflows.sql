-- What data scientists upload, what was trained from it, and what is in the prediction stage.
CREATE TABLE workflow (
    name TEXT NOT NULL, version TEXT NOT NULL,
    digest TEXT NOT NULL,
    manifest TEXT NOT NULL,
    folder TEXT NOT NULL,
    trusted INTEGER NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (name, version)) STRICT, WITHOUT ROWID;

CREATE TABLE training (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    info TEXT NOT NULL,
    -- What the run said, written once it has ended: the last lines of its output, and its metrics by step.
    log TEXT,
    history TEXT) STRICT;
CREATE INDEX training_unfinished ON training (number) WHERE state IN ('queued', 'running');

CREATE TABLE model (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    info TEXT NOT NULL) STRICT;

CREATE TABLE deployment (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    request TEXT NOT NULL,
    feed TEXT NOT NULL,
    created INTEGER NOT NULL) STRICT;
