using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Mlops.Data;
using Mlops.Drivers;
using Mlops.Drivers.MqttDecoder;
using Mlops.Ingest;
using Mlops.Tests.Store;
using Mlops.Workflows;
using static Mlops.Tests.Databus.DatabusMessages;

namespace Mlops.Tests.Drivers.MqttDecoder;

public sealed class MqttDecoderTests : IDisposable
{
    private const string Feed = "mqtt-decoder.plc.values";
    private readonly TemporaryFolder _folder = new();
    private long _number;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Binary_FieldsOfAllKinds_BecomeColumns()
    {
        await using DriverNode node = await StartAsync(
            """
            {"topics":["line/+/press/#"],"byteOrder":"big","timestamp":"t","sequence":"n","topicColumns":{"line":2,"deep":9},
             "fields":[{"name":"t","type":"uInt32","offset":0},{"name":"n","type":"uInt16","offset":4},
                       {"name":"temp","type":"int16","offset":6,"scale":0.1,"add":-40,"unit":"°C"},{"name":"low","type":"int16","offset":6,"byteOrder":"little"},
                       {"name":"f","type":"float32","offset":8},{"name":"mode","type":"uInt8","offset":12,"firstBit":2,"bits":3},{"name":"alarm","type":"boolean","offset":12,"firstBit":7,"bits":1},
                       {"name":"list","type":"int8","offset":13,"count":3},{"name":"big","type":"uInt64","offset":16},{"name":"name","type":"text","offset":24}]}
            """);
        byte[] payload = new byte[24 + 6];
        BinaryPrimitives.WriteUInt32BigEndian(payload, 1_767_225_600);
        BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(4), 7);
        BinaryPrimitives.WriteInt16BigEndian(payload.AsSpan(6), 615);
        BinaryPrimitives.WriteSingleBigEndian(payload.AsSpan(8), 1.25f);
        payload[12] = 0b1001_0100;
        (payload[13], payload[14], payload[15]) = (0xFF, 1, 0x80);
        BinaryPrimitives.WriteUInt64BigEndian(payload.AsSpan(16), ulong.MaxValue);
        Encoding.UTF8.GetBytes("Öl\0x").CopyTo(payload, 24);
        await SendAsync(node, "line/7/press/a", payload);

