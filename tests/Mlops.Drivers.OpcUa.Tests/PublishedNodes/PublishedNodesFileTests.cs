using Mlops.Drivers.OpcUa.Driver;
using Mlops.Drivers.OpcUa.PublishedNodes;
using Mlops.Drivers.OpcUa.Tests.Peers;

namespace Mlops.Drivers.OpcUa.Tests.PublishedNodes;

public sealed class PublishedNodesFileTests
{
    private const string Plant =
        """
        [
          {
            "EndpointUrl": "opc.tcp://press:4840",
            "UseSecurity": true,
            "OpcAuthenticationMode": "UsernamePassword", "OpcAuthenticationUsername": "operator", "OpcAuthenticationPassword": "s3cret",
            "DataSetWriterId": "spindle", "DataSetPublishingInterval": 500,
            "OpcNodes": [
              { "Id": "ns=2;s=Speed", "OpcSamplingInterval": 100, "DisplayName": "Speed of the spindle" },
              { "Id": "ns=2;s=Load", "OpcSamplingInterval": 100 },
              { "ExpandedNodeId": "nsu=http://vendor.com/;s=Temperature", "OpcSamplingIntervalTimespan": "00:00:02", "OpcPublishingInterval": 5000, "HeartbeatInterval": 60, "SkipFirst": true,
                "QueueSize": 5, "DiscardNew": true, "DataChangeTrigger": "StatusValueTimestamp", "DeadbandType": "Percent", "DeadbandValue": 2.5 }, // trailing things are read, too
            ]
          },
          { "EndpointUrl": "opc.tcp://oven:4840/ua", "OpcNodes": [ { "Id": "http://vendor.com/oven#i=7" }, { "Id": "i=2258", "UseCyclicRead": true, "OpcSamplingInterval": "250" } ] },
          { "EndpointUrl": "opc.tcp://old:4840", "NodeId": { "Identifier": "ns=3;i=1" } },
          { "EndpointUrl": "opc.tcp://alarms:4840", "OpcNodes": [ { "Id": "i=2253", "EventFilter": { "TypeDefinitionId": "i=2915", "SelectClauses": [ { "BrowsePath": [ "Message" ] }, { "BrowsePath": [ "ActiveState", "Id" ] } ] } } ] }
        ]
        """;

    [Fact]
    public void Parse_ServerWithSecurityAndUser_BecomesSettings()
    {
        OpcUaSettings press = PublishedNodesFile.Parse(Plant)[0];

        press.Endpoint.ShouldBe("opc.tcp://press:4840");
        (press.Security!.Policy, press.Security.Mode).ShouldBe(("Basic256Sha256", "SignAndEncrypt"));
        (press.User!.Name, press.User.Password).ShouldBe(("operator", "s3cret"));
    }

