"""Trains estimators, converts each, and writes what scikit-learn answers: a folder a case, with converted model, records and answers.

Usage: write_cases.py FOLDER_OF_MLOPS TARGET ROWS
"""
import json
import os
import sys
import warnings

import numpy as np

sys.path.insert(0, sys.argv[1])
warnings.filterwarnings("ignore")

from mlops._convert import convert  # noqa: E402
from mlops._convert_trace import Rows  # noqa: E402
import xgboost  # noqa: E402
from sklearn import base, cluster, compose, decomposition, discriminant_analysis, ensemble, impute, linear_model, naive_bayes, neighbors, neural_network, pipeline, preprocessing, svm, tree  # noqa: E402

TARGET, ROWS = sys.argv[2], int(sys.argv[3])
TRAINED = 400


def pipe(*steps):
    return pipeline.make_pipeline(*steps)


def scaled(estimator):
    return pipe(preprocessing.StandardScaler(), estimator)


CLASSIFIERS = {
    "logistic": lambda: scaled(linear_model.LogisticRegression()),
    "logistic-ovr": lambda: linear_model.LogisticRegression(multi_class="ovr", max_iter=1000),
    "ridge-classifier": lambda: linear_model.RidgeClassifier(),
    "sgd-classifier": lambda: scaled(linear_model.SGDClassifier(loss="log_loss", random_state=0)),
    "perceptron": lambda: scaled(linear_model.Perceptron(random_state=0)),
    "linear-discriminant": lambda: discriminant_analysis.LinearDiscriminantAnalysis(),
    "linear-svc": lambda: scaled(svm.LinearSVC(random_state=0)),
    "svc-linear": lambda: scaled(svm.SVC(kernel="linear")),
    "svc-rbf": lambda: scaled(svm.SVC()),
    "svc-poly": lambda: scaled(svm.SVC(kernel="poly", degree=2, coef0=1.0)),
    "gaussian-bayes": lambda: naive_bayes.GaussianNB(),
    "multinomial-bayes": lambda: pipe(preprocessing.MinMaxScaler(clip=True), naive_bayes.MultinomialNB()),
    "complement-bayes": lambda: pipe(preprocessing.MinMaxScaler(clip=True), naive_bayes.ComplementNB()),
    "bernoulli-bayes": lambda: naive_bayes.BernoulliNB(binarize=0.3),
    "neighbours": lambda: neighbors.KNeighborsClassifier(algorithm="kd_tree"),
    "neighbours-by-distance": lambda: neighbors.KNeighborsClassifier(weights="distance", p=1, algorithm="kd_tree"),
    "tree": lambda: tree.DecisionTreeClassifier(max_depth=6, random_state=0),
    "forest": lambda: ensemble.RandomForestClassifier(30, random_state=0),
    "small-forest": lambda: ensemble.RandomForestClassifier(30, max_depth=4, random_state=0),
    "extra-trees": lambda: ensemble.ExtraTreesClassifier(30, random_state=0),
    "boosting": lambda: ensemble.GradientBoostingClassifier(n_estimators=20, random_state=0),
    "histogram": lambda: ensemble.HistGradientBoostingClassifier(max_iter=20, random_state=0),
    "adaboost": lambda: ensemble.AdaBoostClassifier(n_estimators=20, random_state=0),
    "adaboost-samme": lambda: ensemble.AdaBoostClassifier(n_estimators=20, algorithm="SAMME", random_state=0),
    "xgboost": lambda: xgboost.XGBClassifier(n_estimators=20, max_depth=4),
    "network": lambda: scaled(neural_network.MLPClassifier((8,), max_iter=50, random_state=0)),
    "network-tanh": lambda: scaled(neural_network.MLPClassifier((8, 4), activation="tanh", max_iter=50, random_state=0)),
    "projected": lambda: pipe(preprocessing.RobustScaler(), decomposition.PCA(), linear_model.LogisticRegression()),
    "whitened": lambda: pipe(preprocessing.Normalizer(), decomposition.PCA(whiten=True), linear_model.LogisticRegression()),
}
REGRESSORS = {
    "linear": lambda: linear_model.LinearRegression(),
    "ridge": lambda: linear_model.Ridge(),
    "lasso": lambda: linear_model.Lasso(0.01),
    "elastic-net": lambda: linear_model.ElasticNet(0.01),
    "svr-rbf": lambda: scaled(svm.SVR()),
    "neighbours-regressor": lambda: neighbors.KNeighborsRegressor(algorithm="kd_tree"),
    "tree-regressor": lambda: tree.DecisionTreeRegressor(random_state=0),
    "forest-regressor": lambda: ensemble.RandomForestRegressor(30, random_state=0),
    "extra-trees-regressor": lambda: ensemble.ExtraTreesRegressor(30, random_state=0),
    "boosting-regressor": lambda: ensemble.GradientBoostingRegressor(n_estimators=20, random_state=0),
    "histogram-regressor": lambda: ensemble.HistGradientBoostingRegressor(max_iter=20, random_state=0),
    "histogram-poisson": lambda: ensemble.HistGradientBoostingRegressor(loss="poisson", max_iter=20, random_state=0),
    "adaboost-regressor": lambda: ensemble.AdaBoostRegressor(n_estimators=20, random_state=0),
    "xgboost-regressor": lambda: xgboost.XGBRegressor(n_estimators=20, max_depth=4),
    "xgboost-poisson": lambda: xgboost.XGBRegressor(n_estimators=20, objective="count:poisson"),
    "xgboost-forest": lambda: xgboost.XGBRFRegressor(n_estimators=20, random_state=0),
    "network-regressor": lambda: scaled(neural_network.MLPRegressor((8,), max_iter=50, random_state=0)),
}
UNSUPERVISED = {
    "kmeans": lambda: scaled(cluster.KMeans(4, n_init=3, random_state=0)),
    "isolation-forest": lambda: ensemble.IsolationForest(n_estimators=30, random_state=0),
    "one-class-svm": lambda: scaled(svm.OneClassSVM(nu=0.1)),
}
TAKES_GAPS = {"histogram", "histogram-regressor", "histogram-poisson", "xgboost", "xgboost-regressor", "xgboost-poisson", "xgboost-forest"}
ORDINAL = preprocessing.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
ENCODED = {
    "ordinal-logistic": (linear_model.LogisticRegression(max_iter=1000), ORDINAL),
    "ordinal-forest": (ensemble.RandomForestClassifier(30, random_state=0), ORDINAL),
    "ordinal-gaps": (
        ensemble.HistGradientBoostingClassifier(max_iter=20, random_state=0),
        preprocessing.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)),
    "histogram-categories": (
        ensemble.HistGradientBoostingClassifier(max_iter=20, categorical_features=[0], random_state=0),
        preprocessing.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)),
}


