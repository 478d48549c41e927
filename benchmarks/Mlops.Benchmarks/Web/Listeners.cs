using System.Globalization;

namespace Mlops.Benchmarks.Web;

/// <summary>The child process with many listeners to a feed's events. They count records and look at nothing else, to leave the processor to the node.</summary>
internal static class Listeners
{
    private static readonly byte[] s_record = "\"value\":"u8.ToArray();
    private static long s_records;

    /// <summary>Says "ready" when all listen, and answers each line with how many records all of them together have got so far.</summary>
    public static async Task RunAsync(Uri address, string feed, int count)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = count }) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        Stream[] streams = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => http.GetStreamAsync(new Uri($"api/v1/events?feeds={feed}", UriKind.Relative))));
        Task[] reading = [.. streams.Select(CountAsync)];
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is not null)
            Console.WriteLine(Interlocked.Read(ref s_records).ToString(CultureInfo.InvariantCulture));
        foreach (Stream stream in streams)
            await stream.DisposeAsync();
        await Task.WhenAll(reading).ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    private static async Task CountAsync(Stream stream)
    {
        byte[] buffer = new byte[64 * 1024];
        int kept = 0;
        while (await stream.ReadAsync(buffer.AsMemory(kept)) is > 0 and int read)
        {
            int length = kept + read, at = 0;
            while (buffer.AsSpan(at, length - at).IndexOf(s_record) is >= 0 and int found)
            {
                Interlocked.Increment(ref s_records);
                at += found + s_record.Length;
            }

            // A word may be cut in two.
            kept = Math.Min(s_record.Length - 1, length - at);
            buffer.AsSpan(length - kept, kept).CopyTo(buffer);
        }
    }
}
