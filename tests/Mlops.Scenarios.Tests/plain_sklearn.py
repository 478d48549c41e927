"""What somebody without the framework would write: prints the accuracy of a random forest on a given split."""
import csv
import sys

import numpy as np
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

path, label, split = sys.argv[1:]
with open(path, newline="", encoding="utf-8-sig") as file:
    rows = list(csv.reader(file))
header, rows = rows[0], rows[1:]
train, test = [np.array(line.split(), dtype=int) for line in open(split)]


def number(text):
    return float(text) if text else np.nan


numbers, words = [], []
for i, name in enumerate(header):
    if name == label:
        continue
    try:
        [number(row[i]) for row in rows]
        numbers.append(i)
    except ValueError:
        words.append(i)
table = np.array([[number(row[i]) for i in numbers] + [row[i] for i in words] for row in rows], dtype=object)
labels = np.array([row[header.index(label)] for row in rows])
count = len(numbers)
model = make_pipeline(
    make_column_transformer(
        (SimpleImputer(strategy="median"), list(range(count))),
        (OneHotEncoder(handle_unknown="ignore"), list(range(count, count + len(words)))),
    ),
    RandomForestClassifier(n_estimators=200, random_state=0),
)
model.fit(table[train], labels[train])
print(np.mean(model.predict(table[test]) == labels[test]))
