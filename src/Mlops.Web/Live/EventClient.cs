using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace Mlops.Web.Live;

/// <summary>One who listens to events. What waits is bounded: a slow one misses the oldest, is told how many, and slows nobody.</summary>
internal sealed class EventClient
{
    private readonly Channel<ReadOnlyMemory<byte>> _queue;
    private long _dropped;

    public EventClient(string caller, int queue, IReadOnlySet<string> topics, bool allFeeds)
    {
        (Caller, Topics, AllFeeds) = (caller, topics, allFeeds);
        _queue = Channel.CreateBounded<ReadOnlyMemory<byte>>(
            new BoundedChannelOptions(queue) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _dropped));
    }

    /// <summary>Gets who listens.</summary>
    public string Caller { get; }

    /// <summary>Gets the states that it wants to hear of.</summary>
    public IReadOnlySet<string> Topics { get; }

    /// <summary>Gets a value indicating whether it listens to feeds that come later, too.</summary>
    public bool AllFeeds { get; }

    /// <summary>Gets how many events it has missed since it was last told.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Gets what it follows, by feed; used by the hub alone.</summary>
    public Dictionary<string, LiveFeed> Feeds { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds an event; never waits.</summary>
    public void Send(ReadOnlyMemory<byte> frame) => _queue.Writer.TryWrite(frame);

    /// <summary>Takes an event out, if one waits.</summary>
    public bool TryRead(out ReadOnlyMemory<byte> frame) => _queue.Reader.TryRead(out frame);

    /// <summary>Writes events until the client leaves, may listen no more, or the node stops.</summary>
    /// <param name="http">The request.</param>
    /// <param name="mayStay">Asked with each sign of life.</param>
    /// <param name="stop">Ends it.</param>
    public async Task WriteAsync(HttpContext http, Func<bool> mayStay, CancellationToken stop)
    {
        Stream body = http.Response.Body;
        await body.WriteAsync(EventFrame.Heartbeat, stop).ConfigureAwait(false);
        await body.FlushAsync(stop).ConfigureAwait(false);
        while (await _queue.Reader.WaitToReadAsync(stop).ConfigureAwait(false))
        {
            while (TryRead(out ReadOnlyMemory<byte> frame))
            {
                if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
                    await body.WriteAsync(Missed(dropped), stop).ConfigureAwait(false);
                if (frame.Equals(EventFrame.Heartbeat) && !mayStay())
                    return;
                await body.WriteAsync(frame, stop).ConfigureAwait(false);
            }

            await body.FlushAsync(stop).ConfigureAwait(false);
        }
    }

    private static ReadOnlyMemory<byte> Missed(long count) => EventFrame.Of("dropped", null, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("count", count);
        json.WriteEndObject();
    });
}
