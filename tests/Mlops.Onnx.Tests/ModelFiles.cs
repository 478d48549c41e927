namespace Mlops.Onnx.Tests;

/// <summary>Small models, written once.</summary>
[CollectionDefinition(Name)]
public sealed class ModelFiles : ICollectionFixture<ModelFiles>, IAsyncLifetime
{
    public const string Name = "models";

    public string Folder { get; } = Directory.CreateTempSubdirectory("mlops-onnx-tests-").FullName;

    public byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder, $"{name}.onnx"));

    public Task InitializeAsync() => PythonScript.RunAsync("write_models.py", Folder);

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }
}
