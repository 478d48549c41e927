-- The assets that drivers connect, what their drivers remember, and which ids the configuration has brought already.
CREATE TABLE asset (
    id TEXT PRIMARY KEY COLLATE NOCASE,
    kind TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    mirror INTEGER NOT NULL,
    -- JSON; each secret in it is an object {"$protected": text}.
    settings TEXT NOT NULL,
    -- Rises with every change of any asset, so that it never repeats for one that was removed and added again.
    version INTEGER NOT NULL,
    changed INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE asset_memory (
    asset TEXT NOT NULL COLLATE NOCASE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (asset, key)) STRICT, WITHOUT ROWID;

CREATE TABLE asset_seed (id TEXT PRIMARY KEY COLLATE NOCASE) STRICT, WITHOUT ROWID;
