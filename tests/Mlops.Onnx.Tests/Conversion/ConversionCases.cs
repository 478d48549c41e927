namespace Mlops.Onnx.Tests.Conversion;

/// <summary>Estimators that were trained, converted and asked by Python, once for all tests.</summary>
public sealed class ConversionCases : IAsyncLifetime
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("mlops-onnx-cases-").FullName;

    public static int Rows => Environment.GetEnvironmentVariable("MLOPS_SOAK") == "1" ? 10_000 : 1_000;

    public Task InitializeAsync() => PythonScript.RunAsync("write_cases.py", Folder, Rows.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }
}
