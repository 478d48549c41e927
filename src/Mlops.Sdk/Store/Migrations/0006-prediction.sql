-- What happened to models and deployments, and who wanted it.
CREATE TABLE lifecycle (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    subject TEXT NOT NULL,
    action TEXT NOT NULL,
    model TEXT,
    author TEXT,
    text TEXT,
    at INTEGER NOT NULL) STRICT;
CREATE INDEX lifecycle_subject ON lifecycle (subject, number);

-- The production models that a deployment has had and can go back to, the current one last; and the model that is tried beside it.
ALTER TABLE deployment ADD COLUMN models TEXT;
ALTER TABLE deployment ADD COLUMN candidate TEXT;

-- Which models are in use: what is named here cannot be deleted.
CREATE TABLE deployment_model (
    deployment TEXT NOT NULL,
    role TEXT NOT NULL,
    model TEXT NOT NULL REFERENCES model(id),
    PRIMARY KEY (deployment, role)) STRICT, WITHOUT ROWID;
INSERT INTO deployment_model (deployment, role, model)
    SELECT d.id, 'production', m.id FROM deployment d JOIN model m ON m.id = json_extract(d.request, '$.model') WHERE d.state <> 'stopped';

-- How answers compare with what was expected, by what they are compared with: another model's answers, or labels.
CREATE TABLE answer_tally (
    deployment TEXT NOT NULL,
    role TEXT NOT NULL,
    model TEXT NOT NULL,
    tally TEXT NOT NULL,
    PRIMARY KEY (deployment, role, model)) STRICT, WITHOUT ROWID;

CREATE TABLE backtest (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    info TEXT NOT NULL) STRICT;

-- The labelled answers of each deployment, the newest hundred thousand: what a corrected label must take back from its tally.
CREATE TABLE outcome (
    deployment TEXT NOT NULL,
    role TEXT NOT NULL,
    row INTEGER NOT NULL,
    model TEXT NOT NULL,
    expected TEXT NOT NULL,
    answered_class TEXT,
    answered_number REAL,
    PRIMARY KEY (deployment, role, row)) STRICT, WITHOUT ROWID;

ALTER TABLE model ADD COLUMN stage TEXT NOT NULL DEFAULT 'none';
UPDATE model SET stage = 'production' WHERE id IN (SELECT model FROM deployment_model);

-- How the data was distributed that a model learned from.
CREATE TABLE model_profile (
    model TEXT PRIMARY KEY REFERENCES model(id) ON DELETE CASCADE,
    profile TEXT NOT NULL) STRICT, WITHOUT ROWID;
