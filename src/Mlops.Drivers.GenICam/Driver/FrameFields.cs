using Mlops.Data;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Pixels;
using Mlops.Store;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>The fields of a record that a frame makes, and how they are filled. One thread at a time.</summary>
internal sealed class FrameFields
{
    public const string Feed = "frames";
    public const string KeptFeed = "kept";

    private const int Number = 0;
    private const int CameraTime = 1;
    private const int Width = 2;
    private const int Height = 3;
    private const int Format = 4;
    private const int Exposure = 5;
    private const int Gain = 6;
    private const int Image = 7;
    private readonly string[] _chunks;
    private readonly string[] _features;
    private readonly Dictionary<PixelFormat, byte[]> _formats = [];

    /// <param name="chunks">What the camera sends with each frame, by its features' names.</param>
    public FrameFields(IEnumerable<string> chunks)
    {
        _chunks = [.. chunks.Where(c => c is not ("ExposureTime" or "Gain"))];
        _features = [.. _chunks.Select(c => "Chunk" + c)];
    }

    public IReadOnlyList<FeedField> All =>
    [
        new("frame", FieldType.Int64),
        new("camera_time", FieldType.Int64) { Unit = "ns" },
        new("width", FieldType.Int64) { Unit = "px" },
        new("height", FieldType.Int64) { Unit = "px" },
        new("format", FieldType.Text),
        new("exposure", FieldType.Float64) { Unit = "µs" },
        new("gain", FieldType.Float64),
        BlobReference.Field("image"),
        .. _chunks.Select(c => new FeedField(c, FieldType.Float64)),
    ];

    /// <summary>Gets the fields of the feed that has the frames which a prediction asked for.</summary>
    public static IReadOnlyList<FeedField> Kept { get; } = [new("frame", FieldType.Int64), BlobReference.Field("image")];

    /// <summary>Adds the record of a frame.</summary>
    public void Add(RecordBatchBuilder rows, CameraFrame frame, long received, long arrival, double? exposure, double? gain, ReadOnlySpan<byte> image)
    {
        rows.BeginRow(frame.HostTime, received, arrival);
        rows.SetInt64(Number, (long)frame.Number);
        rows.SetInt64(CameraTime, (long)frame.CameraTime);
        rows.SetInt64(Width, frame.Width);
        rows.SetInt64(Height, frame.Height);
        rows.SetText(Format, Name(frame.Format));
        Set(rows, Exposure, frame.Chunk("ChunkExposureTime") ?? exposure);
        Set(rows, Gain, frame.Chunk("ChunkGain") ?? gain);
        if (!image.IsEmpty)
            rows.SetText(Image, image);
        for (int i = 0; i < _chunks.Length; i++)
            Set(rows, Image + 1 + i, frame.Chunk(_features[i]));
        rows.EndRow();
    }

    private static void Set(RecordBatchBuilder rows, int column, double? value)
    {
        if (value is { } number)
            rows.SetFloat64(column, number);
    }

    private byte[] Name(PixelFormat format)
    {
        if (!_formats.TryGetValue(format, out byte[]? name))
            _formats[format] = name = System.Text.Encoding.UTF8.GetBytes(format.ToString());
        return name;
    }
}
