"""Random forest for any table: numbers, words, yes/no values, with gaps."""

from numbers import Number

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, f1_score

MAX_WORDS = 20            # a text column with more different words gets one number per word instead of one column
MAX_FOREST_BYTES = 24e6   # keeps training on big tables small; tables of a few thousand rows never reach it
PROGRESS_STEPS = 10


def train(data, params, run):
    labels = np.asarray(data.labels, dtype=object)
    labelled = np.array([label is not None for label in labels])
    run.progress(0.0, "encoding")
    columns = [(name, _learn(data[name])) for name in data]
    x, y = _encode(columns, data)[labelled], labels[labelled].astype(str)
    if len(y) == 0 or len(columns) == 0:
        raise ValueError(f"Nothing to learn from: {len(y)} labelled rows with {len(columns)} columns. Select rows with labels.")

    forest = _grow(x, y, int(params.get("trees", 200)), int(params.get("random_state", 0)), run)
    # Each tree is judged on the rows it was not shown, so no row needs to be held back.
    votes = forest.oob_decision_function_
    seen = np.nan_to_num(votes).sum(axis=1) > 0
    answers = forest.classes_[votes[seen].argmax(axis=1)]
    run.metric("accuracy", float(accuracy_score(y[seen], answers)))
    run.metric("macro_f1", float(f1_score(y[seen], answers, average="macro")))
    return {"columns": columns, "classes": forest.classes_.astype(object), "trees": [tree.tree_ for tree in forest.estimators_]}


def predict(model, batch):
    x = _encode(model["columns"], batch)
    # What RandomForestClassifier.predict_proba does, without its 20 us of scheduling per tree.
    probabilities = np.zeros((len(x), len(model["classes"])))
    for tree in model["trees"]:
        votes = tree.predict(x).reshape(probabilities.shape)
        probabilities += votes / votes.sum(axis=1, keepdims=True)
    probabilities /= len(model["trees"])
    return model["classes"][probabilities.argmax(axis=1)], probabilities


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


def _learn(values):
    """Returns how to encode a column: ("number", median) or ("words", {word: place}) or ("codes", {word: number})."""
    values = np.asarray(values)
    if not _is_text(values):
        numbers = _numbers(values)
        known = numbers[~np.isnan(numbers)]
        return "number", float(np.median(known)) if len(known) else 0.0
    words, counts = np.unique([str(value) for value in values if value is not None], return_counts=True)
    if len(words) <= MAX_WORDS:
        return "words", {word: place for place, word in enumerate(words.tolist())}
    frequent_first = words[np.argsort(-counts, kind="stable")]
    return "codes", {word: number for number, word in enumerate(frequent_first.tolist())}


def _encode(columns, batch):
    parts = []
    for name, (kind, learnt) in columns:
        values = np.asarray(batch[name])
        if kind == "number":
            numbers = _numbers(values)
            part = np.where(np.isnan(numbers), learnt, numbers)[:, None]
        else:
            # Gaps and words that training never saw have no place: all zeros, or code -1.
            codes = np.array([learnt.get(str(value), -1) if value is not None else -1 for value in values.tolist()], dtype=np.int64)
            part = codes[:, None] == np.arange(len(learnt)) if kind == "words" else codes[:, None]
        parts.append(part.astype(np.float32))
    return np.ascontiguousarray(np.hstack(parts))


def _is_text(values):
    return values.dtype.kind in "OUS" and not all(value is None or isinstance(value, Number) for value in values.tolist())


def _numbers(values):
    if values.dtype.kind in "OUS":
        values = np.array([_number(value) for value in values.tolist()], dtype=np.float64)
    limit = np.finfo(np.float32).max  # trees compare in single precision
    return np.clip(values.astype(np.float64), -limit, limit)


def _number(value):
    try:
        return float(value)
    except (TypeError, ValueError):
        return np.nan
