using System.Net;

namespace Mlops.Mqtt.Broker;

/// <summary>The listeners of a broker: all of them listen, or none.</summary>
internal sealed class BrokerListeners : IAsyncDisposable
{
    private readonly BrokerContext context;
    private readonly ConnectionSet connections;
    private readonly List<BrokerListener> listeners = [];

    private BrokerListeners(BrokerContext context)
    {
        this.context = context;
        connections = new ConnectionSet(context);
    }

    public IReadOnlyList<IPEndPoint> EndPoints { get; private set; } = [];

    /// <exception cref="IOException">An address cannot be listened on, or a certificate cannot be used.</exception>
    public static async Task<BrokerListeners> StartAsync(BrokerContext context)
    {
        var all = new BrokerListeners(context);
        try
        {
            foreach (var options in context.Options.AllListeners)
                all.listeners.Add(BrokerListener.Start(context, options, all.connections));
        }
        catch
        {
            await all.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        all.EndPoints = [.. all.listeners.Select(listener => listener.EndPoint)];
        context.SystemTopics?.Publish();
        foreach (var listener in all.listeners)
            Log.Listening(context.Logger, listener.Name);
        return all;
    }

    public async ValueTask DisposeAsync()
    {
        context.IsStopping = true;
        foreach (var listener in listeners)
            await listener.DisposeAsync().ConfigureAwait(false);
        await connections.DisposeAsync().ConfigureAwait(false);
    }
}
