"""Trees and what is made of them.

Scikit-learn rounds the input of its trees to float32 and compares that with float64 thresholds; histogram gradient boosting
compares float64 with float64. Thresholds are written as float64, so comparisons agree in the last bit. TreeEnsembleRegressor sums in
float64 and answers in float32: each leaf therefore counts in two parts, a coarse one whose sums float32 holds exactly, and the rest.
"""
import math

import numpy as np

from ._onnx_graph import ML, Unconvertible

_EXACT_BITS = 22
_MAX_NODES = 4_000_000


class Forest:
    """Collects trees; leaves carry weights for targets."""

    def __init__(self, targets):
        self._targets = targets
        self._nodes = []  # (tree, node, feature, mode, threshold, true, false, missing goes to true)
        self._leaves = []  # (tree, node, weights)
        self._bound = 0.0
        self._trees = 0

    def add(self, nodes, leaves):
        """Adds a tree: nodes as (node, feature, mode, threshold, true, false, missing), leaves as {node: array of weights}."""
        tree, self._trees = self._trees, self._trees + 1
        self._nodes += [(tree, *node) for node in nodes]
        self._nodes += [(tree, node, 0, "LEAF", 0.0, 0, 0, 0) for node in leaves]
        self._leaves += [(tree, node, weights) for node, weights in leaves.items()]
        self._bound += max(float(np.abs(weights).max()) for weights in leaves.values())
        if len(self._nodes) > _MAX_NODES:
            raise Unconvertible(f"its trees have more than {_MAX_NODES:,} nodes")

    def sums(self, graph, x):
        """Returns the sums of the weights of the leaves that each row reaches, [rows, targets]."""
        weights = np.array([leaf[2] for leaf in self._leaves], dtype=float)
        quantum = 2.0 ** (math.ceil(math.log2(self._bound)) - _EXACT_BITS) if self._bound > 0 else 1.0
        coarse = np.round(weights / quantum) * quantum
        parts = [coarse, weights - coarse]
        if not parts[1].any():
            parts = parts[:1]
        sums = self._ensemble(graph, x, np.concatenate(parts, axis=1))
        if len(parts) == 1:
            return graph.double(sums)
        sums = graph.double(sums)
        count = self._targets
        return graph.add(graph.columns(sums, range(count)), graph.columns(sums, range(count, 2 * count)))

    def _ensemble(self, graph, x, weights):
        # A leaf without any weight is not allowed.
        kept = weights != 0
        kept[~kept.any(axis=1), 0] = True
        leaf, target = np.nonzero(kept)
        tree, node = np.array([item[0] for item in self._leaves]), np.array([item[1] for item in self._leaves])
        columns = list(zip(*sorted(self._nodes, key=lambda item: (item[0], item[1]))))
        return graph.op(
            "TreeEnsembleRegressor",
            x,
            domain=ML,
            n_targets=weights.shape[1],
            aggregate_function="SUM",
            post_transform="NONE",
            nodes_treeids=_ints(columns[0]),
            nodes_nodeids=_ints(columns[1]),
            nodes_featureids=_ints(columns[2]),
            nodes_modes=list(columns[3]),
            nodes_values_as_tensor=np.array(columns[4], dtype="f8"),
            nodes_truenodeids=_ints(columns[5]),
            nodes_falsenodeids=_ints(columns[6]),
            nodes_missing_value_tracks_true=_ints(columns[7]),
            target_treeids=_ints(tree[leaf]),
            target_nodeids=_ints(node[leaf]),
            target_ids=_ints(target),
            target_weights_as_tensor=weights[leaf, target].astype("f8"),
        )


def _ints(values):
    return [int(value) for value in values]


def _add(forest, tree, weights, features=None):
    """Adds a tree of scikit-learn's; weights: an array [nodes, targets] of what each leaf weighs, features: which columns it sees."""
    nodes, leaves = [], {}
    for at in range(tree.node_count):
        if tree.children_left[at] < 0:
            leaves[at] = np.atleast_1d(weights[at])
        else:
            feature = tree.feature[at] if features is None else features[tree.feature[at]]
            nodes.append((at, int(feature), "BRANCH_LEQ", float(tree.threshold[at]), int(tree.children_left[at]), int(tree.children_right[at]), 0))
    forest.add(nodes, leaves)


def _chances(tree):
    votes = tree.value[:, 0, :]
    return votes / votes.sum(axis=1, keepdims=True)


def _single_output(estimator):
    if estimator.n_outputs_ != 1:
        raise Unconvertible(f"{type(estimator).__name__} answers with several values")


