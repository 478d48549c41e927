using System.Collections.Concurrent;
using Mlops.Data;
using Mlops.Testing.Drivers;

namespace Mlops.Drivers.GenICam.Tests.Peers;

/// <summary>A sink that keeps the records, beside what the kit's sink checks.</summary>
internal sealed class KeepingSink(string asset) : IRecordSink
{
    private readonly RecordingSink _inner = new("genicam", asset);

    public ConcurrentQueue<(string Group, IReadOnlyDictionary<string, object?> Values, long Timestamp, byte Quality)> Records { get; } = new();

    public IReadOnlyList<(DriverState State, string? Reason)> States => _inner.States;

    public RecordingSink Inner => _inner;

    public ValueTask<FeedSchema> DeclareAsync(string group, IReadOnlyList<FeedField> fields, CancellationToken cancellationToken = default) =>
        _inner.DeclareAsync(group, fields, cancellationToken);

    public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        for (int row = 0; row < batch.Count; row++)
        {
            var values = new Dictionary<string, object?>();
            for (int c = 0; c < batch.Schema.Fields.Count; c++)
                values[batch.Schema.Fields[c].Name] = batch.Column(c).GetValue(row);
            Records.Enqueue((batch.Schema.Origin!.Collection, values, batch.Timestamps[row], batch.Qualities[row]));
        }

        await _inner.WriteAsync(batch, cancellationToken);
    }

    public void Report(DriverState state, string? reason = null) => _inner.Report(state, reason);

    public ValueTask<IReadOnlyDictionary<string, string>> RecallAsync(CancellationToken cancellationToken = default) => _inner.RecallAsync(cancellationToken);

    public ValueTask RememberAsync(string key, string? value, CancellationToken cancellationToken = default) => _inner.RememberAsync(key, value, cancellationToken);
}
