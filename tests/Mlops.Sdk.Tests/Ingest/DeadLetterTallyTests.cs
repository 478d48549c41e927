using System.Diagnostics.Metrics;
using Mlops.Ingest;

namespace Mlops.Tests.Ingest;

public sealed class DeadLetterTallyTests
{
    [Fact]
    public void Add_MoreSourcesThanAreTold_AddsUpTheOthers()
    {
        var tally = new DeadLetterTally();
        for (int i = 0; i < 1_500; i++)
            tally.Add(Letter(DeadLetterCause.Unreadable, $"mapping/{i}"));
        tally.Add(Letter(DeadLetterCause.NoFeed, "mapping/1499"));
        tally.Add(Letter(DeadLetterCause.NoFeed, "mapping/7"));

        tally.Total.ShouldBe(1_502);
        tally.Counts().Count.ShouldBe(1_003);
        tally.Counts()[0].ShouldBe(new DeadLetterCount(DeadLetterCause.Unreadable, "other", 500, DateTimeOffset.UnixEpoch, "reason"));
        tally.Counts().Where(c => c.Cause == DeadLetterCause.NoFeed).Select(c => (c.Source, c.Count)).ShouldBe([("mapping/7", 1), ("other", 1)]);
    }

    [Fact]
    public void Meter_DeadLetters_HaveTheirReasonAsATag()
    {
        var tally = new DeadLetterTally();
        using var meters = new OneMeter();
        using var instruments = new IngestInstruments(tally, meters);
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Meter == meters.Meter)
                to.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen[$"{instrument.Name} {string.Join(',', tags.ToArray().Select(t => $"{t.Key}={t.Value}"))}".TrimEnd()] = value);
        listener.Start();
        tally.Add(Letter(DeadLetterCause.NoMetadata, "databus/a"));
        tally.Add(Letter(DeadLetterCause.NoMetadata, "databus/b"));
        tally.Add(Letter(DeadLetterCause.WaitingRoomFull, "databus/b"));
        tally.Drop(5);

        listener.RecordObservableInstruments();

        seen["mlops.ingest.dead_letters reason=no_metadata"].ShouldBe(2);
        seen["mlops.ingest.dead_letters reason=waiting_room_full"].ShouldBe(1);
        seen.Keys.Count(k => k.StartsWith("mlops.ingest.dead_letters ", StringComparison.Ordinal)).ShouldBe(2);
        seen["mlops.ingest.dead_letters.dropped"].ShouldBe(5);
        seen["mlops.ingest.dead_letters.cut"].ShouldBe(3);
    }

    private static DeadLetter Letter(DeadLetterCause cause, string source) => new("t", cause, source, "reason", DateTimeOffset.UnixEpoch, [], 10, default);

    private sealed class OneMeter : IMeterFactory
    {
        public Meter? Meter { get; private set; }

        public Meter Create(MeterOptions options) => Meter = new Meter(options);

        public void Dispose() => Meter?.Dispose();
    }
}
