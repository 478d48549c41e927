using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Client;

/// <summary>The SUBSCRIBEs and UNSUBSCRIBEs of one connection that wait for an answer.</summary>
internal sealed class PendingRequests
{
    private readonly Lock gate = new();
    private readonly Dictionary<ushort, TaskCompletionSource<(MqttReasonCode Reason, string? Text)>> waiting = [];
    private Exception? closed;
    private int last = InFlightMessages.MaxPublishId;

    public Task<(MqttReasonCode Reason, string? Text)> Add(out ushort packetId)
    {
        lock (gate)
        {
            packetId = 0;
            if (closed is not null)
                return Task.FromException<(MqttReasonCode Reason, string? Text)>(closed);
            if (waiting.Count >= ushort.MaxValue - InFlightMessages.MaxPublishId)
                return Task.FromException<(MqttReasonCode Reason, string? Text)>(new MqttException(MqttReasonCode.QuotaExceeded, "Too many subscriptions wait for the broker's answer; await some first."));
            do
                last = last == ushort.MaxValue ? InFlightMessages.MaxPublishId + 1 : last + 1;
            while (waiting.ContainsKey((ushort)last));
            packetId = (ushort)last;
            var source = new TaskCompletionSource<(MqttReasonCode Reason, string? Text)>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add(packetId, source);
            return source.Task;
        }
    }

    public void Complete(ushort packetId, MqttReasonCode reason, string? text)
    {
        TaskCompletionSource<(MqttReasonCode Reason, string? Text)>? source;
        lock (gate)
        {
            if (!waiting.Remove(packetId, out source))
                return;
        }

        source.TrySetResult((reason, text));
    }

    /// <summary>Ends one that could not be sent.</summary>
    public void Fail(ushort packetId, Exception error)
    {
        TaskCompletionSource<(MqttReasonCode Reason, string? Text)>? source;
        lock (gate)
            waiting.Remove(packetId, out source);
        source?.TrySetException(error);
    }

    public void Close(Exception error)
    {
        TaskCompletionSource<(MqttReasonCode Reason, string? Text)>[] sources;
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
