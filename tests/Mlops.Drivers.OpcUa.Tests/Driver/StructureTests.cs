using Mlops.Data;
using Mlops.Drivers.OpcUa.Driver;
using Mlops.Drivers.OpcUa.Tests.Peers;

namespace Mlops.Drivers.OpcUa.Tests.Driver;

public sealed class StructureTests : IAsyncLifetime
{
    private NodeOpcUaServer _server = null!;
    private RunningDriver _driver = null!;

    public async Task InitializeAsync()
    {
        _server = await NodeOpcUaServer.StartAsync(new { structures = true });
        _driver = RunningDriver.Start(new OpcUaSettings { Endpoint = _server.Endpoint, Nodes = ["/Objects/1:Plant/**"], Timeout = TimeSpan.FromSeconds(60) });
        await _driver.UntilAsync(sink => !sink.Records.IsEmpty);
    }

    public async Task DisposeAsync()
    {
        await _driver.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public void Run_Structures_BecomeAColumnForEachOfTheirValues()
    {
        IReadOnlyDictionary<string, object?> values = _driver.Sink.Records.Last().Values;

        values["Part.Serial"].ShouldBe("A-17");
        values["Part.Centre.X"].ShouldBe(1.5);
        values["Part.Centre.Y"].ShouldBe(-2.0);
        values["Part.Mode"].ShouldBe(2L);
        values["Part.Made"].ShouldBe(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero));
        values["Part.Weights"].ShouldBe(new[] { 1, 2.5 });
        values["Part.Corners.X"].ShouldBe(new double[] { 0, 3 });
        values["Part.Corners.Y"].ShouldBe(new double[] { 0, 4 });
        values["Parts.X"].ShouldBe(new double[] { 1, 3 });
        values["Parts.Y"].ShouldBe(new double[] { 2, 4 });
        _driver.Sink.States[^1].State.ShouldBe(DriverState.Connected, _driver.States);
    }

    [Fact]
    public void Run_OptionalFieldsAndUnions_LeaveEmptyWhatIsNotThere()
    {
        IReadOnlyDictionary<string, object?> values = _driver.Sink.Records.Last().Values;

        values["Checked.Passed"].ShouldBe(true);
        values["Checked.Height"].ShouldBe(7.25);
        values["Checked.Remark"].ShouldBeNull();
        values["Checked.Count"].ShouldBe(3L);
        values["Unchecked.Height"].ShouldBeNull();
        values["Unchecked.Remark"].ShouldBe("no light");
        values["Measured.Number"].ShouldBeNull();
        values["Measured.Text"].ShouldBeNull();
        values["Measured.Place.X"].ShouldBe(8.0);
        values["Measured.Place.Y"].ShouldBe(9.0);
    }

    [Fact]
    public void Run_StructureThatOnlyADictionaryDescribes_IsReadByIt()
    {
        IReadOnlyDictionary<string, object?> values = _driver.Sink.Records.Last().Values;

        values["OldPart.Grade"].ShouldBe(1L);
        values["OldPart.Remark"].ShouldBeNull();
        values["OldPart.Weight"].ShouldBe(12.5);
        values["OldPart.Label"].ShouldBe("warm");
        values["OldPart.Spots.X"].ShouldBe(new long[] { 1, 3 });
        values["OldPart.Spots.Y"].ShouldBe(new long[] { 2, 4 });
    }

    [Fact]
    public void Run_UnknownStructure_StaysAsItWasEncoded()
    {
        _driver.Sink.Records.Last().Values["Unknown"].ShouldBe("AQID");
        Field("Unknown").Type.ShouldBe(FieldType.Text);
    }

    [Fact]
    public void Run_Enumerations_TellTheirNames()
    {
        _driver.Sink.Records.Last().Values["Mode"].ShouldBe(1L);
        Field("Mode").SourceType.ShouldBe("Int32{0=Off, 1=Idle, 2=Pressing}");
        Field("Part.Mode").SourceType.ShouldBe("Int32{0=Off, 1=Idle, 2=Pressing}");
        Field("OldPart.Grade").SourceType.ShouldBe("Int32{0=Good, 1=Scrap}");
    }

    private FeedField Field(string name) => _driver.Sink.Inner.Feeds["opcua.press.values"].Fields.Single(f => f.Name == name);
}
