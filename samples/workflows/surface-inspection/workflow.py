"""Finds what differs from the metal around it, and tells what it is.

A label is the class alone (``fine``), or class and box: ``scratch 12,30,40,8`` (x, y, width, height in pixels).
"""
import numpy as np
from scipy import ndimage
from sklearn.ensemble import RandomForestClassifier

FINE = "fine"
SMALLEST = 6  # pixels


def train(data, params, run):
    pictures, labels = data["image"], data.labels
    shapes, classes = [], []
    for row, (picture, label) in enumerate(zip(pictures, labels)):
        name, _, box = label.partition(" ")
        region = find(picture, params["threshold"])
        # A label with a box that the region misses would teach the wrong thing.
        if region is not None and (not box or agreement(region["box"], [int(part) for part in box.split(",")]) > 0.1):
            shapes.append(region["shape"])
            classes.append(name)
        elif region is None and name != FINE:
            run.metric("unseen", 1.0, row)
        if row % 50 == 0:
            run.progress(row / len(pictures), f"{row} pictures")
    forest = RandomForestClassifier(params["trees"], random_state=params["seed"]).fit(shapes, classes) if shapes else None
    run.metric("regions", float(len(shapes)))
    return {"forest": forest, "threshold": params["threshold"]}


def predict(model, batch):
    answers = {name: [] for name in ("label", "score", "x", "y", "width", "height")}
    regions = [find(picture, model["threshold"]) for picture in batch["image"]]
    seen = [region["shape"] for region in regions if region is not None]
    chances = iter(model["forest"].predict_proba(seen)) if seen and model["forest"] is not None else iter(())
    for region in regions:
        chance = None if region is None else next(chances, None)
        label, score = (FINE, 1.0) if chance is None else (model["forest"].classes_[chance.argmax()], float(chance.max()))
        box = (None,) * 4 if label == FINE or region is None else region["box"]
        for name, value in zip(answers, (label, score, *box)):
            answers[name].append(value)
    return answers


def evaluate(model, data):
    answers = predict(model, data)
    truths = [label.partition(" ") for label in data.labels]
    boxes = [
        agreement([answers[side][row] for side in ("x", "y", "width", "height")], [int(part) for part in box.split(",")])
        for row, (_, _, box) in enumerate(truths)
        if box and answers["x"][row] is not None
    ]
    return {
        "accuracy": float(np.mean([answer == name for answer, (name, _, _) in zip(answers["label"], truths)])),
        "box_agreement": float(np.mean(boxes)) if boxes else 0.0,
    }


def find(picture, threshold):
    """The region that stands out most: its box and its shape in numbers; None when nothing does."""
    flat = flattened(picture.astype(np.float32))
    smooth = ndimage.uniform_filter(flat, 3)
    spread = 1.4826 * np.median(np.abs(smooth)) + 1e-6
    deviation = smooth / spread
    regions, count = ndimage.label(ndimage.binary_closing(np.abs(deviation) > threshold, iterations=2))
    if count == 0:
        return None
    strengths = ndimage.sum(np.abs(deviation), regions, range(1, count + 1))
    best = int(np.argmax(strengths)) + 1
    rows, columns = np.nonzero(regions == best)
    if len(rows) < SMALLEST:
        return None
    inside = deviation[rows, columns]
    axes = np.sqrt(np.maximum(np.linalg.eigvalsh(np.cov(np.stack([columns, rows]) + 0.0)), 0.05))
    x, y = int(columns.min()), int(rows.min())
    width, height = int(columns.max()) - x + 1, int(rows.max()) - y + 1
    shape = [np.log(len(rows)), axes[1] / axes[0], axes[0], float(inside.mean()), float(np.abs(inside).max()), len(rows) / (width * height)]
    return {"box": (x, y, width, height), "shape": shape}


def flattened(picture):
    """Without the slope of the light and the stripes of the brush."""
    height, width = picture.shape
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    terms = np.stack([np.ones(picture.size, np.float32), xs.ravel() / width, ys.ravel() / height], axis=1)
    flat = picture - (terms @ np.linalg.lstsq(terms, picture.ravel(), rcond=None)[0]).reshape(picture.shape)
    return flat - np.median(flat, axis=1, keepdims=True)


def agreement(one, other):
    """The area that two boxes share, divided by the area that they cover together."""
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(0, wide) * max(0, high)
    return shared / max(1, one[2] * one[3] + other[2] * other[3] - shared)
