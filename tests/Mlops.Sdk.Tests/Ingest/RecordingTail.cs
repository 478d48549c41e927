using System.Collections.Concurrent;
using Mlops.Data;
using Mlops.Store;

namespace Mlops.Tests.Ingest;

/// <summary>Remembers what was passed to the live tail.</summary>
internal sealed class RecordingTail : ILiveTail
{
    public ConcurrentQueue<(string Feed, long[] Positions, long Arrival)> Published { get; } = new();

    public ConcurrentQueue<(string Feed, long Last)> CommittedUpTo { get; } = new();

    public ConcurrentQueue<(string Feed, long Position)> Announced { get; } = new();

    public void Announce(string feed, long position) => Announced.Enqueue((feed, position));

    public void Publish(RecordBatch batch) => Published.Enqueue((batch.Schema.Feed, batch.Positions.ToArray(), batch.Arrivals[0]));

    public long Head(string feed) => Published.Where(p => p.Feed == feed).Select(p => p.Positions[^1]).LastOrDefault();

    public void OnCommitted(string feed, long lastPosition) => CommittedUpTo.Enqueue((feed, lastPosition));
}
