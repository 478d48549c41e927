"""A line through points."""


class Line:
    def __init__(self, slope, start):
        self.slope, self.start = slope, start

    def __call__(self, x):
        return self.start + self.slope * x


def fit(points):
    """The line with the least squares."""
    count = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / count, sum(y for _, y in points) / count
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0
    return Line(slope, mean_y - slope * mean_x)
