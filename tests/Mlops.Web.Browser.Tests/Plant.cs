namespace Mlops.Web.Browser.Tests;

/// <summary>A node with data of a plant, for tests that look and change nothing.</summary>
public sealed class Plant : IAsyncLifetime
{
    internal PlantNode Node { get; private set; } = null!;

    public async Task InitializeAsync() => Node = await PlantNode.StartAsync();

    public async Task DisposeAsync() => await Node.DisposeAsync();
}
