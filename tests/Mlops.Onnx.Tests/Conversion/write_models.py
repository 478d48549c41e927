"""Writes small models as other tools export them: labels with a sequence of maps, texts, several types. Usage: write_models.py FOLDER_OF_MLOPS TARGET"""
import os
import sys

import numpy as np

sys.path.insert(0, sys.argv[1])
from mlops import _onnx_proto as proto  # noqa: E402

TARGET = sys.argv[2]
FLOAT, INT64, STRING, BOOL, DOUBLE = 1, 7, 8, 9, 11


def write(name, nodes, constants, inputs, outputs):
    content = proto.model(nodes, constants, inputs, outputs, "test", "1")
    with open(os.path.join(TARGET, name), "wb") as file:
        file.write(content)
    return content


os.makedirs(TARGET, exist_ok=True)
node = proto.node

# Twice each number, and their sum, in float64.
write(
    "double.onnx",
    [node("Add", ["x", "x"], ["twice"], "", {}), node("ReduceSum", ["x", "one"], ["sum"], "", {"keepdims": 0})],
    {"one": np.array([1])},
    [("x", DOUBLE, (None, 3))],
    [("twice", DOUBLE, (None, 3)), ("sum", DOUBLE, (None,))],
)

# A linear classifier over float32, with labels that are texts and probabilities as a sequence of maps.
linear = node(
    "LinearClassifier",
    ["numbers"],
    ["class", "scores"],
    "ai.onnx.ml",
    {"coefficients": [1.0, 0.0, 0.0, 1.0], "intercepts": [0.0, 0.0], "classlabels_strings": ["left", "right"], "post_transform": "SOFTMAX", "multi_class": 0},
)
zipped = node("ZipMap", ["scores"], ["chances"], "ai.onnx.ml", {"classlabels_strings": ["left", "right"]})
plain_value = proto._value


def value(name, kind, shape):
    if kind != "maps":
        return plain_value(name, kind, shape)
    tensor = proto._message(1, proto._number(1, FLOAT) + proto._message(2, b""))
    of_map = proto._message(5, proto._number(1, STRING) + proto._message(2, tensor))
    return proto._text(1, name) + proto._message(2, proto._message(4, proto._message(1, of_map)))


proto._value = value
write("maps.onnx", [linear, zipped], {}, [("numbers", FLOAT, (None, 2))], [("class", STRING, (None,)), ("chances", "maps", ())])
write("scores.onnx", [linear], {}, [("numbers", FLOAT, (None, 2))], [("class", STRING, (None,)), ("scores", FLOAT, (None, 2))])

# Texts to texts and to numbers.
words = {"keys_strings": ["links", "größe", ""], "values_strings": ["left", "size", "none"], "default_string": "?"}
write("texts.onnx", [node("LabelEncoder", ["word"], ["meaning"], "ai.onnx.ml", words)], {}, [("word", STRING, (None, 1))], [("meaning", STRING, (None, 1))])

# The peak of each window of four rows of two inputs.
write("windows.onnx", [node("ReduceMax", ["x"], ["peak"], "", {"axes": [1, 2], "keepdims": 0})], {}, [("x", DOUBLE, (None, 4, 2))], [("peak", DOUBLE, (None,))])

# Every type that a tensor may have comes back as it went in.
for name, kind in {"float": 1, "uint8": 2, "int8": 3, "uint16": 4, "int16": 5, "int32": 6, "int64": 7, "bool": 9, "float16": 10, "double": 11, "uint32": 12, "uint64": 13, "bfloat16": 16}.items():
    write(f"type-{name}.onnx", [node("Identity", ["x"], ["y"], "", {})], {}, [("x", kind, (None,))], [("y", kind, (None,))])

# As a converted forest: what a prediction costs.
write(
    "regressor.onnx",
    [node("MatMul", ["a_b", "w"], ["product"], "", {}), node("Concat", ["a", "b"], ["a_b"], "", {"axis": 1})][::-1],
    {"w": np.array([[2.0], [3.0]])},
    [("a", DOUBLE, (None, 1)), ("b", DOUBLE, (None, 1))],
    [("product", DOUBLE, (None, 1))],
)

# What a package that is not trusted may not bring.
grown = node("ConstantOfShape", ["shape"], ["y"], "", {"value": np.array([0.0])})
write("grows.onnx", [grown], {}, [("shape", INT64, (1,))], [("y", DOUBLE, (None,))])
