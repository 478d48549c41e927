"""As little as can be done with a picture that still looks at each of its pixels."""


def train(data, params, run):
    return float(data["image"].mean())


def predict(model, batch):
    return ["bright" if picture.mean() > model else "dark" for picture in batch["image"]]
