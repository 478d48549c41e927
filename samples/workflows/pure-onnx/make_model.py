"""Writes model.onnx beside itself: a line between bad and good strokes. Any exporter will do; this one needs nothing but NumPy.

Usage: PYTHONPATH=src/Mlops.Sdk/Runtime/Python python3 make_model.py
"""
import os

from mlops import _onnx_proto as onnx

FLOAT, STRING = 1, 8
# Good where 0.8 * force + 0.5 * travel is above 18.
WEIGHTS, LIMIT = [0.8, 0.5], 18.0

line = onnx.node(
    "LinearClassifier", ["strokes"], ["quality", "chances"], "ai.onnx.ml",
    {
        "coefficients": [*(-weight for weight in WEIGHTS), *WEIGHTS],
        "intercepts": [LIMIT, -LIMIT],
        "classlabels_strings": ["bad", "good"],
        "post_transform": "SOFTMAX",
    })
content = onnx.model([line], {}, [("strokes", FLOAT, (None, 2))], [("quality", STRING, (None,)), ("chances", FLOAT, (None, 2))], "make_model", "1.0.0")
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "model.onnx"), "wb") as file:
    file.write(content)
