-- When models are trained again, and what became of each time.
CREATE TABLE retrain_trigger (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    info TEXT NOT NULL) STRICT;

CREATE TABLE retraining (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    trigger_id TEXT NOT NULL,
    ended INTEGER NOT NULL,
    info TEXT NOT NULL) STRICT;
CREATE INDEX retraining_trigger ON retraining (trigger_id, number);
CREATE INDEX retraining_unended ON retraining (number) WHERE ended = 0;
