-- How the rows of feeds are assembled; what the configuration has added once.
CREATE TABLE assembly (
    feed TEXT PRIMARY KEY,
    body TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE assembly_seed (feed TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
