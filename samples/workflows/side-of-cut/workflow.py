"""Answers with the class whose mean is nearest: small enough to read at a glance."""
import numpy as np


def train(data, params, run):
    points = np.column_stack([data["a"], data["b"]])
    means = {side: points[data.labels == side].mean(axis=0) for side in ("left", "right")}
    run.metric("distance", float(np.linalg.norm(means["left"] - means["right"])))
    return means


def predict(model, batch):
    points = np.column_stack([batch["a"], batch["b"]])
    left = np.linalg.norm(points - model["left"], axis=1)
    right = np.linalg.norm(points - model["right"], axis=1)
    score = np.column_stack([right, left]) / (left + right)[:, None]
    return np.where(left < right, "left", "right"), score
