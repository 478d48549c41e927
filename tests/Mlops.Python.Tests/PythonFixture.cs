using System.Collections.Concurrent;

namespace Mlops.Python.Tests;

/// <summary>The one interpreter of the test process.</summary>
public sealed class PythonFixture
{
    private readonly ConcurrentQueue<PythonOutputLine> _lines = new();

    public PythonFixture()
    {
        Installation = PythonLocator.Locate(new PythonLocatorOptions { RequiredModules = { "numpy", "sklearn" } });
        Engine = PythonEngine.Start(Installation, new PythonEngineOptions
        {
            Output = _lines.Enqueue,
            MaxOutputLineLength = 1000,
            SwitchInterval = TimeSpan.FromMilliseconds(2),
        });
    }

    public PythonInstallation Installation { get; }

    public PythonEngine Engine { get; }

    public IReadOnlyList<PythonOutputLine> LinesOf(string tag) => [.. _lines.Where(line => line.Tag == tag)];

    /// <summary>Runs source text as a module and calls its function f.</summary>
    public object? CallF(string source, params object?[] arguments) => Engine.Run(py =>
    {
        using var module = py.ExecuteModule("test_module", source, "test_module.py");
        using var result = module.CallMethod("f", arguments);
        return result.ToObject();
    });
}

[CollectionDefinition(Name)]
public sealed class PythonCollection : ICollectionFixture<PythonFixture>
{
    public const string Name = "python";
}
