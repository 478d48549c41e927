"""Solder paste inspection: tells good deposits, bad ones and false alarms of the machine apart."""

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import train_test_split

INPUTS = [
    "volume_percent", "height_um", "area_percent", "offset_x_percent",
    "offset_y_percent", "size_x_mm", "size_y_mm", "volume_um3",
    "area_um2", "shape_um", "position_x_mm", "position_y_mm",
    "paste_temperature_c", "squeegee_pressure_n", "squeegee_speed_mm_s", "prints_since_cleaning",
]
CLASSES = np.array(["ok", "error", "pseudo-error"], dtype=object)  # the order of workflow.yaml


def train(data, params, run):
    labels = np.asarray(data.labels, dtype=object)
    labelled = np.isin(labels, CLASSES)
    x, y = _matrix(data)[labelled], np.searchsorted(sorted(CLASSES), labels[labelled])
    medians = np.nanmedian(x, axis=0)
    x = _filled(x, medians)
    random_state = int(params.get("random_state", 0))

    # Judge on rows the model has not seen, then learn from all of them.
    x_fit, x_test, y_fit, y_test = train_test_split(
        x, y, test_size=float(params.get("holdout", 0.2)), stratify=y, random_state=random_state)
    judged = _fit(x_fit, y_fit, params, random_state, run, 0.0)
    answers = judged.predict(x_test)
    run.metric("accuracy", float(accuracy_score(y_test, answers)))
    run.metric("macro_f1", float(f1_score(y_test, answers, average="macro")))
    trees = _fit(x, y, params, random_state, run, 0.5)
    return {"trees": trees, "medians": medians}


def predict(model, batch):
    probabilities = model["trees"].predict_proba(_filled(_matrix(batch), model["medians"]))
    # Scikit-learn knows the classes by their place in alphabetical order, and only those that it saw.
    ordered = np.zeros((len(probabilities), len(CLASSES)))
    for column, known in enumerate(model["trees"].classes_):
        ordered[:, _PLACE[known]] = probabilities[:, column]
    return CLASSES[ordered.argmax(axis=1)], ordered


_PLACE = [list(CLASSES).index(name) for name in sorted(CLASSES)]


def _matrix(columns):
    return np.column_stack([np.asarray(columns[name], dtype=np.float64) for name in INPUTS])


def _filled(x, medians):
    missing = np.isnan(x)
    return np.where(missing, medians, x) if missing.any() else x


def _fit(x, y, params, random_state, run, done):
    # Small leaves and deep trees would only learn the inspectors' slips by heart.
    count = int(params.get("trees", 40))
    model = GradientBoostingClassifier(
        n_estimators=count, max_depth=2, subsample=0.5, min_samples_leaf=10, max_features=6, random_state=random_state)

    def after_tree(i, *_):
        run.progress(done + 0.5 * (i + 1) / count, f"tree {i + 1} of {count}")
        return bool(run.cancelled)

    return model.fit(x, y, monitor=after_tree)