def numbers(rows, features, seed, digits):
    random = np.random.default_rng(seed)
    return {f"x{i}": np.round(random.normal(i, 1 + i, rows), digits) for i in range(features)}


def matrix(data, names):
    return np.column_stack([np.asarray(data[name], dtype=float) for name in names])


def target(columns, classes):
    first = columns["x0"] + np.sin(3 * columns["x0"]) + (columns["x1"] * 0.4 if "x1" in columns else 0)
    if classes is None:
        return np.abs(first) + 0.1
    return np.digitize(first, np.quantile(first, np.linspace(0, 1, classes + 1)[1:-1]))


def case(name, predict, model, columns, answers_of, classes=None, fields=None):
    """Converts, and writes records with their answers. Raises when it is not converted."""
    folder = os.path.join(TARGET, name)
    os.makedirs(folder)
    train, test = columns
    converted = os.path.join(folder, "onnx")
    said = convert(predict, model, Labelled(train), classes, fields, converted)
    with open(os.path.join(folder, "case.json"), "w", encoding="utf-8") as file:
        converts = os.path.isdir(converted)
        texts = [column for column in test if test[column].dtype.kind == "O"]
        json.dump({"said": said, "converted": converts, "classes": classes, "fields": fields, "numbers": [c for c in test if c not in texts], "texts": texts}, file)
    for column, values in test.items():
        if values.dtype.kind == "O":
            with open(os.path.join(folder, f"{column}.txt"), "w", encoding="utf-8") as file:
                file.write("\n".join("" if value is None else value for value in values.tolist()))
        else:
            values.astype("<f8").tofile(os.path.join(folder, f"{column}.f8"))
    for field, values in answers_of(test).items():
        np.asarray(values, dtype="<f8").tofile(os.path.join(folder, f"answer.{field}.f8"))


class Labelled(Rows):
    def __init__(self, arrays):
        arrays = {name: np.array(array) for name, array in arrays.items()}
        super().__init__(arrays, np.zeros(len(next(iter(arrays.values()))), dtype="M8[ns]"))


