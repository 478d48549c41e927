"""What Pillow and NumPy make of pictures; reads standard input, writes standard output.

Written from the Pixel Format Naming Convention and GigE Vision 1.2: samples are unpacked bit by bit, Bayer patterns are filled in by
convolution, YUV is converted by a matrix of ITU-R BT.601.
"""
import io
import re
import sys

import numpy as np


def unpacked(name, bits, count, data):
    raw = np.frombuffer(data, np.uint8)
    if name.endswith("Packed"):
        samples = np.zeros((count + 1) // 2 * 2, np.uint16)
        raw = np.concatenate([raw, np.zeros(3, np.uint8)])
        low = bits - 8
        for pair in range((count + 1) // 2):
            first, middle, last = (int(b) for b in raw[pair * 3:pair * 3 + 3])
            samples[pair * 2] = first * 2 ** low + middle % 2 ** low
            samples[pair * 2 + 1] = last * 2 ** low + (middle // 16) % 2 ** low
        return samples[:count]
    if name.endswith("p"):
        stream = np.unpackbits(raw, bitorder="little")[:count * bits].reshape(count, bits)
        return (stream * (1 << np.arange(bits))).sum(axis=1).astype(np.uint16)
    return raw[:count].astype(np.uint16) if bits == 8 else np.frombuffer(data, "<u2")[:count]


def debayered(samples, pattern):
    from scipy.ndimage import convolve
    height, width = samples.shape
    planes = []
    for colour in "RGB":
        mask = np.zeros((height, width))
        for at, letter in enumerate({"RG": "RGGB", "GR": "GRBG", "GB": "GBRG", "BG": "BGGR"}[pattern]):
            if letter == colour:
                mask[at // 2::2, at % 2::2] = 1
        kernel = np.array([[0, 1, 0], [1, 4, 1], [0, 1, 0]]) if colour == "G" else np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]])
        total = convolve(samples * mask, kernel, mode="mirror")
        weight = convolve(mask, kernel, mode="mirror")
        plane = np.where(mask > 0, samples, total / np.maximum(weight, 1))
        planes.append(np.floor(plane + 0.5))
    return np.stack(planes, axis=-1).astype(np.uint16)


def converted(name, width, height, data):
    raw = np.frombuffer(data, np.uint8)
    if name.startswith("YUV"):
        pairs = raw.reshape(height, width // 2, 4).astype(float)
        if name.endswith("UYVY"):
            u, y0, v, y1 = (pairs[..., i] for i in range(4))
        else:
            y0, u, y1, v = (pairs[..., i] for i in range(4))
        y = np.stack([y0, y1], axis=-1).reshape(height, width)
        u, v = (np.repeat(plane, 2, axis=1) - 128 for plane in (u, v))
        rgb = np.stack([y + 1.402 * v, y - 0.344136 * u - 0.714136 * v, y + 1.772 * u], axis=-1)
        return np.clip(np.floor(rgb + 0.5), 0, 255).astype(np.uint16)
    if name in ("RGB8", "BGR8", "RGBa8", "BGRa8"):
        pixels = raw.reshape(height, width, -1)[..., :3].astype(np.uint16)
        return pixels[..., ::-1] if name.startswith("B") else pixels
    bits = int(re.search(r"\d+", name).group())
    samples = unpacked(name, bits, width * height, data).reshape(height, width)
    return samples if name.startswith("Mono") else debayered(samples, name[5:7])


def main(verb, *arguments):
    data = sys.stdin.buffer.read()
    if verb == "convert":
        name, width, height = arguments
        sys.stdout.buffer.write(np.ascontiguousarray(converted(name, int(width), int(height), data), "<u2").tobytes())
        return
    from PIL import Image
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        if verb == "open":
            print(f"{picture.mode} {picture.width}x{picture.height}")
        else:
            array = np.array(picture)
            sys.stdout.buffer.write(array.astype("<u2" if array.dtype.itemsize > 1 else "u1").tobytes())


main(*sys.argv[1:])
