using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Mlops.Hosting;
using Mlops.Ingest;

namespace Mlops.Tests.Ingest;

public sealed class DeadLetterFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-letters-").FullName;

    private readonly DeadLetterTally _tally = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_TextAndBytes_KeepsWhatCameAndWhy()
    {
        DeadLetterFiles files = Open(new DeadLetterOptions { MaxPayloadBytes = 8 });

        files.Write([Letter("tö", "wrong \"x\"", "{\"a\":1}"u8.ToArray()), Letter("b", "no text", [0xFF, 0x00, 0x10])]).ShouldBeTrue();

        JsonElement[] lines = [.. File.ReadAllLines(Directory.GetFiles(files.Folder).ShouldHaveSingleItem()).Select(l => JsonDocument.Parse(l).RootElement)];
        lines[0].GetProperty("topic").GetString().ShouldBe("tö");
        lines[0].GetProperty("reason").GetString().ShouldBe("wrong \"x\"");
        lines[0].GetProperty("text").GetString().ShouldBe("{\"a\":1}");
        lines[0].GetProperty("cause").GetString().ShouldBe("unreadable");
        lines[0].GetProperty("source").GetString().ShouldBe("mapping/a");
        lines[0].GetProperty("time").GetDateTimeOffset().ShouldBe(DateTimeOffset.UnixEpoch);
        lines[1].GetProperty("base64").GetBytesFromBase64().ShouldBe([0xFF, 0x00, 0x10]);
        lines[1].GetProperty("bytes").GetInt32().ShouldBe(3);
    }

    [Fact]
    public void Write_MoreThanAFileHolds_RollsAndDropsTheOldest()
    {
        DeadLetterFiles files = Open(new DeadLetterOptions { MaxFileBytes = 2_000, MaxFiles = 3, MaxPayloadBytes = 1_000 });

        for (int i = 0; i < 50; i++)
            files.Write([Letter("t", $"reason {i}", Encoding.UTF8.GetBytes(new string('x', 900)))]).ShouldBeTrue();

        FileInfo[] kept = [.. Directory.GetFiles(files.Folder).Order(StringComparer.Ordinal).Select(f => new FileInfo(f))];
        kept.Length.ShouldBe(3);
        kept.ShouldAllBe(f => f.Length <= 2_000);
        File.ReadAllLines(kept[^1].FullName)[^1].ShouldContain("reason 49");
        _tally.Dropped.ShouldBe(50 - kept.Sum(f => File.ReadAllLines(f.FullName).Length));
    }

    [Fact]
    public void Write_AfterARestart_GoesOnInTheLastFile()
    {
        Open(new DeadLetterOptions()).Write([Letter("t", "first", [])]);
        DeadLetterFiles files = Open(new DeadLetterOptions());
        files.Write([Letter("t", "second", [])]);

        File.ReadAllLines(Directory.GetFiles(files.Folder).ShouldHaveSingleItem()).Length.ShouldBe(2);
    }

    [Fact]
    public void Write_FolderCannotBe_SaysSoAndThrowsNothing()
    {
        File.WriteAllText(Path.Combine(_folder, "dead-letters"), "a file is in the way");

        Open(new DeadLetterOptions()).Write([Letter("t", "r", []), Letter("t", "r", [])]).ShouldBeFalse();
        _tally.Dropped.ShouldBe(2);
    }

    private static DeadLetter Letter(string topic, string reason, byte[] payload) => new(topic, DeadLetterCause.Unreadable, "mapping/a", reason, DateTimeOffset.UnixEpoch, payload, payload.Length, default);

    private DeadLetterFiles Open(DeadLetterOptions bounds) => new(
        Options.Create(new MlopsOptions { DataFolder = _folder }), Options.Create(new IngestOptions { DeadLetters = bounds }), _tally, TimeProvider.System, NullLogger<DeadLetterFiles>.Instance);
}
