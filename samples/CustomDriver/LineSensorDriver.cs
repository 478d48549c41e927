using System.Globalization;
using System.Net.Sockets;
using Mlops.Data;
using Mlops.Drivers;

namespace CustomDriver;

/// <summary>Reads a sensor that sends one number a line over TCP.</summary>
public sealed class LineSensorDriver(string asset, LineSensorSettings settings, TimeProvider time) : IHighLevelDriver
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);

    public async Task RunAsync(IRecordSink sink, CancellationToken stop)
    {
        // A feed is declared once, before its first record. It becomes line-sensor.<asset>.values.
        FeedSchema schema = await sink.DeclareAsync("values", [new FeedField("value", FieldType.Float64)], stop);
        TimeSpan retry = FirstRetry;
        while (true)
        {
            string lost;
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(settings.Host, settings.Port, stop);
                sink.Report(DriverState.Connected);
                retry = FirstRetry;
                await ReadAsync(client, schema, sink, stop);
                lost = "it has closed the connection";
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                lost = e.Message;
            }

            // A lost asset is no error of the driver: it says so, waits, and tries again.
            sink.Report(DriverState.Faulted, $"Asset '{asset}' at {settings.Host}:{settings.Port}: {lost} Check that it is switched on; trying again in {retry.TotalSeconds:0.#} s.");
            await Task.Delay(retry, time, stop);
            retry = retry * 2 < settings.LongestRetry ? retry * 2 : settings.LongestRetry;
        }
    }

    // What it holds, it releases when RunAsync ends; there is nothing left.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task ReadAsync(TcpClient client, FeedSchema schema, IRecordSink sink, CancellationToken stop)
    {
        using var reader = new StreamReader(client.GetStream());
        var rows = new RecordBatchBuilder(schema);
        while (await reader.ReadLineAsync(stop) is { } line)
        {
            if (!double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            {
                sink.Report(DriverState.Degraded, $"Asset '{asset}' has sent '{line}', which is not a number; the line is left out.");
                continue;
            }

            rows.BeginRow(EpochTime.FromDateTimeOffset(time.GetUtcNow()));
            rows.SetFloat64(0, value);
            rows.EndRow();

            // Awaited: then the record is on disk. While it is not, the sensor's lines wait in the socket.
            using RecordBatch batch = rows.Build();
            await sink.WriteAsync(batch, stop);
        }
    }
}
