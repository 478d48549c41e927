"""Trains a workflow package on one CSV and answers another, with the smallest stand-in for the framework.

usage: run_workflow.py FOLDER TRAIN_CSV TEST_CSV LABEL_COLUMN [--plain]
Prints one JSON object. --plain adds the accuracy of a bare RandomForest(200) on the same rows (numbers only).
"""

import csv
import importlib.util
import json
import pickle
import sys
import time

import numpy as np


class Columns(dict):
    """What a workflow sees as data or batch: column -> array."""

    def __init__(self, columns, labels):
        super().__init__(columns)
        self.labels = labels
        self.rows = len(next(iter(columns.values())))
        self.timestamps = np.arange(self.rows).astype("datetime64[ns]")

    def slice(self, part):
        return Columns({name: values[part] for name, values in self.items()}, None if self.labels is None else self.labels[part])


class Run:
    cancelled = False

    def __init__(self):
        self.metrics, self.fractions = {}, []

    def progress(self, fraction, text):
        assert isinstance(text, str)
        self.fractions.append(fraction)

    def metric(self, name, value, step=None):
        assert isinstance(value, float), type(value)
        self.metrics[name] = value


def typed(cells):
    known = [cell for cell in cells if cell != ""]
    if known and all(cell in ("true", "false") for cell in known) and len(known) == len(cells):
        return np.array([cell == "true" for cell in cells])
    try:
        numbers = np.array([float(cell) if cell else np.nan for cell in cells])
    except ValueError:
        return np.array([cell or None for cell in cells], dtype=object)
    whole = len(known) == len(cells) and all("." not in cell and "e" not in cell for cell in cells)
    return numbers.astype(np.int64) if whole else numbers


def read(path, label, types=None):
    with open(path, newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    columns = {name: typed([row[i] for row in rows]) for i, name in enumerate(header) if name != label}
    where = header.index(label)
    return Columns(columns, np.array([row[where] for row in rows], dtype=object))


def peak_kib():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


def main():
    folder, train_csv, test_csv, label = sys.argv[1:5]
    train, test = read(train_csv, label), read(test_csv, label)
    spec = importlib.util.spec_from_file_location("packaged_workflow", f"{folder}/workflow.py")
    workflow = importlib.util.module_from_spec(spec)
    sys.modules["packaged_workflow"] = workflow
    spec.loader.exec_module(workflow)

    run = Run()
    began = time.perf_counter()
    model = workflow.train(train, {}, run)
    seconds = time.perf_counter() - began
    stored = pickle.dumps(model, protocol=5)
    model = pickle.loads(stored)
    peak = peak_kib()
    labels, probabilities = workflow.predict(model, test)
    single = []
    alone = []
    for i in range(test.rows):
        began = time.perf_counter()
        one, _ = workflow.predict(model, test.slice(slice(i, i + 1)))
        single.append(time.perf_counter() - began)
        alone.append(str(one[0]))
        if i == 199:
            break
    result = {
        "accuracy": float(np.mean(np.asarray(labels, dtype=object) == test.labels)),
        "answers": [str(answer) for answer in labels],
        "alone": alone,
        "metrics": run.metrics,
        "progress": run.fractions,
        "rows": len(labels),
        "probabilitiesShape": list(probabilities.shape),
        "probabilitySumsOff": float(np.abs(probabilities.sum(axis=1) - 1).max()),
        "trainSeconds": seconds,
        "singleRowMicroseconds": float(np.median(single) * 1e6),
        "modelBytes": len(stored),
        "peakMiB": peak / 1024,
        "pandasImported": "pandas" in sys.modules,
    }
    if "--plain" in sys.argv:
        from sklearn.ensemble import RandomForestClassifier

        x, x_test = (np.column_stack([values.astype(float) for values in part.values()]) for part in (train, test))
        forest = RandomForestClassifier(200, random_state=0, n_jobs=1).fit(x, train.labels.astype(str))
        result["plainAccuracy"] = float(np.mean(forest.predict(x_test) == test.labels.astype(str)))
    json.dump(result, sys.stdout)


main()
