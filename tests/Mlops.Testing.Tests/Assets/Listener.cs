using System.Collections.Concurrent;
using System.Text.Json;
using Mlops.Mqtt;

namespace Mlops.Testing.Tests.Assets;

/// <summary>Subscribes to everything and keeps what comes.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly MqttClient _client;
    private readonly ConcurrentQueue<(string Topic, string Payload, bool Retain)> _messages = new();

    private Listener(int port) => _client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = port });

    public static async Task<Listener> StartAsync(int port, string filter = "ie/#")
    {
        var listener = new Listener(port);
        await listener._client.StartAsync();
        await Wait.Until(() => listener._client.State == MqttClientState.Connected);
        await listener._client.SubscribeAsync(filter, MqttQualityOfService.AtLeastOnce, listener.Keep);
        return listener;
    }

    public int Count(string topic) => _messages.Count(message => message.Topic == topic);

    public JsonElement[] On(string topic) =>
        [.. _messages.Where(message => message.Topic == topic).Select(message => JsonDocument.Parse(message.Payload).RootElement)];

    public bool[] RetainFlags(string topic) => [.. _messages.Where(message => message.Topic == topic).Select(message => message.Retain)];

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private ValueTask Keep(in MqttIncoming message)
    {
        _messages.Enqueue((message.Topic, System.Text.Encoding.UTF8.GetString(message.Payload), message.Retain));
        return ValueTask.CompletedTask;
    }
}
