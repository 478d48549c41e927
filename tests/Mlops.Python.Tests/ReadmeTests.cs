namespace Mlops.Python.Tests;

/// <summary>The code that the package's README shows.</summary>
[Collection(PythonCollection.Name)]
public sealed class ReadmeTests(PythonFixture python)
{
    private const string Source = """
        import numpy as np

        def predict(x, y):
            y[:] = x.mean(axis=1)
        """;

    [Fact]
    public void Embedding_InTenLines_Works()
    {
        var installation = PythonLocator.Locate(new PythonLocatorOptions { RequiredModules = { "numpy" } });
        installation.Version.Major.ShouldBe(3);
        var engine = python.Engine;

        var (x, y, predict) = engine.Run(py =>
        {
            using var module = py.ExecuteModule("demo", Source, "demo.py");
            var x = py.Allocate<double>(2 * 3);
            var y = py.Allocate<double>(2);
            return (x, y, module.GetAttribute("predict").Bind(x.NewArray(writable: false, 2, 3), y.NewArray()));
        });

        ReadOnlySpan<double> values = [1, 2, 3, 4, 5, 6];
        values.CopyTo(x.Span);
        engine.Invoke(predict, static (_, predict) => predict.Invoke(), "demo 1.0.0");
        y.Span.ToArray().ShouldBe([2.0, 5.0]);
    }
}
