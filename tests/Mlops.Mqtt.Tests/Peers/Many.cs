using System.Collections.ObjectModel;

namespace Mlops.Mqtt.Tests.Peers;

/// <summary>Things that are disposed together.</summary>
internal sealed class Many<T> : Collection<T>, IDisposable
    where T : IDisposable
{
    public void Dispose()
    {
        foreach (var one in this)
            one.Dispose();
    }
}
