"""Trees of XGBoost. It rounds input to float32, goes left where that is smaller than the threshold, and where each node says when it is missing."""
import json
import math

import numpy as np

from ._onnx_graph import Unconvertible
from ._onnx_trees import Forest

_EXPONENTIAL = ("count:poisson", "reg:gamma", "reg:tweedie")


def regressor(estimator, graph, x):
    raw, objective = _margins(estimator, graph, x)
    raw = graph.flat(raw)
    if objective in ("reg:squarederror", "reg:absoluteerror", "reg:pseudohubererror", "reg:quantileerror"):
        return {"predict": raw}
    if objective == "reg:logistic":
        return {"predict": graph.sigmoid(raw)}
    if objective in _EXPONENTIAL:
        return {"predict": graph.op("Exp", raw)}
    raise Unconvertible(f"{type(estimator).__name__} has the objective {objective}")


def classifier(estimator, graph, x):
    raw, objective = _margins(estimator, graph, x)
    if objective == "binary:logistic":
        chances = graph.two_sided(graph.sigmoid(raw))
    elif objective in ("multi:softprob", "multi:softmax"):
        chances = graph.softmax(raw)
    else:
        raise Unconvertible(f"{type(estimator).__name__} has the objective {objective}")
    return {"label": graph.argmax(chances), "predict_proba": chances}


def _margins(estimator, graph, x):
    """Returns the sums of the leaves with what they begin from, [rows, targets], and the objective."""
    booster = estimator.get_booster()
    learner = json.loads(booster.save_config())["learner"]
    objective = learner["objective"]["name"]
    if learner["gradient_booster"]["name"] != "gbtree":
        raise Unconvertible(f"{type(estimator).__name__} boosts by {learner['gradient_booster']['name']}")
    missing = getattr(estimator, "missing", None)
    if missing is not None and missing == missing:
        raise Unconvertible(f"{type(estimator).__name__} takes {missing} for missing")
    width = max(1, int(learner["learner_model_param"]["num_class"]))
    dump = booster.get_dump(dump_format="json")
    rounds = getattr(estimator, "best_iteration", None) if getattr(estimator, "early_stopping_rounds", None) else None
    if rounds is not None:
        dump = dump[: (rounds + 1) * width * (getattr(estimator, "num_parallel_tree", None) or 1)]
    names = booster.feature_names
    places = {name: at for at, name in enumerate(names or [])}
    parallel = max(1, getattr(estimator, "num_parallel_tree", None) or 1)
    forest = Forest(width)
    for at, text in enumerate(dump):
        _add(forest, json.loads(text), at // parallel % width, width, places)
    begin = _margin_of(float(str(learner["learner_model_param"]["base_score"]).strip("[]").split(",")[0]), objective)
    return graph.add(forest.sums(graph, graph.single(x)), graph.constant(np.full((1, width), begin), "f8")), objective


def _margin_of(score, objective):
    if objective in ("binary:logistic", "reg:logistic"):
        return math.log(score / (1 - score))
    return math.log(score) if objective in _EXPONENTIAL else score


def _add(forest, root, target, width, places):
    nodes, leaves, waiting = [], {}, [root]
    while waiting:
        node = waiting.pop()
        if "leaf" in node:
            weights = np.zeros(width)
            weights[target] = node["leaf"]
            leaves[node["nodeid"]] = weights
            continue
        if isinstance(node["split_condition"], (list, dict)):
            raise Unconvertible("its trees split by sets of categories")
        name = node["split"]
        feature = places[name] if name in places else int(name[1:])
        threshold = float(np.float32(node["split_condition"]))
        nodes.append((node["nodeid"], feature, "BRANCH_LT", threshold, node["yes"], node["no"], int(node["missing"] == node["yes"])))
        waiting += node["children"]
    forest.add(nodes, leaves)
