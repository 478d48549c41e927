"""Neighbours, clusters and projections."""
import numpy as np

from ._onnx_graph import Unconvertible
from ._onnx_linear import squared_distances

_MAX_POINTS = 50_000


def _nearest(estimator, graph, x):
    points = np.asarray(estimator._fit_X, dtype=float)
    if len(points) > _MAX_POINTS:
        raise Unconvertible(f"{type(estimator).__name__} remembers {len(points):,} records, more than {_MAX_POINTS:,}")
    metric, p = estimator.effective_metric_, (estimator.effective_metric_params_ or {}).get("p", 2)
    if metric == "euclidean" or (metric == "minkowski" and p == 2):
        distances = squared_distances(graph, x, points)
    elif metric in ("manhattan", "cityblock") or (metric == "minkowski" and p == 1):
        distances = _city_distances(graph, x, points)
    else:
        raise Unconvertible(f"{type(estimator).__name__} measures by {metric}")
    distances, indices = graph.op("TopK", distances, graph.ints(estimator.n_neighbors), outputs=2, axis=1, largest=0, sorted=1)
    if metric not in ("manhattan", "cityblock") and p == 2:
        distances = graph.op("Sqrt", distances)
    return indices, _weights(estimator, graph, distances)


def _city_distances(graph, x, points):
    distances = None
    for feature in range(points.shape[1]):
        difference = graph.op("Abs", graph.subtract(graph.columns(x, [feature]), graph.constant(points[:, feature][None, :], "f8")))
        distances = difference if distances is None else graph.add(distances, difference)
    return distances


def _weights(estimator, graph, distances):
    """None for equal weights; else by distance, where a point that is met exactly has all the weight."""
    if estimator.weights == "uniform":
        return None
    if estimator.weights != "distance":
        raise Unconvertible(f"{type(estimator).__name__} weighs by a function of its own")
    met = graph.double(graph.op("Equal", distances, graph.number(0)))
    any_met = graph.op("Greater", graph.total(met), graph.number(0))
    return graph.op("Where", any_met, met, graph.divide(graph.number(1), distances))


def neighbours_regressor(estimator, graph, x):
    targets = np.asarray(estimator._y, dtype=float)
    if targets.ndim > 1 and targets.shape[1] != 1:
        raise Unconvertible(f"{type(estimator).__name__} answers with {targets.shape[1]} numbers")
    indices, weights = _nearest(estimator, graph, x)
    values = graph.op("Gather", graph.constant(targets.ravel(), "f8"), indices, axis=0)
    if weights is None:
        return {"predict": graph.divide(graph.total(values, keep=False), graph.number(estimator.n_neighbors))}
    return {"predict": graph.divide(graph.total(graph.multiply(values, weights), keep=False), graph.total(weights, keep=False))}


def neighbours_classifier(estimator, graph, x):
    labels = np.asarray(estimator._y)
    if labels.ndim > 1 and labels.shape[1] != 1:
        raise Unconvertible(f"{type(estimator).__name__} answers with several labels")
    indices, weights = _nearest(estimator, graph, x)
    ballots = np.eye(len(estimator.classes_))[labels.ravel()]
    votes = graph.op("Gather", graph.constant(ballots, "f8"), indices, axis=0)  # [rows, neighbours, classes]
    if weights is not None:
        votes = graph.multiply(votes, graph.op("Unsqueeze", weights, graph.ints(2)))
    votes = graph.total(votes, axis=1, keep=False)
    return {"label": graph.argmax(votes), "predict_proba": graph.normalized(votes)}


def clusters(estimator, graph, x):
    distances = squared_distances(graph, x, np.asarray(estimator.cluster_centers_, dtype=float))
    return {
        "label": graph.op("ArgMin", distances, axis=1, keepdims=0),
        "values": list(range(len(estimator.cluster_centers_))),
        "transform": graph.op("Sqrt", distances),
    }


def projection(estimator, graph, x):
    mean = getattr(estimator, "mean_", None)
    if mean is not None:
        x = graph.subtract(x, graph.constant(mean[None, :], "f8"))
    components = estimator.components_.T
    if getattr(estimator, "whiten", False):
        components = components / np.sqrt(estimator.explained_variance_)
    return graph.op("MatMul", x, graph.constant(components, "f8")), components.shape[1]
