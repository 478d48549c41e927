"""Linear models, support vector machines, naive Bayes, neural networks."""
import numpy as np

from ._onnx_graph import Unconvertible


def linear_regressor(estimator, graph, x):
    coefficients = np.atleast_2d(estimator.coef_)
    if coefficients.shape[0] != 1:
        raise Unconvertible(f"{type(estimator).__name__} answers with {coefficients.shape[0]} numbers")
    return {"predict": graph.flat(graph.affine(x, coefficients.T, np.ravel(estimator.intercept_)))}


def linear_classifier(estimator, graph, x):
    scores = graph.affine(x, np.atleast_2d(estimator.coef_).T, np.broadcast_to(estimator.intercept_, len(np.atleast_2d(estimator.coef_))))
    binary = len(estimator.classes_) == 2
    heads = decided(graph, scores, binary)
    name = type(estimator).__name__
    if name in ("LogisticRegression", "LogisticRegressionCV"):
        ovr = estimator.multi_class in ("ovr", "warn") or (estimator.multi_class == "auto" and (binary or estimator.solver == "liblinear"))
        heads["predict_proba"] = _one_vs_rest(graph, scores, binary) if ovr else _softmax(graph, scores, binary)
    elif name == "SGDClassifier" and estimator.loss in ("log_loss", "log"):
        heads["predict_proba"] = _one_vs_rest(graph, scores, binary)
    elif name == "LinearDiscriminantAnalysis":
        heads["predict_proba"] = graph.two_sided(graph.sigmoid(scores)) if binary else graph.softmax(scores)
    return heads


def decided(graph, scores, binary):
    """The class by scores: one column whose sign decides, or a column a class."""
    if binary:
        flat = graph.flat(scores)
        return {"label": graph.integer(graph.op("Greater", flat, graph.number(0))), "decision_function": flat}
    return {"label": graph.argmax(scores), "decision_function": scores}


def _one_vs_rest(graph, scores, binary):
    chances = graph.sigmoid(scores)
    return graph.two_sided(chances) if binary else graph.normalized(chances)


def _softmax(graph, scores, binary):
    return graph.softmax(graph.concat([graph.op("Neg", scores), scores]) if binary else scores)


def kernel(estimator, graph, x):
    """The kernel of each row with each support vector."""
    vectors = np.asarray(estimator.support_vectors_, dtype=float)
    gamma = float(estimator._gamma)
    if estimator.kernel == "rbf":
        return graph.op("Exp", graph.multiply(graph.number(-gamma), squared_distances(graph, x, vectors)))
    products = graph.op("MatMul", x, graph.constant(vectors.T, "f8"))
    if estimator.kernel == "linear":
        return products
    products = graph.add(graph.multiply(graph.number(gamma), products), graph.number(estimator.coef0))
    if estimator.kernel == "poly":
        return graph.op("Pow", products, graph.number(estimator.degree))
    if estimator.kernel == "sigmoid":
        return graph.op("Tanh", products)
    raise Unconvertible(f"{type(estimator).__name__} has a kernel of its own ({estimator.kernel!r})")


def squared_distances(graph, x, points):
    """Squared Euclidean distances, by differences: exact where rows are close to points."""
    distances = None
    for feature in range(points.shape[1]):
        difference = graph.subtract(graph.columns(x, [feature]), graph.constant(points[:, feature][None, :], "f8"))
        square = graph.multiply(difference, difference)
        distances = square if distances is None else graph.add(distances, square)
    return distances


def svm_regressor(estimator, graph, x):
    return {"predict": graph.flat(graph.affine(kernel(estimator, graph, x), estimator.dual_coef_.T, estimator.intercept_))}


def one_class_svm(estimator, graph, x):
    decision = graph.flat(graph.affine(kernel(estimator, graph, x), estimator.dual_coef_.T, estimator.intercept_))
    return {
        "label": graph.integer(graph.op("Greater", decision, graph.number(0))),
        "values": [-1, 1],
        "decision_function": decision,
        "score_samples": graph.add(decision, graph.constant(np.ravel(estimator.offset_)[0], "f8")),
    }


