namespace Mlops.Drivers.GenICam.Tests.Peers;

/// <summary>A host that has nothing.</summary>
internal sealed class NoServices : IServiceProvider
{
    public object? GetService(Type serviceType) => null;
}
