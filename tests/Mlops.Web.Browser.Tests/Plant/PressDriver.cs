using System.Buffers.Binary;
using Mlops.Data;
using Mlops.Drivers;

namespace Mlops.Web.Browser.Tests.Plant;

/// <summary>A press that writes temperature and pressure in a cycle, has a small tree of values, and a camera.</summary>
internal sealed class PressDriver(PressSettings settings) : IHighLevelDriver, IBrowsableDriver, IPreviewableDriver
{
    private const int Width = 320;
    private const int Height = 200;
    private int _frame;

    public async Task RunAsync(IRecordSink sink, CancellationToken stop)
    {
        FeedSchema schema = await sink.DeclareAsync("cycle", [new FeedField("temperature", FieldType.Float64) { Unit = "°C" }, new FeedField("oil", FieldType.Float64) { Unit = "°C" }, new FeedField("pressure", FieldType.Float64) { Unit = "bar" }], stop);
        sink.Report(DriverState.Connected);
        var rows = new RecordBatchBuilder(schema);
        for (int i = 0; ; i++)
        {
            rows.BeginRow(EpochTime.FromDateTimeOffset(DateTimeOffset.UtcNow));
            rows.SetFloat64(0, 60 + (5 * Math.Sin(i / 20.0)));
            rows.SetFloat64(1, 41 + (i % 7 * 0.1));
            rows.SetFloat64(2, 180 + (20 * Math.Cos(i / 9.0)));
            rows.EndRow();
            using RecordBatch batch = rows.Build();
            await sink.WriteAsync(batch, stop);
            await Task.Delay(settings.Cycle, stop);
        }
    }

    public ValueTask<IReadOnlyList<BrowseItem>> BrowseAsync(string? parent, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<BrowseItem>>(parent switch
    {
        null => [new BrowseItem("ns=2;s=Press", "Press") { HasChildren = true }],
        "ns=2;s=Press" =>
        [
            new BrowseItem("ns=2;s=Temperature", "Temperature") { Type = FieldType.Float64, Unit = "°C", Description = "Of the lower plate" },
            new BrowseItem("ns=2;s=Pressure", "Pressure") { Type = FieldType.Float64, Unit = "bar", Writable = true },
        ],
        _ => [],
    });

    /// <summary>A picture that is another one each time, as an uncompressed bitmap.</summary>
    public ValueTask<PreviewFrame?> PreviewAsync(CancellationToken cancellationToken)
    {
        byte[] bitmap = new byte[54 + (Width * Height * 3)];
        "BM"u8.CopyTo(bitmap);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(2), bitmap.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(10), 54);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(18), Width);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(22), Height);
        bitmap[26] = 1;
        bitmap[28] = 24;
        int shift = Interlocked.Increment(ref _frame) * 8;
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
                bitmap.AsSpan(54 + (((y * Width) + x) * 3), 3).Fill((byte)((x + y + shift) % 200));
        }

        return ValueTask.FromResult<PreviewFrame?>(new PreviewFrame("image/bmp", bitmap, DateTimeOffset.UtcNow));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
