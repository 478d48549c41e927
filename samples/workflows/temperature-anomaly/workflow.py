"""Finds unusual days of a temperature without labels: statistics of the last day in an isolation forest."""

import numpy as np
from sklearn.ensemble import IsolationForest


def train(data, params, run):
    x = _statistics(data)
    forest = IsolationForest(n_estimators=int(params["trees"]), max_samples=min(256, len(x)), random_state=int(params["random_state"])).fit(x)
    scores = -forest.score_samples(x)
    limit = float(np.quantile(scores, 1 - float(params["expected"])))
    run.metric("windows", len(x))
    run.metric("limit", limit)
    return {"forest": forest, "limit": limit}


def predict(model, batch):
    scores = -model["forest"].score_samples(_statistics(batch))
    return {"score": scores, "anomaly": scores > model["limit"]}


def _statistics(windows):
    values = windows["temperature"]
    place = np.arange(values.shape[1]) - (values.shape[1] - 1) / 2
    slope = values @ place / (place @ place)
    return np.column_stack([values[:, -1], values.mean(axis=1), values.std(axis=1), values.min(axis=1), values.max(axis=1), slope])
