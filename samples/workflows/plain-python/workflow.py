"""Nearest neighbours in pure Python: runs where the interpreter has nothing but its standard library."""

from bisect import bisect_left
from collections import Counter
from math import hypot, isnan
from statistics import fmean, pstdev


def train(data, params, run):
    columns = [list(data[name]) for name in ("torque", "angle")]
    scales = [_scale(column) for column in columns]
    points = sorted(
        (*_scaled(point, scales), str(label))
        for *point, label in zip(*columns, data.labels)
        if label is not None and not any(isnan(value) for value in point))
    run.metric("records", len(points))
    return {"points": points, "scales": scales, "neighbours": params["neighbours"]}


def predict(model, batch):
    return [_answer(model, point) for point in zip(*(batch[name] for name in ("torque", "angle")))]


def evaluate(model, data):
    answers = predict(model, data)
    return {"accuracy": fmean(answer == str(label) for answer, label in zip(answers, data.labels))}


def _answer(model, point):
    if any(isnan(value) for value in point):
        return None
    x, y = _scaled(point, model["scales"])
    points, wanted = model["points"], model["neighbours"]
    # Sorted by torque: the search goes outwards from the place where the point would stand.
    place = bisect_left(points, (x, y))
    below, above, near = place - 1, place, []
    while below >= 0 or above < len(points):
        takes_below = above >= len(points) or (below >= 0 and x - points[below][0] <= points[above][0] - x)
        px, py, label = points[below if takes_below else above]
        if len(near) == wanted and abs(px - x) >= near[-1][0]:
            break
        near = sorted([*near, (hypot(px - x, py - y), label)])[:wanted]
        below, above = (below - 1, above) if takes_below else (below, above + 1)
    return Counter(label for _, label in near).most_common(1)[0][0]


def _scale(values):
    known = [value for value in values if not isnan(value)]
    return fmean(known), pstdev(known) or 1.0


def _scaled(point, scales):
    return [(value - mean) / spread for value, (mean, spread) in zip(point, scales)]
