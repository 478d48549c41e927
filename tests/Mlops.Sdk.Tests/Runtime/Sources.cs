namespace Mlops.Sdk.Tests.Runtime;

/// <summary>Python sources that several tests use.</summary>
internal static class Sources
{
    public const string Logistic = """
        import numpy as np
        from sklearn.linear_model import LogisticRegression

        def _matrix(columns):
            return np.column_stack([columns["x"], columns["y"]])

        def train(data, params, run):
            run.progress(0.5, "fitting")
            model = LogisticRegression(C=params.strength).fit(_matrix(data), data.labels.astype(str))
            run.metric("accuracy", model.score(_matrix(data), data.labels.astype(str)))
            return model

        def predict(model, batch):
            matrix = _matrix(batch)
            return model.predict(matrix), model.predict_proba(matrix)
        """;

    /// <summary>Answers without a model; the test gives the body of predict.</summary>
    public static string Predict(string body) => $"""
        import os, sys, time
        import numpy as np

        def train(data, params, run):
            return None

        def predict(model, batch):
            {body.Replace("\n", "\n    ", StringComparison.Ordinal)}
        """;

    /// <summary>Trains with the test's body of train.</summary>
    public static string Train(string body) => $"""
        import os, sys, time
        import numpy as np

        def train(data, params, run):
            {body.Replace("\n", "\n    ", StringComparison.Ordinal)}

        def predict(model, batch):
            return ["left"] * batch.rows
        """;
}
