"""Unpacks a package and its wheels as plain Python does, which is the least that any installation does.

Says "ready", then for each line "ZIP FOLDER" how many seconds it took until all was on the disk.
"""
import os
import sys
import time
import zipfile


def unpack(path, folder):
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    wheels = os.path.join(folder, "wheels")
    for name in os.listdir(wheels):
        with zipfile.ZipFile(os.path.join(wheels, name)) as archive:
            archive.extractall(os.path.join(folder, "site"))
    for root, _, files in os.walk(folder):
        for name in files:
            with open(os.path.join(root, name), "rb") as file:
                os.fsync(file.fileno())


print("ready", flush=True)
for line in sys.stdin:
    began = time.perf_counter()
    unpack(*line.split())
    print(time.perf_counter() - began, flush=True)