def forest_classifier(estimator, graph, x):
    _single_output(estimator)
    members = getattr(estimator, "estimators_", [estimator])
    forest = Forest(len(estimator.classes_))
    for member in members:
        _add(forest, member.tree_, _chances(member.tree_))
    chances = graph.divide(forest.sums(graph, graph.single(x)), graph.number(len(members)))
    return {"label": graph.argmax(chances), "predict_proba": chances}


def forest_regressor(estimator, graph, x):
    _single_output(estimator)
    members = getattr(estimator, "estimators_", [estimator])
    forest = Forest(1)
    for member in members:
        _add(forest, member.tree_, member.tree_.value[:, 0, :1])
    return {"predict": graph.flat(graph.divide(forest.sums(graph, graph.single(x)), graph.number(len(members))))}


def _boosted(estimator, graph, x):
    if estimator.init_ != "zero" and type(estimator.init_).__name__ not in ("DummyClassifier", "DummyRegressor"):
        raise Unconvertible(f"{type(estimator).__name__} begins with {type(estimator.init_).__name__}")
    start = estimator._raw_predict_init(np.zeros((1, estimator.n_features_in_), dtype=np.float32))
    stages, width = estimator.estimators_.shape
    forest = Forest(width)
    for stage in range(stages):
        for target in range(width):
            tree = estimator.estimators_[stage, target].tree_
            weights = np.zeros((tree.node_count, width))
            weights[:, target] = estimator.learning_rate * tree.value[:, 0, 0]
            _add(forest, tree, weights)
    return graph.add(forest.sums(graph, graph.single(x)), graph.constant(start, "f8"))


def boosting_regressor(estimator, graph, x):
    return {"predict": graph.flat(_boosted(estimator, graph, x))}


def boosting_classifier(estimator, graph, x):
    raw = _boosted(estimator, graph, x)
    if len(estimator.classes_) > 2:
        chances = graph.softmax(raw)
    else:
        chances = graph.two_sided(graph.sigmoid(graph.multiply(graph.number(2), raw) if estimator.loss == "exponential" else raw))
    return {"label": graph.argmax(chances), "predict_proba": chances, "decision_function": graph.flat(raw) if len(estimator.classes_) == 2 else raw}


def _histogram(estimator, graph, x):
    known, places = estimator._bin_mapper.make_known_categories_bitsets()
    categorical = {} if estimator.is_categorical_ is None else {int(feature): known[places[feature]] for feature in np.flatnonzero(estimator.is_categorical_)}
    for feature, bits in categorical.items():
        x = _unknown_as_missing(graph, x, estimator.n_features_in_, feature, _members(bits))
    width = estimator.n_trees_per_iteration_
    forest = Forest(width)
    for stage in estimator._predictors:
        for target, predictor in enumerate(stage):
            _add_histogram(forest, predictor, target, width)
    return graph.add(forest.sums(graph, x), graph.constant(np.reshape(estimator._baseline_prediction, (1, -1)), "f8"))


