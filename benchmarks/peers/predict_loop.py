"""Times plain Python calling the workflow's model with a NumPy array in a loop.

Usage: predict_loop.py WORKFLOW_FOLDER. A line "MODEL ROWS CALLS" on standard input is answered by a line with the
microseconds of each call; the model is fitted with its first line. The same process serves all rounds.
"""

import importlib.util
import os
import sys
import time

import numpy as np


def load(folder):
    spec = importlib.util.spec_from_file_location("workflow", os.path.join(folder, "workflow.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main():
    workflow = load(sys.argv[1])
    models = {}
    for line in sys.stdin:
        kind, rows, calls = line.split()
        if kind not in models:
            models[kind] = workflow.fit(kind)
        model, matrix = models[kind], np.random.default_rng(11).uniform(0, 100, (int(rows), 16))
        times = []
        for _ in range(int(calls)):
            started = time.perf_counter()
            workflow.answer(model, matrix)
            times.append((time.perf_counter() - started) * 1e6)
        print(" ".join(f"{t:.2f}" for t in times), flush=True)


if __name__ == "__main__":
    main()
