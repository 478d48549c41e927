"""Random forest that estimates a quantity from any table: numbers, words, yes/no values, with gaps."""

from numbers import Number

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

MOST_WORDS = 20      # rarer words of a column count as one
LEAST_SAMPLES = 2    # a leaf


def train(data, params, run):
    truth = _numbers(data.labels)
    known = np.isfinite(truth)
    names = list(data)
    words = [at for at, name in enumerate(names) if _is_text(data[name])]
    numbers = [at for at in range(len(names)) if at not in words]
    if not known.any() or not names:
        raise ValueError(f"Nothing to learn from: {known.sum()} rows with a number as label, {len(names)} columns. Select labelled rows.")

    run.progress(0.1, "trees")
    prepare = ColumnTransformer([
        ("numbers", SimpleImputer(strategy="median", keep_empty_features=True), numbers),
        ("words", OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=MOST_WORDS, sparse_output=False), words),
    ])
    forest = RandomForestRegressor(n_estimators=int(params["trees"]), min_samples_leaf=LEAST_SAMPLES, max_features=0.5, random_state=int(params["random_state"]), n_jobs=1)
    model = {"names": names, "words": words, "forest": make_pipeline(prepare, forest)}
    model["forest"].fit(_table(model, data)[known], truth[known])
    return model


def predict(model, batch):
    return {"value": model["forest"].predict(_table(model, batch))}


def evaluate(model, data):
    truth = _numbers(data.labels)
    known = np.isfinite(truth)
    answers = predict(model, data)["value"][known]
    return {"r2": r2_score(truth[known], answers), "mae": mean_absolute_error(truth[known], answers)}


def _table(model, batch):
    if not model["words"]:
        return np.column_stack([np.asarray(batch[name], dtype=np.float64) for name in model["names"]])
    columns = [np.asarray(batch[name], dtype=object) for name in model["names"]]
    for at in model["words"]:
        columns[at] = np.array(["" if word is None else word for word in columns[at]], dtype=object)
    return np.column_stack(columns)


def _is_text(values):
    values = np.asarray(values)
    return values.dtype.kind in "OUS" and not all(value is None or isinstance(value, Number) for value in values.tolist())


def _numbers(values):
    values = np.asarray(values)
    if values.dtype.kind in "OUS":
        values = np.array([_number(value) for value in values.tolist()])
    return values.astype(np.float64)


def _number(value):
    try:
        return float(value)
    except (TypeError, ValueError):
        return np.nan
