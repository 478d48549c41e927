using Mlops.Data;
using Mlops.Drivers.OpcUa.Driver;
using Mlops.Drivers.OpcUa.Tests.Peers;

namespace Mlops.Drivers.OpcUa.Tests.Driver;

public sealed class TypesTests(TypesTests.Server fixture) : IClassFixture<TypesTests.Server>
{
    [Fact]
    public async Task Run_EveryBuiltInType_BecomesTheColumnThatHoldsIt()
    {
        await using RunningDriver driver = RunningDriver.Start(new OpcUaSettings { Endpoint = fixture.Peer.Endpoint, Nodes = ["/Objects/1:Plant/**"], Timeout = TimeSpan.FromSeconds(60) });
        await driver.UntilAsync(sink => sink.Records.Any(r => r.Values.Values.Count(v => v is not null) > 20));

        IReadOnlyDictionary<string, object?> values = driver.Sink.Records.Last(r => r.Values.Values.Count(v => v is not null) > 20).Values;
        values["Boolean"].ShouldBe(true);
        values["SByte"].ShouldBe(-128L);
        values["Byte"].ShouldBe(255L);
        values["Int16"].ShouldBe(-32768L);
        values["UInt16"].ShouldBe(65535L);
        values["Int32"].ShouldBe(-2147483648L);
        values["UInt32"].ShouldBe(4294967295L);
        values["Int64"].ShouldBe(long.MinValue);
        values["UInt64"].ShouldBe(ulong.MaxValue);
        values["Float"].ShouldBe(1.5);
        values["Double"].ShouldBe(2.25);
        values["NaN"].ShouldBe(double.NaN);
        values["String"].ShouldBe("Öl & Wärme €");
        values["Guid"].ShouldBe("72962b91-fa75-4ae6-8d28-b404dc7daf63");
        values["ByteString"].ShouldBe("AAEC/w==");
        values["LocalizedText"].ShouldBe("warm");
        values["QualifiedName"].ShouldBe("1:name");
        values["NodeId"].ShouldBe("ns=1;s=other");
        values["Temperature"].ShouldBe(21.5);

        FeedSchema schema = driver.Sink.Inner.Feeds["opcua.press.values"];
        Type("DateTime").ShouldBe(FieldType.Timestamp);
        Type("Doubles").ShouldBe(FieldType.Float64List);
        Type("Int32s").ShouldBe(FieldType.Int64List);
        Type("Booleans").ShouldBe(FieldType.BooleanList);
        Type("Strings").ShouldBe(FieldType.TextList);
        Type("NoDoubles").ShouldBe(FieldType.Float64List);
        schema.Fields.Single(f => f.Name == "Temperature").Unit.ShouldBe("°C");
        driver.Sink.States[^1].State.ShouldBe(DriverState.Connected);

        FieldType Type(string name) => schema.Fields.Single(f => f.Name == name).Type;
    }

    [Fact]
    public async Task Write_ByColumnAndById_ReachesTheServerAndSaysWhatDoesNotFit()
    {
        await using RunningDriver driver = RunningDriver.Start(new OpcUaSettings { Endpoint = fixture.Peer.Endpoint, Nodes = ["ns=1;s=Int16", "ns=1;s=Boolean"], Timeout = TimeSpan.FromSeconds(60) });
        await driver.UntilAsync(sink => !sink.Records.IsEmpty);

        IReadOnlyList<WriteOutcome> outcomes = await Eventually.Within(driver.Writer.WriteAsync(
            [new AssetValue("Int16", 77L), new AssetValue("ns=1;s=Float", 2.5), new AssetValue("Boolean", "perhaps"), new AssetValue("ns=1;s=Nowhere", 1L), new AssetValue("Int16", 70_000L)], default).AsTask());

        outcomes[0].Error.ShouldBeNull();
        outcomes[1].Error.ShouldBeNull();
        outcomes[2].Error!.ShouldContain("'perhaps' is no Boolean");
        outcomes[3].Error!.ShouldContain("BadNodeIdUnknown");
        outcomes[4].Error!.ShouldContain("'70000' is no Int16");
        await driver.UntilAsync(sink => sink.Records.Any(r => Equals(r.Values["Int16"], 77L)));
        await driver.Writer.WriteAsync([new AssetValue("Int16", -32768L)], default);
    }

    [Fact]
    public async Task Browse_FromTheTop_ShowsFoldersTypesAndUnits()
    {
        await using RunningDriver driver = RunningDriver.Start(new OpcUaSettings { Endpoint = fixture.Peer.Endpoint, Nodes = ["ns=1;s=Double"], Timeout = TimeSpan.FromSeconds(60) });
        await driver.UntilAsync(sink => !sink.Records.IsEmpty);

        IReadOnlyList<BrowseItem> top = await Eventually.Within(driver.Browser.BrowseAsync(null, default).AsTask());
        BrowseItem plant = top.Single(i => i.Name == "Plant");
        IReadOnlyList<BrowseItem> inside = await Eventually.Within(driver.Browser.BrowseAsync(plant.Id, default).AsTask());

        BrowseItem value = inside.Single(i => i.Name == "Double");
        value.Type.ShouldBe(FieldType.Float64);
        value.Writable.ShouldBeTrue();
        value.Description!.ShouldContain("Now 2.25");
        await Should.ThrowAsync<ArgumentException>(async () => await driver.Browser.BrowseAsync("nonsense", default));
    }

    public sealed class Server : IAsyncLifetime
    {
        internal NodeOpcUaServer Peer { get; private set; } = null!;

        public async Task InitializeAsync() => Peer = await NodeOpcUaServer.StartAsync(new { types = true });

        public async Task DisposeAsync() => await Peer.DisposeAsync();
    }
}