def svm_classifier(estimator, graph, x):
    """Each pair of classes votes, as in libsvm."""
    count = len(estimator.classes_)
    starts = np.concatenate([[0], np.cumsum(estimator.n_support_)])
    pairs = [(i, j) for i in range(count) for j in range(i + 1, count)]
    weights = np.zeros((starts[-1], len(pairs)))
    for at, (i, j) in enumerate(pairs):
        weights[starts[i] : starts[i + 1], at] = estimator._dual_coef_[j - 1, starts[i] : starts[i + 1]]
        weights[starts[j] : starts[j + 1], at] = estimator._dual_coef_[i, starts[j] : starts[j + 1]]
    decisions = graph.affine(kernel(estimator, graph, x), weights, np.ravel(estimator._intercept_))
    for_first = graph.double(graph.op("Greater", decisions, graph.number(0)))
    ballots = np.zeros((len(pairs), count))
    ballots[range(len(pairs)), [i for i, _ in pairs]] = 1
    against = np.zeros((len(pairs), count))
    against[range(len(pairs)), [j for _, j in pairs]] = 1
    if count > 2 and estimator.break_ties:
        raise Unconvertible("SVC breaks ties by confidence")
    votes = graph.add(
        graph.op("MatMul", for_first, graph.constant(ballots, "f8")),
        graph.op("MatMul", graph.subtract(graph.number(1), for_first), graph.constant(against, "f8")),
    )
    heads = {"label": graph.argmax(votes)}
    if count == 2:
        heads["decision_function"] = graph.op("Neg", graph.flat(decisions))
    if estimator.probability and count == 2:
        a, b = float(estimator.probA_[0]), float(estimator.probB_[0])
        heads["predict_proba"] = graph.op("Clip", _platt(graph, decisions, a, b), graph.number(1e-7), graph.number(1 - 1e-7))
    return heads


def _platt(graph, decisions, a, b):
    first = graph.sigmoid(graph.op("Neg", graph.add(graph.multiply(decisions, graph.number(a)), graph.number(b))))
    return graph.concat([first, graph.subtract(graph.number(1), first)])


def gaussian_bayes(estimator, graph, x):
    constant = np.log(estimator.class_prior_) - 0.5 * np.log(2 * np.pi * estimator.var_).sum(axis=1)
    scores = None
    for feature in range(estimator.theta_.shape[1]):
        difference = graph.subtract(graph.columns(x, [feature]), graph.constant(estimator.theta_[:, feature][None, :], "f8"))
        term = graph.divide(graph.multiply(difference, difference), graph.constant(estimator.var_[:, feature][None, :], "f8"))
        scores = term if scores is None else graph.add(scores, term)
    return _likelihoods(graph, graph.add(graph.constant(constant[None, :], "f8"), graph.multiply(graph.number(-0.5), scores)))


def discrete_bayes(estimator, graph, x):
    name = type(estimator).__name__
    log = estimator.feature_log_prob_
    if name == "BernoulliNB":
        if estimator.binarize is not None:
            x = graph.double(graph.op("Greater", x, graph.number(estimator.binarize)))
        absent = np.log(1 - np.exp(log))
        return _likelihoods(graph, graph.affine(x, (log - absent).T, estimator.class_log_prior_ + absent.sum(axis=1)))
    if name == "ComplementNB":
        prior = estimator.class_log_prior_ if len(estimator.classes_) == 1 else np.zeros(len(estimator.classes_))
        return _likelihoods(graph, graph.affine(x, log.T, prior))
    return _likelihoods(graph, graph.affine(x, log.T, estimator.class_log_prior_))


def _likelihoods(graph, scores):
    return {"label": graph.argmax(scores), "predict_proba": graph.softmax(scores)}


_ACTIVATIONS = {"relu": "Relu", "tanh": "Tanh", "logistic": "Sigmoid", "identity": None, "softmax": None}


def network(estimator, graph, x):
    layers = list(zip(estimator.coefs_, estimator.intercepts_))
    for at, (weights, offset) in enumerate(layers):
        x = graph.affine(x, weights, offset)
        activation = _ACTIVATIONS[estimator.activation if at < len(layers) - 1 else estimator.out_activation_]
        x = x if activation is None else graph.op(activation, x)
    if not hasattr(estimator, "classes_"):
        if estimator.n_outputs_ != 1:
            raise Unconvertible(f"{type(estimator).__name__} answers with {estimator.n_outputs_} numbers")
        return {"predict": graph.flat(x)}
    if estimator.out_activation_ == "softmax":
        chances = graph.softmax(x)
        return {"label": graph.argmax(chances), "predict_proba": chances}
    if estimator.n_outputs_ != 1:
        raise Unconvertible(f"{type(estimator).__name__} answers with several labels")
    return {"label": graph.integer(graph.op("Greater", graph.flat(x), graph.number(0.5))), "predict_proba": graph.two_sided(x)}
