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
