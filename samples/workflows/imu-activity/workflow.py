"""Recognises activities by what the wrists feel: statistics in time and the spectrum of each sensor."""

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.metrics import accuracy_score, f1_score

BANDS = np.array([0.2, 0.6, 1.0, 1.5, 2.2, 3.2, 4.5, 6.5, 9.0, 12.0, 16.0])  # Hz


def train(data, params, run):
    labels = np.asarray(data.labels, dtype=str)
    run.progress(0.1, "features")
    x = _features(data)
    run.progress(0.3, "trees")
    forest = ExtraTreesClassifier(
        n_estimators=int(params["trees"]), min_samples_leaf=2, max_features=0.3, class_weight="balanced",
        random_state=int(params["random_state"]), n_jobs=1).fit(x, labels)
    run.metric("windows", len(labels))
    return forest


def predict(model, batch):
    probabilities = model.predict_proba(_features(batch))
    return model.classes_[probabilities.argmax(axis=1)], probabilities


def evaluate(model, data):
    labels, answers = np.asarray(data.labels, dtype=str), predict(model, data)[0]
    return {"accuracy": accuracy_score(labels, answers), "macro_f1": f1_score(labels, answers, average="macro")}


def _features(windows):
    """Turns (windows, rows, 12 channels) into features a window."""
    signals = np.asarray(windows)
    seconds = np.median(np.diff(windows.times[0].astype("i8"))) / 1e9 if signals.shape[1] > 1 else 1.0
    # How strong, whatever way the sensor sits.
    strengths = [np.linalg.norm(signals[:, :, first : first + 3], axis=2) for first in range(0, signals.shape[2], 3)]
    signals = np.concatenate([signals, np.stack(strengths, axis=2)], axis=2)
    return np.column_stack([_in_time(signals), _in_frequency(signals, seconds), _together(signals)]).astype(np.float32)


def _in_time(signals):
    low, first, middle, third, high = np.percentile(signals, [2, 25, 50, 75, 98], axis=1)
    changes = np.abs(np.diff(signals, axis=1))
    return np.column_stack([signals.mean(axis=1), signals.std(axis=1), low, first, middle, third, high, third - first, changes.mean(axis=1), changes.max(axis=1)])


def _in_frequency(signals, seconds):
    rows = signals.shape[1]
    shaped = (signals - signals.mean(axis=1, keepdims=True)) * np.hanning(rows)[:, None]
    power = np.abs(np.fft.rfft(shaped, axis=1)) ** 2
    frequencies = np.fft.rfftfreq(rows, seconds)
    edges = np.searchsorted(frequencies, BANDS)
    bands = [power[:, start : max(end, start + 1)].sum(axis=1) for start, end in zip(edges, edges[1:]) if start < power.shape[1]]
    total = power.sum(axis=1) + 1e-12
    main = frequencies[power.argmax(axis=1)]
    shares = power / total[:, None, :]
    entropy = -(shares * np.log(shares + 1e-12)).sum(axis=1)
    return np.column_stack([np.log(np.column_stack(bands) + 1e-6), np.log(total), main, entropy])


def _together(signals):
    """How the axes of a sensor, and the two hands, move together."""
    centred = signals - signals.mean(axis=1, keepdims=True)
    spread = centred.std(axis=1) + 1e-9
    pairs = [(base + a, base + b) for base in range(0, 12, 3) for a, b in ((0, 1), (0, 2), (1, 2))] + [(axis, axis + 6) for axis in range(6)] + [(12, 14), (13, 15)]
    return np.column_stack([(centred[:, :, a] * centred[:, :, b]).mean(axis=1) / (spread[:, a] * spread[:, b]) for a, b in pairs])
