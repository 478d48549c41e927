using System.Text.Json;
using Microsoft.Extensions.Logging;
using Mlops.Client;
using Mlops.Data;
using Mlops.Prediction;
using Mlops.Store;
using Mlops.Web.Rest;
using Mlops.Web.Runs;

namespace Mlops.Web.Live;

/// <summary>Follows one feed for all who listen to it: each record is read and written as JSON once, however many they are.</summary>
internal sealed class LiveFeed(string feed, string? deployment, IFeedReader reader, ILogger logger) : IDisposable
{
    private const int MaxRows = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stop = new();
    private volatile EventClient[] _clients = [];

    /// <summary>Gets a value indicating whether nobody listens any more.</summary>
    public bool IsIdle => _clients.Length == 0;

    public void Start() => _ = FollowAsync(_stop.Token);

    public void Add(EventClient client) => _clients = [.. _clients, client];

    public void Remove(EventClient client) => _clients = [.. _clients.Where(c => c != client)];

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await foreach (RecordBatch batch in reader.FollowAsync(feed, null, stop).ConfigureAwait(false))
                {
                    using (batch)
                        Send(batch);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (Exception e)
            {
                Log.LiveEnded(logger, feed, e.Message);
                await Task.Delay(Pause, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private void Send(RecordBatch batch)
    {
        for (int first = 0; first < batch.Count; first += MaxRows)
        {
            int end = Math.Min(batch.Count, first + MaxRows), start = first;
            ReadOnlyMemory<byte> frame = EventFrame.Of(deployment is null ? "records" : "predictions", batch.Positions[end - 1], json => Write(json, batch, start, end));
            foreach (EventClient client in _clients)
                client.Send(frame);
        }
    }

    private void Write(Utf8JsonWriter json, RecordBatch batch, int first, int end)
    {
        json.WriteStartObject();
        json.WriteString(deployment is null ? "feed" : "deployment", deployment ?? feed);
        json.WriteStartArray(deployment is null ? "records" : "predictions");
        for (int row = first; row < end; row++)
        {
            if (deployment is null)
                RecordJson.Write(json, batch, row);
            else
                JsonSerializer.Serialize(json, RunContracts.Of(PredictionSchema.Read(batch, row, null)), MlopsJson.Of<PredictionAnswer>());
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