def classify(name, make, classes, features, gaps=False, texts=False, by=None):
    # Rounded values meet thresholds, and must meet them in the same way. Which of several equally near neighbours counts is nobody's promise.
    digits = 12 if name.startswith("neighbours") else 3
    columns = numbers(TRAINED, features, 1, digits), numbers(ROWS, features, 2, digits)
    y = target(columns[0], classes)
    for at, some in enumerate(columns):
        if gaps:
            random = np.random.default_rng(10 + at)
            for values in some.values():
                values[random.random(len(values)) < 0.1] = np.nan
        if texts:
            words = np.array(["steel", "brass", "größe", "copper"] if at == 0 else ["steel", "brass", "größe", "copper", "tin"], dtype=object)
            some["tool"] = words[np.random.default_rng(20 + at).integers(0, len(words), len(next(iter(some.values()))))]
    named = [name for name in columns[0] if name != "tool"]
    estimator = make()
    if gaps and name.partition(".")[0] not in TAKES_GAPS:
        estimator = pipe(impute.SimpleImputer(strategy="median"), estimator)
    if texts:
        encoder = compose.ColumnTransformer(
            [("words", by or preprocessing.OneHotEncoder(handle_unknown="ignore"), ["tool"]), ("numbers", "passthrough", named)], sparse_threshold=0
        )
        estimator = pipe(encoder, estimator)
        x_of = lambda batch: __import__("pandas").DataFrame({name: np.asarray(batch[name]) for name in [*named, "tool"]})  # noqa: E731
    else:
        x_of = lambda batch: matrix(batch, named)  # noqa: E731
    return columns, y, estimator, x_of


def add_classifier(name, make, classes, **how):
    columns, y, estimator, x_of = classify(name, make, classes, **how)
    # XGBoost takes whole numbers only.
    names = [str(i) for i in range(classes)] if name.startswith("xgboost") else [f"class-{i}" for i in range(classes)]
    estimator.fit(x_of(columns[0]), y if name.startswith("xgboost") else np.array(names)[y])
    has_chances = hasattr(estimator, "predict_proba")

    def predict(model, batch):
        x = x_of(batch)
        return (model.predict(x), model.predict_proba(x)) if has_chances else model.predict(x)

    def answers(test):
        x = x_of(test)
        labels = estimator.predict(x) if name.startswith("xgboost") else np.searchsorted(names, estimator.predict(x))
        found = {"label": labels}
        if has_chances:
            found["score"] = estimator.predict_proba(x)[np.arange(len(labels)), labels]
        return found

    case(name, predict, estimator, columns, answers, classes=names)


def add_regressor(name, make, **how):
    columns, y, estimator, x_of = classify(name, make, None, **how)
    estimator.fit(x_of(columns[0]), y)
    case(name, lambda model, batch: {"value": model.predict(x_of(batch))}, estimator, columns, lambda test: {"value": estimator.predict(x_of(test))}, fields=[{"name": "value", "type": "number"}])


def add_unsupervised(name, make, **how):
    columns, _, estimator, x_of = classify(name, make, 2, **how)
    estimator.fit(x_of(columns[0]))
    method = "score_samples" if hasattr(estimator, "score_samples") else "predict"

    def predict(model, batch):
        return {"value": -getattr(model, method)(x_of(batch)), "odd": model.predict(x_of(batch)) == -1} if method == "score_samples" else {"value": model.predict(x_of(batch))}

    fields = [{"name": "value", "type": "number"}] + [{"name": "odd", "type": "boolean"}] * (method == "score_samples")
    case(name, predict, estimator, columns, lambda test: predict(estimator, test), fields=fields)


os.makedirs(TARGET, exist_ok=True)
for name, make in CLASSIFIERS.items():
    for variant, how in {
        "binary": {"classes": 2, "features": 4},
        "multiclass": {"classes": 4, "features": 4},
        "gaps": {"classes": 3, "features": 4, "gaps": True},
        "texts": {"classes": 3, "features": 3, "texts": True},
        "one-feature": {"classes": 2, "features": 1},
    }.items():
        add_classifier(f"{name}.{variant}", make, **how)
for add, some in ((add_regressor, REGRESSORS), (add_unsupervised, UNSUPERVISED)):
    for name, make in some.items():
        for variant, how in {"plain": {"features": 4}, "gaps": {"features": 4, "gaps": True}, "texts": {"features": 3, "texts": True}, "one-feature": {"features": 1}}.items():
            add(f"{name}.{variant}", make, **how)
for name, (estimator, words) in ENCODED.items():
    for variant, classes in {"binary": 2, "multiclass": 4}.items():
        add_classifier(f"{name}.{variant}", lambda estimator=estimator: base.clone(estimator), classes, features=3, texts=True, by=words)