    [Fact]
    public void Parse_NodesThatAreReadAlike_MakeAGroup()
    {
        List<OpcUaGroupSettings> groups = PublishedNodesFile.Parse(Plant)[0].Groups;

        groups.Select(g => g.Name).ShouldBe(["spindle", "spindle-2"]);
        groups[0].Nodes.ShouldBe(["Speed of the spindle = ns=2;s=Speed", "ns=2;s=Load"]);
        (groups[0].Interval, groups[0].Sampling, groups[0].Heartbeat, groups[0].Queue).ShouldBe((TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(100), null, null));
        OpcUaGroupSettings slow = groups[1];
        slow.Nodes.ShouldBe(["nsu=http://vendor.com/;s=Temperature"]);
        (slow.Interval, slow.Sampling, slow.Heartbeat, slow.Queue).ShouldBe((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1), 5));
        (slow.SkipFirst, slow.Discard, slow.Change, slow.Deadband, slow.DeadbandPercent).ShouldBe((true, OpcUaDiscard.Newest, OpcUaChange.Timestamp, 2.5, true));
    }

    [Fact]
    public void Parse_OtherForms_AreReadAsWell()
    {
        IReadOnlyList<OpcUaSettings> servers = PublishedNodesFile.Parse(Plant);

        servers[1].Security.ShouldBeNull();
        servers[1].Groups.Select(g => (g.Name, g.Records, g.Nodes[0])).ShouldBe([("values", OpcUaRecords.Cycle, "nsu=http://vendor.com/oven;i=7"), ("values-2", OpcUaRecords.Read, "i=2258")]);
        servers[1].Groups[1].Interval.ShouldBe(TimeSpan.FromMilliseconds(250));
        servers[2].Groups.ShouldHaveSingleItem().Nodes.ShouldBe(["ns=3;i=1"]);
        OpcUaEventSettings events = servers[3].Groups.ShouldHaveSingleItem().Events!;
        (events.Source, events.Type).ShouldBe(("i=2253", "i=2915"));
        events.Select.ShouldBe(["Message", "ActiveState/Id"]);
    }

    [Theory]
    [InlineData("{}", "no list of published nodes")]
    [InlineData("[{\"OpcNodes\":[]}]", "no EndpointUrl")]
    [InlineData("[{\"EndpointUrl\":\"opc.tcp://a\",\"OpcNodes\":[{}]}]", "neither Id nor ExpandedNodeId")]
    [InlineData("[{\"EndpointUrl\":\"opc.tcp://a\",\"OpcNodes\":[{\"Id\":\"Speed\"}]}]", "'Speed' is no node id")]
    [InlineData("[{\"EndpointUrl\":\"opc.tcp://a\",\"OpcNodes\":[{\"Id\":\"i=1\",\"AttributeId\":\"DisplayName\"}]}]", "attribute 'DisplayName'")]
    [InlineData("[{\"EndpointUrl\":\"opc.tcp://a\",\"OpcNodes\":[{\"Id\":\"i=1\",\"IndexRange\":\"1:2\"}]}]", "part of an array (1:2)")]
    [InlineData("[{\"EndpointUrl\":\"opc.tcp://a\",\"OpcAuthenticationMode\":\"Certificate\",\"OpcNodes\":[]}]", "OpcAuthenticationMode 'Certificate'")]
    public void Parse_WhatCannotBeRead_IsRefusedByName(string json, string reason) =>
        Should.Throw<FormatException>(() => PublishedNodesFile.Parse(json)).Message.ShouldContain(reason);

    [Fact]
    public async Task Run_AssetWithAFile_ReadsItsNodesOfThisServerUnderTheirNames()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 3, interval = 50 });
        string file = Path.Combine(server.Folder, "publishednodes.json");
        await File.WriteAllTextAsync(file, $$"""
            [ { "EndpointUrl": "{{server.Endpoint}}", "UseSecurity": false, "OpcNodes": [
                  { "Id": "ns=1;s=N0", "OpcSamplingInterval": 50, "OpcPublishingInterval": 100, "DisplayName": "Speed", "SkipFirst": false, "HeartbeatInterval": 10 },
                  { "Id": "nsu=urn:nowhere;s=N1", "OpcSamplingInterval": 50, "OpcPublishingInterval": 100, "HeartbeatInterval": 10 } ] },
              { "EndpointUrl": "opc.tcp://elsewhere:4840", "OpcNodes": [ { "Id": "ns=1;s=N2" } ] } ]
            """);
        await using RunningDriver driver = RunningDriver.Start(new OpcUaSettings { Endpoint = server.Endpoint, PublishedNodesFile = file });

        await driver.UntilAsync(sink => sink.Records.Count >= 3);

        driver.Sink.Records.Last().Values.Keys.ShouldBe(["Speed"]);
        driver.Sink.States[^1].Reason!.ShouldContain("nsu=urn:nowhere;s=N1");
    }

    [Fact]
    public void Create_FileOfOtherServers_SaysSo()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "publishednodes.json");
        File.WriteAllText(file, Plant);

        var error = Should.Throw<DriverConfigurationException>(() => DriverSetup.Read("press", new OpcUaSettings { Endpoint = "opc.tcp://127.0.0.1:4840", PublishedNodesFile = file }));

        error.Findings.ShouldHaveSingleItem().Setting.ShouldBe("publishedNodesFile");
        error.Message.ShouldContain("Check 'EndpointUrl'");
    }
}