        Dictionary<string, object?> row = (await node.RowsAsync(Feed)).ShouldHaveSingleItem();
        ((double)row["temp"]!).ShouldBe(21.5, 1e-9);
        (row["low"], row["f"], row["mode"], row["alarm"], row["big"], row["name"]).ShouldBe((26370L, 1.25, 5L, true, ulong.MaxValue, "Öl"));
        (row["list[0]"], row["list[1]"], row["list[2]"]).ShouldBe((-1L, 1L, -128L));
        (row["line"], row["deep"], row["@seq"], row["@time"]).ShouldBe(("7", null, 7L, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        row.ShouldNotContainKey("t");
        node.Get<Mlops.Store.IFeedStore>().Find(Feed)!.Fields.Single(f => f.Name == "temp").Unit.ShouldBe("°C");
    }

    [Theory]
    [InlineData("none", "2026-01-01T00:00:01Z; 1.5;7;true; a b ")]
    [InlineData("hex", "32 30 32 36 2d 30 31 2d 30 31 54 30 30 3A 30 30 3A 30 31 5A 3b 31 2e 35 3b 37 3b 31 3b 61 20 62")]
    [InlineData("base64", "MjAyNi0wMS0wMVQwMDowMDowMVo7MS41Ozc7MTthIGI=")]
    public async Task Delimited_InEachWrapper_IsTheSame(string wrapper, string payload)
    {
        await using DriverNode node = await StartAsync(
            $$"""{"topics":["t"],"format":"delimited","wrapper":"{{wrapper}}","timestamp":"time","fields":[{"name":"time","offset":0},{"name":"x","offset":1},{"name":"i","type":"int32","offset":2},{"name":"b","type":"boolean","offset":3},{"name":"s","type":"text","offset":4}]}""");
        await SendAsync(node, "t", Encoding.UTF8.GetBytes(payload));

        Dictionary<string, object?> row = (await node.RowsAsync(Feed)).ShouldHaveSingleItem();
        (row["x"], row["i"], row["b"], row["s"], row["@time"]).ShouldBe((1.5, 7L, true, "a b", new DateTimeOffset(2026, 1, 1, 0, 0, 1, TimeSpan.Zero)));
    }

    [Fact]
    public async Task Regex_NamedGroups_BecomeColumnsAndWhatIsAbsentIsNull()
    {
        await using DriverNode node = await StartAsync("""{"topics":["t"],"format":"regex","regex":"T=(?<temp>[-0-9.]+)( H=(?<hum>[0-9]+))?","fields":[{"name":"temp"},{"name":"hum","type":"uInt8","scale":0.01}]}""");
        await SendAsync(node, "t", "x T=-1.5 H=40"u8.ToArray());
        await SendAsync(node, "t", "T=2"u8.ToArray());

        (await node.RowsAsync(Feed)).Select(r => (r["temp"], r["hum"])).ShouldBe([(-1.5, 0.4), (2.0, null)]);
    }

    [Theory]
    [InlineData("""{"topics":["t"],"fields":[{"name":"x","type":"int32","offset":2}]}""", "abc", "field 'x' needs bytes 2 to 5, but there are only 3")]
    [InlineData("""{"topics":["t"],"wrapper":"hex","fields":[{"name":"x","type":"int8"}]}""", "0g", "'g' is not a hexadecimal digit")]
    [InlineData("""{"topics":["t"],"wrapper":"base64","fields":[{"name":"x","type":"int8"}]}""", "%%", "it is not Base64")]
    [InlineData("""{"topics":["t"],"format":"delimited","fields":[{"name":"x","offset":2}]}""", "1;2", "field 'x' is value 2, but there are only 2 values")]
    [InlineData("""{"topics":["t"],"format":"delimited","fields":[{"name":"x","type":"uInt8"}]}""", "300", "field 'x': '300' is not UInt8")]
    [InlineData("""{"topics":["t"],"format":"regex","regex":"(?<x>[0-9]+)","fields":[{"name":"x"}]}""", "none", "the regular expression does not match")]
    [InlineData("""{"topics":["t"],"format":"regex","matchTimeout":"00:00:00.001","regex":"^(?<x>(a+)+)$","fields":[{"name":"x","type":"text"}]}""", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "the regular expression took longer than 1 ms")]
    public async Task Message_OfAnotherLayout_IsADeadLetterNamedInTheState(string settings, string payload, string expected)
    {
        await using DriverNode node = await StartAsync(settings);
        await SendAsync(node, "t", Encoding.UTF8.GetBytes(payload));
        await node.UntilAsync("plc", DriverState.Degraded);

        node.Assets.Find("plc")!.Reason.ShouldBe($"1 message could not be decoded and went to the dead letters; the last on t: {expected}.");
        string letters = string.Concat(Directory.EnumerateFiles(Path.Combine(node.DataFolder, "dead-letters")).Select(File.ReadAllText));
        JsonNode.Parse(letters)!["reason"]!.GetValue<string>().ShouldBe($"Asset 'plc' cannot decode the message: {expected}.");
        (await node.RowsAsync(Feed)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Binary_SeveralRecordsInAPayload_AreARowEach()
    {
        await using DriverNode node = await StartAsync(
            """
            {"topics":["vib/+"],"byteOrder":"big","timestamp":"t","sequence":"n","headerLength":6,"recordLength":3,"recordInterval":"00:00:00.25","topicColumns":{"place":2},
             "fields":[{"name":"t","type":"uInt32","inHeader":true},{"name":"n","type":"uInt16","offset":4,"inHeader":true},{"name":"x","type":"int16","scale":0.5},{"name":"ok","type":"boolean","offset":2}]}
            """);
        await SendAsync(node, "vib/7", Convert.FromHexString("6955B900" + "0009" + "000401" + "FFFE00" + "000A01"));

        List<Dictionary<string, object?>> rows = await node.RowsAsync(Feed);
        rows.Select(r => (r["x"], r["ok"], r["place"], r["@seq"])).ShouldBe([(2.0, true, "7", 9L), (-1.0, false, "7", 9L), (5.0, true, "7", 9L)]);
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        rows.Select(r => (DateTimeOffset)r["@time"]!).ShouldBe([start, start.AddSeconds(0.25), start.AddSeconds(0.5)]);
    }

    [Theory]
    [InlineData("010203", "it has 3 bytes, and so no record behind the header of 4")]
    [InlineData("01020304", "it has 4 bytes, and so no record behind the header of 4")]
    [InlineData("01020304AABBCC", "its 3 bytes behind the header are no whole number of records of 2")]
    public async Task Binary_SeveralRecordsCutOff_AreOneDeadLetterAndNoRow(string payload, string expected)
    {
        await using DriverNode node = await StartAsync("""{"topics":["t"],"headerLength":4,"recordLength":2,"fields":[{"name":"x","type":"int16"}]}""");
        await SendAsync(node, "t", Convert.FromHexString(payload));

        var letters = node.Get<IDeadLetters>();
        letters.List().ShouldHaveSingleItem().Reason.ShouldBe($"Asset 'plc' cannot decode the message: {expected}.");
        letters.Counts().Select(c => (c.Cause, c.Source, c.Count)).ShouldBe([(DeadLetterCause.WrongLayout, "asset/plc", 1)]);
        (await node.RowsAsync(Feed)).ShouldBeEmpty();
    }

    [Fact]
    public void Decode_SeveralRecordsTruncatedOrFlipped_GivesAllOfThemOrNone()
    {
        var settings = new MqttDecoderSettings
        {
            Topics = ["t"],
            Timestamp = "t",
            HeaderLength = 8,
            RecordLength = 12,
            Fields = [new PayloadField { Name = "t", Type = PayloadType.Float64, InHeader = true }, new PayloadField { Name = "a", Type = PayloadType.Float64 }, new PayloadField { Name = "s", Type = PayloadType.Text, Offset = 8, Length = 4 }],
        };
        var decoder = new PayloadDecoder(settings, new FeedSchema("f", PayloadDecoder.Columns(settings)));
        var rows = new RecordBatchBuilder(decoder.Schema);
        byte[] whole = new byte[8 + (5 * 12)];
        BinaryPrimitives.WriteDoubleLittleEndian(whole, 1_767_225_600);
        var random = new Random(4);
        int taken = 0, refused = 0;
        for (int i = 0; i < 5_000; i++)
        {
            byte[] payload = whole[..random.Next(i % 3 == 0 ? whole.Length : 0, whole.Length + 1)];
            for (int flips = i % 4; flips > 0 && payload.Length > 0; flips--)
                payload[random.Next(payload.Length)] ^= (byte)(1 << random.Next(8));
            int before = rows.Count;
            try
            {
                decoder.Decode("t", payload, rows, 1, 1);
                (rows.Count - before).ShouldBe((payload.Length - 8) / 12);
                taken++;
            }
            catch (FormatException)
            {
                rows.Count.ShouldBe(before);
                refused++;
            }
        }

        Math.Min(taken, refused).ShouldBeGreaterThan(100);
        rows.Build().Dispose();
    }

    [Fact]
    public async Task DeadLetter_AfterTheLayoutWasMended_IsTakenAgain()
    {
        await using DriverNode node = await StartAsync("""{"topics":["t"],"fields":[{"name":"x","type":"int32"}]}""");
        await SendAsync(node, "t", [5, 0]);
        await node.Catalog.PutAsync("plc", new AssetChange("mqtt-decoder", JsonNode.Parse("""{"topics":["t"],"fields":[{"name":"x","type":"int16"}]}""")!.AsObject()));
        await node.UntilAsync("plc", DriverState.Connected);
        var letters = node.Get<IDeadLetters>();

        (await letters.ReplayAsync([letters.List().ShouldHaveSingleItem().Id])).Replayed.ShouldBe(1);

        (await node.RowsAsync(Feed)).ShouldHaveSingleItem()["x"].ShouldBe(5L);
        letters.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task BinaryCollectionOfTheDatabus_WithADeclaredLayout_IsDecodedAndSoIsWhatCameBefore()
    {
        const string BinaryTopic = "ie/d/b/simatic/v1/aoi1/dp/r/Line4/vib";
        await using DriverNode node = await DriverNode.StartAsync(_folder);
        await SendAsync(node, MetadataTopic, Encoding.UTF8.GetBytes(Metadata().Replace("\"timeseries\"", "\"binarytimeseries\"", StringComparison.Ordinal).Replace(SeriesTopic, BinaryTopic, StringComparison.Ordinal)));
        await SendAsync(node, BinaryTopic, [1, 0, 2, 0]);
        var letters = node.Get<IDeadLetters>();
        DeadLetterInfo letter = letters.List().ShouldHaveSingleItem();
        (letter.Cause, letter.Source).ShouldBe((DeadLetterCause.UnknownFormat, "databus/aoi1"));
        letter.Reason.ShouldContain("mqtt-decoder");

        await node.Catalog.PutAsync("plc", new AssetChange("mqtt-decoder", JsonNode.Parse($$"""{"topics":["{{BinaryTopic}}"],"recordLength":2,"fields":[{"name":"x","type":"int16"}]}""")!.AsObject()));
        await node.UntilAsync("plc", DriverState.Connected);
        await SendAsync(node, BinaryTopic, [3, 0]);
        await node.UntilRowsAsync(Feed, 1);
        (await letters.ReplayAsync([letter.Id])).Replayed.ShouldBe(1);

        (await node.RowsAsync(Feed)).Select(r => r["x"]).ShouldBe([3L, 1L, 2L]);
        letters.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task Messages_Many_AreKeptInOrderAndAcknowledgedOnceDurable()
    {
        await using DriverNode node = await StartAsync("""{"topics":["t"],"fields":[{"name":"n","type":"uInt32"}]}""");
        for (int i = 0; i < 10_000; i++)
            await node.Bus.Deliver("t", BitConverter.GetBytes(i), i + 1).AsTask().Within();
        await Eventually.IsTrueAsync(() => node.Bus.Acknowledged.Count == 10_000, "not everything was acknowledged");

        node.Bus.Acknowledged.ShouldBe(Enumerable.Range(1, 10_000).Select(n => (long)n));
        (await node.RowsAsync(Feed)).Select(r => (long)r["n"]!).ShouldBe(Enumerable.Range(0, 10_000).Select(n => (long)n));
    }

    [Fact]
    public void Decode_MutatedPayloads_GivesARowOrAFormatException()
    {
        var settings = new MqttDecoderSettings
        {
            Topics = ["t"],
            Timestamp = "t",
            Sequence = "s",
            TopicColumns = new Dictionary<string, int> { ["a"] = 1 },
            Fields = [.. Enum.GetValues<PayloadType>().Select((type, i) => new PayloadField { Name = $"f{i}", Type = type, Offset = i, Length = 2 }),
                new PayloadField { Name = "t", Type = PayloadType.Float64, Offset = 3 }, new PayloadField { Name = "s", Type = PayloadType.UInt64, Offset = 5 }],
        };
        var random = new Random(1);
        foreach (PayloadFormat format in new[] { PayloadFormat.Binary, PayloadFormat.Delimited })
        {
            foreach (PayloadWrapper wrapper in Enum.GetValues<PayloadWrapper>())
            {
                (settings.Format, settings.Wrapper) = (format, wrapper);
                var decoder = new PayloadDecoder(settings, new FeedSchema("f", PayloadDecoder.Columns(settings)));
                var rows = new RecordBatchBuilder(decoder.Schema);
                for (int i = 0; i < 3000; i++)
                {
                    byte[] payload = new byte[random.Next(40)];
                    random.NextBytes(payload);
                    if (i % 2 == 0)
                        payload = Encoding.ASCII.GetBytes(string.Join(';', payload.Select(b => b % 10)));
                    int before = rows.Count;
                    try
                    {
                        decoder.Decode("x/y", payload, rows, 1, 1);
                        rows.Count.ShouldBe(before + 1);
                    }
                    catch (FormatException)
                    {
                        rows.Count.ShouldBe(before);
                    }
                }

                rows.Build().Dispose();
            }
        }
    }

    [Theory]
    [InlineData("""{"topics":[],"fields":[{"name":"x"}]}""", "At least one topic is needed")]
    [InlineData("""{"topics":["a/#/b"],"fields":[{"name":"x"}]}""", "'a/#/b' is not a topic filter")]
    [InlineData("""{"topics":["t"],"fields":[{"name":"x"},{"name":"x"}]}""", "The column 'x' stands twice")]
    [InlineData("""{"topics":["t"],"fields":[{"name":"x","type":"int16","bits":3}]}""", "Bits are taken from unsigned numbers")]
    [InlineData("""{"topics":["t"],"fields":[{"name":"x","type":"uInt8","firstBit":6,"bits":3}]}""", "Bits 6 to 8 lie outside of UInt8")]
    [InlineData("""{"topics":["t"],"fields":[{"name":"x","type":"text","scale":2}]}""", "Only numbers are scaled")]
    [InlineData("""{"topics":["t"],"timestamp":"y","fields":[{"name":"x"}]}""", "'y' is not the name of a single field")]
    [InlineData("""{"topics":["t"],"format":"regex","regex":"(","fields":[{"name":"x"}]}""", "It is not a regular expression")]
    [InlineData("""{"topics":["t"],"format":"regex","regex":"(?<y>.)","fields":[{"name":"x"}]}""", "It has no group 'x'")]
    [InlineData("""{"topics":["t"],"headerLength":4,"fields":[{"name":"x","type":"int8"}]}""", "Give the length of a record")]
    [InlineData("""{"topics":["t"],"recordLength":2,"fields":[{"name":"x","type":"int16","offset":1}]}""", "Field 'x' ends behind the record of 2 bytes")]
    [InlineData("""{"topics":["t"],"recordLength":2,"fields":[{"name":"x","type":"int8"},{"name":"h","type":"int8","inHeader":true}]}""", "Field 'h' ends behind the header of 0 bytes")]
    [InlineData("""{"topics":["t"],"recordLength":2,"fields":[{"name":"x","type":"text"}]}""", "'x': a text in a payload with several records needs a length")]
    [InlineData("""{"topics":["t"],"recordLength":4,"format":"delimited","fields":[{"name":"x","type":"int8"}]}""", "are for binary payloads")]
    [InlineData("""{"topics":["t"],"recordLength":4,"recordInterval":"00:00:01","timestamp":"x","fields":[{"name":"x","type":"int32"}]}""", "Leave the interval out")]
    [InlineData("""{"topics":["t"],"fields":[{"name":"x","type":"int24"}]}""", "Setting 'fields[0].type' is 'int24'. Give one of: float64")]
    public async Task Settings_Wrong_AreRefused(string settings, string expected) =>
        (await Should.ThrowAsync<DriverConfigurationException>(() => StartAsync(settings))).Message.ShouldContain(expected);

    private async Task SendAsync(DriverNode node, string topic, byte[] payload)
    {
        long number = Interlocked.Increment(ref _number);
        await node.Bus.Deliver(topic, payload, number);
        await Eventually.IsTrueAsync(() => node.Bus.Acknowledged.Contains(number), "the message was not acknowledged");
    }

    private async Task<DriverNode> StartAsync(string settings)
    {
        DriverNode node = await DriverNode.StartAsync(_folder);
        try
        {
            await node.Catalog.PutAsync("plc", new AssetChange("mqtt-decoder", JsonNode.Parse(settings)!.AsObject()));
            await node.UntilAsync("plc", DriverState.Connected);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }
}
