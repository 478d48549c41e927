using Mlops.Data;
using Mlops.Store;

namespace Mlops.Training;

/// <summary>Knows feeds and nothing of records: trainings ask it for schemas only.</summary>
internal sealed class FakeFeedStore : IFeedStore, IFeedReader, ILiveTail
{
    public event Action<string, long>? Committed
    {
        add { }
        remove { }
    }

    public List<FeedSchema> Feeds { get; } =
    [
        new("cutter", [new FeedField("a", FieldType.Float64), new FeedField("b", FieldType.Int64) { Unit = "mm" }, new FeedField("side", FieldType.Text), new FeedField("at", FieldType.Timestamp)]),
        new("press", [new FeedField("x", FieldType.Float64), new FeedField("b", FieldType.Text)]),
    ];

    public IReadOnlyList<FeedInfo> List() => [.. Feeds.Select(f => new FeedInfo(f, 0, null, null, 0))];

    public FeedSchema? Find(string feed) => Feeds.Find(f => f.Feed == feed);

    public ValueTask<FeedSchema> DeclareAsync(FeedDeclaration declaration, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<long> ReservePositionsAsync(int count) => throw new NotSupportedException();

    public ValueTask CommitAsync(StoreCommit commit, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public IAsyncEnumerable<RecordBatch> ReadAsync(FeedQuery query, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public IAsyncEnumerable<RecordBatch> FollowAsync(string feed, long? afterPosition, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask WaitCommittedAsync(string feed, long position, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public void Announce(string feed, long position) => throw new NotSupportedException();

    public void Publish(RecordBatch batch) => throw new NotSupportedException();

    public long Head(string feed) => throw new NotSupportedException();

    public long? GetCursor(string name) => throw new NotSupportedException();
}
