using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace Mlops.Web.Live;

/// <summary>One who listens to events. What waits is bounded: a slow one misses the oldest, is told how many, and slows nobody.</summary>
internal sealed class EventClient
{
    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(15);
    private readonly Channel<ReadOnlyMemory<byte>> _queue;
    private long _dropped;

    public EventClient(int queue, IReadOnlySet<string> topics, bool allFeeds)
    {
        (Topics, AllFeeds) = (topics, allFeeds);
        _queue = Channel.CreateBounded<ReadOnlyMemory<byte>>(
            new BoundedChannelOptions(queue) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _dropped));
    }

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

    /// <summary>Writes events until the client leaves or the node stops.</summary>
    public async Task WriteAsync(HttpContext http, CancellationToken stop)
    {
        Stream body = http.Response.Body;
        await body.WriteAsync(EventFrame.Heartbeat, stop).ConfigureAwait(false);
        await body.FlushAsync(stop).ConfigureAwait(false);
        Task<bool> waiting = _queue.Reader.WaitToReadAsync(stop).AsTask();
        while (true)
        {
            if (await Task.WhenAny(waiting, Task.Delay(Pulse, stop)).ConfigureAwait(false) != waiting)
            {
                stop.ThrowIfCancellationRequested();
                await body.WriteAsync(EventFrame.Heartbeat, stop).ConfigureAwait(false);
            }
            else
            {
                await waiting.ConfigureAwait(false);
                if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
                {
                    await body.WriteAsync(
                        EventFrame.Of("dropped", null, json =>
                        {
                            json.WriteStartObject();
                            json.WriteNumber("count", dropped);
                            json.WriteEndObject();
                        }),
                        stop).ConfigureAwait(false);
                }

                while (_queue.Reader.TryRead(out ReadOnlyMemory<byte> frame))
                    await body.WriteAsync(frame, stop).ConfigureAwait(false);
                waiting = _queue.Reader.WaitToReadAsync(stop).AsTask();
            }

            await body.FlushAsync(stop).ConfigureAwait(false);
        }
    }
}
