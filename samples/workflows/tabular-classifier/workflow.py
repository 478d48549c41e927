"""Random forest for any table: numbers, words, yes/no values, with gaps."""

from numbers import Number

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, f1_score
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

MAX_WORDS = 20            # a text column with more different words gets one number per word instead of one column
MAX_FOREST_BYTES = 24e6   # keeps training on big tables small; tables of a few thousand rows never reach it
PROGRESS_STEPS = 10


def train(data, params, run):
    labels = np.asarray(data.labels, dtype=object)
    labelled = np.array([label is not None for label in labels])
    run.progress(0.0, "encoding")
    names = list(data)
    texts = [at for at, name in enumerate(names) if _is_text(data[name])]
    y = labels[labelled].astype(str)
    if len(y) == 0 or len(names) == 0:
        raise ValueError(f"Nothing to learn from: {len(y)} labelled rows with {len(names)} columns. Select rows with labels.")

    model = {"names": names, "texts": texts, "prepare": _prepare(names, texts, data), "medians": _medians(names, texts, data, labelled)}
    x = model["prepare"].fit_transform(_table(model, data)[labelled])
    forest = _grow(x, y, int(params.get("trees", 200)), int(params.get("random_state", 0)), run)
    # Each tree is judged on the rows it was not shown, so no row needs to be held back.
    votes = forest.oob_decision_function_
    seen = np.nan_to_num(votes).sum(axis=1) > 0
    answers = forest.classes_[votes[seen].argmax(axis=1)]
    run.metric("accuracy", float(accuracy_score(y[seen], answers)))
    run.metric("macro_f1", float(f1_score(y[seen], answers, average="macro")))
    del forest.oob_decision_function_
    return {**model, "forest": forest}


def predict(model, batch):
    x = model["prepare"].transform(_table(model, batch))
    probabilities = model["forest"].predict_proba(x)
    return model["forest"].classes_.astype(object)[probabilities.argmax(axis=1)], probabilities


def _prepare(names, texts, data):
    """Words that training never saw have no place: all zeros, or -1."""
    few, many = [], []
    for at in texts:
        (few if len({word for word in data[names[at]] if word is not None}) <= MAX_WORDS else many).append(at)
    numbers = [at for at in range(len(names)) if at not in texts]
    return ColumnTransformer([
        ("numbers", "passthrough", numbers),
        ("words", OneHotEncoder(handle_unknown="ignore", sparse_output=False, dtype=np.float64), few),
        ("codes", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), many),
    ])


def _medians(names, texts, data, labelled):
    """What stands for gaps. (scikit-learn's SimpleImputer would load pandas, tens of megabytes.)"""
    medians = np.zeros(len(names))
    for at in range(len(names)):
        if at not in texts:
            values = _numbers(data[names[at]])[labelled]
            there = values[~np.isnan(values)]
            medians[at] = np.median(there) if len(there) else 0.0
    return medians


def _grow(x, y, count, random_state, run):
    leaf_bytes = 2 * (64 + 8 * len(np.unique(y)))
    max_leaves = int(MAX_FOREST_BYTES / count / leaf_bytes)
    # A limit changes the order in which nodes are split, hence it is set only where trees could grow past it.
    forest = RandomForestClassifier(
        random_state=random_state, n_jobs=1, warm_start=True, max_leaf_nodes=max_leaves if len(y) > 5 * max_leaves else None)
    steps = min(PROGRESS_STEPS, count)
    for step in range(1, steps + 1):
        trees = count * step // steps
        last = step == steps or run.cancelled
        forest.set_params(n_estimators=trees, oob_score=last).fit(x, y)
        run.progress(trees / count, f"{trees} of {count} trees")
        if last:
            return forest


def _table(model, batch):
    columns = [_words(batch[name]) if at in model["texts"] else _filled(batch[name], model["medians"][at]) for at, name in enumerate(model["names"])]
    return np.column_stack(columns)


def _filled(values, median):
    values = _numbers(values)
    return np.where(np.isnan(values), median, values)


def _words(values):
    return np.array(["" if word is None else str(word) for word in values], dtype=object)


def _numbers(values):
    limit = np.finfo(np.float32).max  # trees compare in single precision
    return np.clip(np.asarray(values, dtype=np.float64), -limit, limit)


def _is_text(values):
    values = np.asarray(values)
    return values.dtype.kind in "OUS" and not all(value is None or isinstance(value, Number) for value in values.tolist())
