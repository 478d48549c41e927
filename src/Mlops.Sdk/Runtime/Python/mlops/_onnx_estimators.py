"""Which estimator of scikit-learn, or of XGBoost, is converted by what."""
import numpy as np

from . import _onnx_linear as linear
from . import _onnx_near as near
from . import _onnx_prepare as prepare
from . import _onnx_trees as trees
from . import _onnx_xgboost as xgboost
from ._onnx_graph import Table, Unconvertible

_LINEAR_REGRESSORS = (
    "LinearRegression Ridge RidgeCV Lasso LassoCV ElasticNet ElasticNetCV Lars LassoLars BayesianRidge ARDRegression SGDRegressor "
    "LinearSVR HuberRegressor TheilSenRegressor OrthogonalMatchingPursuit PassiveAggressiveRegressor"
).split()
_LINEAR_CLASSIFIERS = (
    "LogisticRegression LogisticRegressionCV RidgeClassifier RidgeClassifierCV SGDClassifier Perceptron LinearSVC "
    "PassiveAggressiveClassifier LinearDiscriminantAnalysis"
).split()

_PREDICTORS = {
    **dict.fromkeys(_LINEAR_REGRESSORS, linear.linear_regressor),
    **dict.fromkeys(_LINEAR_CLASSIFIERS, linear.linear_classifier),
    **dict.fromkeys(["SVC", "NuSVC"], linear.svm_classifier),
    **dict.fromkeys(["SVR", "NuSVR"], linear.svm_regressor),
    "OneClassSVM": linear.one_class_svm,
    "GaussianNB": linear.gaussian_bayes,
    **dict.fromkeys(["MultinomialNB", "BernoulliNB", "ComplementNB"], linear.discrete_bayes),
    **dict.fromkeys(["MLPClassifier", "MLPRegressor"], linear.network),
    "KNeighborsClassifier": near.neighbours_classifier,
    "KNeighborsRegressor": near.neighbours_regressor,
    **dict.fromkeys(["KMeans", "MiniBatchKMeans"], near.clusters),
    **dict.fromkeys(["DecisionTreeClassifier", "ExtraTreeClassifier", "RandomForestClassifier", "ExtraTreesClassifier"], trees.forest_classifier),
    **dict.fromkeys(["DecisionTreeRegressor", "ExtraTreeRegressor", "RandomForestRegressor", "ExtraTreesRegressor"], trees.forest_regressor),
    "GradientBoostingClassifier": trees.boosting_classifier,
    "GradientBoostingRegressor": trees.boosting_regressor,
    "HistGradientBoostingClassifier": trees.histogram_classifier,
    "HistGradientBoostingRegressor": trees.histogram_regressor,
    "AdaBoostClassifier": trees.adaboost_classifier,
    "AdaBoostRegressor": trees.adaboost_regressor,
    "IsolationForest": trees.isolation_forest,
    **dict.fromkeys(["XGBClassifier", "XGBRFClassifier"], xgboost.classifier),
    **dict.fromkeys(["XGBRegressor", "XGBRFRegressor"], xgboost.regressor),
}

_TRANSFORMERS = {
    **dict.fromkeys(["StandardScaler", "MinMaxScaler", "MaxAbsScaler", "RobustScaler"], prepare.scaler),
    "Normalizer": prepare.normalizer,
    "Binarizer": prepare.binarizer,
    "SimpleImputer": prepare.imputer,
    "OneHotEncoder": prepare.one_hot,
    "OrdinalEncoder": prepare.ordinal,
}
_SEARCHES = ("GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV")


def describe(estimator):
    """Returns how a person would name it: Pipeline(StandardScaler, SVC)."""
    steps = getattr(estimator, "steps", None) or [item[:2] for item in getattr(estimator, "transformers_", [])]
    inner = [describe(step) for _, step in steps if not isinstance(step, str) and step is not None]
    return f"{type(estimator).__name__}({', '.join(inner)})" if inner else type(estimator).__name__


def heads(estimator, table):
    """Returns what an estimator can be asked: {method: value}. "label" is the place of the answer of predict among "values"."""
    name = _known_name(estimator)
    if name in _SEARCHES:
        return heads(estimator.best_estimator_, table)
    if name == "Pipeline":
        for _, step in estimator.steps[:-1]:
            table = transformed(step, table)
        return heads(estimator.steps[-1][1], table)
    if name in _PREDICTORS:
        found = _PREDICTORS[name](estimator, table.graph, table.matrix())
        classes = getattr(estimator, "classes_", None)
        return found if classes is None else {**found, "values": np.asarray(classes).tolist()}
    if estimator is None or estimator == "passthrough" or _is_transformer(name, estimator):
        return {"transform": transformed(estimator, table).matrix()}
    raise Unconvertible(f"no conversion of {name} is known")


def transformed(estimator, table):
    """Returns what a transformer makes of a table."""
    if estimator is None or (isinstance(estimator, str) and estimator == "passthrough"):
        return table
    name = _known_name(estimator)
    if name == "Pipeline":
        for _, step in estimator.steps:
            table = transformed(step, table)
        return table
    if name == "ColumnTransformer":
        return _columns(estimator, table)
    if name == "FeatureUnion":
        if estimator.transformer_weights:
            raise Unconvertible("FeatureUnion has weights")
        return Table.joined(table.graph, [transformed(step, table) for _, step in estimator.transformer_list if not isinstance(step, str) or step != "drop"])
    if name == "FunctionTransformer" and estimator.func is None:
        return table
    if name in ("PCA", "TruncatedSVD"):
        return Table.of(table.graph, *near.projection(estimator, table.graph, table.matrix()))
    if name in ("KMeans", "MiniBatchKMeans"):
        return Table.of(table.graph, near.clusters(estimator, table.graph, table.matrix())["transform"], len(estimator.cluster_centers_))
    if name in _TRANSFORMERS:
        return _TRANSFORMERS[name](estimator, table)
    if hasattr(estimator, "get_support"):
        return prepare.chosen(estimator, table)
    raise Unconvertible(f"no conversion of {name} is known")


def _is_transformer(name, estimator):
    return name in _TRANSFORMERS or name in ("ColumnTransformer", "FeatureUnion", "FunctionTransformer", "PCA", "TruncatedSVD") or hasattr(estimator, "get_support")


def _known_name(estimator):
    kind = type(estimator)
    if kind.__module__.partition(".")[0] not in ("sklearn", "xgboost") and not isinstance(estimator, (str, type(None))):
        raise Unconvertible(f"{kind.__module__}.{kind.__qualname__} is neither of scikit-learn nor of XGBoost")
    return kind.__name__


def _columns(estimator, table):
    tables = []
    for name, step, columns in estimator.transformers_:
        if isinstance(step, str) and step == "drop":
            continue
        indices = [int(index) for index in estimator._transformer_to_input_indices[name]]
        if indices:
            tables.append(transformed(step, table.select(indices)))
    return Table.joined(table.graph, tables)
