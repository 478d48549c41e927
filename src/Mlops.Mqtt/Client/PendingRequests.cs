using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Client;

/// <summary>The SUBSCRIBEs and UNSUBSCRIBEs of one connection that wait for an answer.</summary>
internal sealed class PendingRequests
{
    private readonly Lock gate = new();
    private readonly Dictionary<ushort, TaskCompletionSource<MqttReasonCode>> waiting = [];
    private Exception? closed;
    private int last = DeliveryQueue.MaxPublishId;

    public Task<MqttReasonCode> Add(out ushort packetId)
    {
        lock (gate)
        {
            packetId = 0;
            if (closed is not null)
                return Task.FromException<MqttReasonCode>(closed);
            if (waiting.Count >= ushort.MaxValue - DeliveryQueue.MaxPublishId)
                return Task.FromException<MqttReasonCode>(new MqttException(MqttReasonCode.QuotaExceeded, "Too many subscriptions wait for the broker's answer; await some first."));
            do
                last = last == ushort.MaxValue ? DeliveryQueue.MaxPublishId + 1 : last + 1;
            while (waiting.ContainsKey((ushort)last));
            packetId = (ushort)last;
            var source = new TaskCompletionSource<MqttReasonCode>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add(packetId, source);
            return source.Task;
        }
    }

    public void Complete(ushort packetId, MqttReasonCode reason)
    {
        TaskCompletionSource<MqttReasonCode>? source;
        lock (gate)
        {
            if (!waiting.Remove(packetId, out source))
                return;
        }

        source.TrySetResult(reason);
    }

    public void Close(Exception error)
    {
        TaskCompletionSource<MqttReasonCode>[] sources;
        lock (gate)
        {
            closed = error;
            sources = [.. waiting.Values];
            waiting.Clear();
        }

        foreach (var source in sources)
            source.TrySetException(error);
    }
}