def _members(bits):
    return [value for value in range(256) if int(bits[value // 32]) >> (value % 32) & 1]


def _unknown_as_missing(graph, x, width, feature, members):
    """Categories that training never saw go the way of missing values; fractions are cut off."""
    column = graph.op("Floor", graph.columns(x, [feature]))
    is_known = graph.total(graph.double(graph.op("Equal", column, graph.constant(np.array([members], dtype="f8")))))
    column = graph.op("Where", graph.op("Greater", is_known, graph.number(0)), column, graph.number(np.nan))
    parts = [graph.columns(x, range(feature))] * (feature > 0) + [column] + [graph.columns(x, range(feature + 1, width))] * (feature + 1 < width)
    return graph.concat(parts)


def _add_histogram(forest, predictor, target, width):
    nodes, leaves = [], {}
    extra = len(predictor.nodes)
    for at, node in enumerate(predictor.nodes):
        if node["is_leaf"]:
            weights = np.zeros(width)
            weights[target] = node["value"]
            leaves[at] = weights
            continue
        feature, left, right, missing = int(node["feature_idx"]), int(node["left"]), int(node["right"]), int(node["missing_go_to_left"])
        if not node["is_categorical"]:
            nodes.append((at, feature, "BRANCH_LEQ", float(node["num_threshold"]), left, right, missing))
            continue
        # A set is a chain of comparisons whose yes leads to the same place.
        members = _members(predictor.raw_left_cat_bitsets[node["bitset_idx"]])
        here = at
        for place, member in enumerate(members):
            is_last = place == len(members) - 1
            following = right if is_last else extra
            nodes.append((here, feature, "BRANCH_EQ", float(member), left, following, missing))
            if not is_last:
                here, extra = extra, extra + 1
    forest.add(nodes, leaves)


def histogram_regressor(estimator, graph, x):
    raw = graph.flat(_histogram(estimator, graph, x))
    loss = estimator.loss if isinstance(estimator.loss, str) else ""
    if loss in ("squared_error", "absolute_error", "quantile"):
        return {"predict": raw}
    if loss in ("poisson", "gamma"):
        return {"predict": graph.op("Exp", raw)}
    raise Unconvertible(f"HistGradientBoostingRegressor has the loss {estimator.loss!r}")


def histogram_classifier(estimator, graph, x):
    raw = _histogram(estimator, graph, x)
    chances = graph.softmax(raw) if len(estimator.classes_) > 2 else graph.two_sided(graph.sigmoid(raw))
    return {"label": graph.argmax(chances), "predict_proba": chances, "decision_function": graph.flat(raw) if len(estimator.classes_) == 2 else raw}


def _members_are_trees(estimator):
    if not all(hasattr(member, "tree_") for member in estimator.estimators_):
        raise Unconvertible(f"{type(estimator).__name__} is not made of trees")


def adaboost_classifier(estimator, graph, x):
    _members_are_trees(estimator)
    count = len(estimator.classes_)
    forest = Forest(count)
    for member, weight in zip(estimator.estimators_, estimator.estimator_weights_):
        chances = _chances(member.tree_)
        if estimator.algorithm == "SAMME.R":
            logs = np.log(np.clip(chances, np.finfo(chances.dtype).eps, None))
            votes = (count - 1) * (logs - logs.mean(axis=1, keepdims=True))
        else:
            votes = weight * (chances.argmax(axis=1)[:, None] == np.arange(count))
        _add(forest, member.tree_, votes)
    scores = graph.divide(forest.sums(graph, graph.single(x)), graph.number(estimator.estimator_weights_.sum()))
    if count == 2:
        scores = graph.subtract(graph.columns(scores, [1]), graph.columns(scores, [0]))
        half = graph.divide(scores, graph.number(2))
        flat = graph.flat(scores)
        label = graph.integer(graph.op("Greater", flat, graph.number(0)))
        return {"label": label, "decision_function": flat, "predict_proba": graph.softmax(graph.concat([graph.op("Neg", half), half]))}
    chances = graph.softmax(graph.divide(scores, graph.number(count - 1)))
    return {"label": graph.argmax(scores), "decision_function": scores, "predict_proba": chances}


def adaboost_regressor(estimator, graph, x):
    """The weighted median of the trees' answers."""
    _members_are_trees(estimator)
    count = len(estimator.estimators_)
    forest = Forest(count)
    for at, member in enumerate(estimator.estimators_):
        weights = np.zeros((member.tree_.node_count, count))
        weights[:, at] = member.tree_.value[:, 0, 0]
        _add(forest, member.tree_, weights)
    answers = forest.sums(graph, graph.single(x))
    ordered, places = graph.op("TopK", answers, graph.ints(count), outputs=2, axis=1, largest=0, sorted=1)
    weights = graph.op("Gather", graph.constant(np.asarray(estimator.estimator_weights_[:count], dtype="f8")), places, axis=0)
    reached = graph.op("CumSum", weights, graph.constant(1, "i8"))
    half = graph.multiply(graph.number(0.5), graph.columns(reached, [count - 1]))
    above = graph.integer(graph.op("GreaterOrEqual", reached, half))
    return {"predict": graph.pick(ordered, graph.argmax(above))}


def isolation_forest(estimator, graph, x):
    from sklearn.ensemble._iforest import _average_path_length

    forest = Forest(1)
    for member, features in zip(estimator.estimators_, estimator.estimators_features_):
        _add(forest, member.tree_, (_depths(member.tree_) + _average_path_length(member.tree_.n_node_samples))[:, None], features)
    longest = len(estimator.estimators_) * float(_average_path_length([estimator._max_samples if hasattr(estimator, "_max_samples") else estimator.max_samples_])[0])
    if longest == 0:
        raise Unconvertible("IsolationForest has learned from one record")
    share = graph.divide(forest.sums(graph, graph.single(x)), graph.number(longest))
    score = graph.op("Neg", graph.op("Pow", graph.number(2), graph.op("Neg", graph.flat(share))))
    decision = graph.subtract(score, graph.number(estimator.offset_))
    return {
        "label": graph.integer(graph.op("GreaterOrEqual", decision, graph.number(0))),
        "values": [-1, 1],
        "score_samples": score,
        "decision_function": decision,
    }


def _depths(tree):
    depths = np.zeros(tree.node_count)
    for at in range(tree.node_count):
        if tree.children_left[at] >= 0:
            depths[[tree.children_left[at], tree.children_right[at]]] = depths[at] + 1
    return depths
