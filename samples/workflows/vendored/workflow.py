"""Uses a package in libs/ and a wheel in wheels/, neither of which the node knows."""

import unitwords   # wheels/, made by make_wheels.py
from torquelib import line   # libs/


def train(data, params, run):
    points = [(unitwords.newton_metres(text), angle) for text, angle in zip(data["torque"], data.labels) if text is not None and angle == angle]
    model = line.fit(points)
    run.metric("mae", sum(abs(model(x) - y) for x, y in points) / len(points))
    return {"slope": model.slope, "start": model.start}


def predict(model, batch):
    answer = line.Line(model["slope"], model["start"])
    torques = [None if text is None else unitwords.newton_metres(text) for text in batch["torque"]]
    return {"newton_metres": torques, "angle": [None if torque is None else answer(torque) for torque in torques]}
