using System.Text.Json.Nodes;
using Mlops.Drivers;
using Mlops.Hosting;
using Mlops.Workflows;

namespace Mlops.Tests.Drivers.Catalog;

public sealed class NodeConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _other = new();
    private readonly ScriptedDriverFactory _factory = new();

    public void Dispose()
    {
        _folder.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData(ConfigurationFormat.Yaml)]
    [InlineData(ConfigurationFormat.Json)]
    public async Task Export_ImportedOnAnotherNode_GivesTheSameAssets(ConfigurationFormat format)
    {
        await using DriverNode node = await DriverNode.StartAsync(_folder, null, _factory);
        await node.Catalog.PutAsync("Press 4", Change("""{"address":"opc.tcp://10.0.0.7:4840","password":"yes","points":[{"name":"- a: \"b\" #\n\\ü😀","weight":0.25,"token":"007"},{"name":"null"}],"factors":{"on":1e-7,"ü: x":2}}""", enabled: false));
        await node.Catalog.PutAsync("b", Change("""{"address":" x  "}""", mirror: true));
        string file = node.Get<INodeConfiguration>().Export(format, withSecrets: true);

        await using DriverNode other = await DriverNode.StartAsync(_other, null, new ScriptedDriverFactory());
        (await other.Get<INodeConfiguration>().ImportAsync(file))["assets"].ShouldBe(2);

        foreach ((AssetDefinition a, AssetDefinition b) in node.Catalog.List(true).Zip(other.Catalog.List(true)))
        {
            (b.Id, b.Kind, b.Enabled, b.Mirror).ShouldBe((a.Id, a.Kind, a.Enabled, a.Mirror));
            JsonNode.DeepEquals(a.Settings, b.Settings).ShouldBeTrue(b.Settings.ToJsonString());
        }

        other.Get<INodeConfiguration>().Export(format, withSecrets: true).ShouldBe(file);
        (await other.Get<INodeConfiguration>().ImportAsync(file))["assets"].ShouldBe(0);
    }

    [Fact]
    public async Task Export_WithoutSecrets_HidesThemAndTheImportKeepsThoseThatAreThere()
    {
        await using DriverNode node = await DriverNode.StartAsync(_folder, null, _factory);
        await node.Catalog.PutAsync("a", Change("""{"address":"x","password":"hunter2"}"""));
        string file = node.Get<INodeConfiguration>().Export(ConfigurationFormat.Yaml);
        file.ShouldNotContain("hunter2");

        await node.Get<INodeConfiguration>().ImportAsync(file.Replace("address: x", "address: y", StringComparison.Ordinal));

        node.Catalog.Find("a", withSecrets: true)!.Settings.ToJsonString().ShouldBe("""{"address":"y","password":"hunter2"}""");
        await using DriverNode other = await DriverNode.StartAsync(_other, null, new ScriptedDriverFactory());
        (await Should.ThrowAsync<NodeConfigurationException>(() => other.Get<INodeConfiguration>().ImportAsync(file))).Message.ShouldContain("there is no secret to keep for 'password'");
    }

    [Fact]
    public async Task Import_MergeAndReplace_DifferInWhatTheFileDoesNotName()
    {
        await using DriverNode node = await DriverNode.StartAsync(_folder, null, _factory);
        await node.Catalog.PutAsync("a", Change("""{"address":"x"}"""));
        await node.Catalog.PutAsync("b", Change("""{"address":"x"}"""));
        const string File = "mlopsConfiguration: 1\nassets:\n  a:\n    kind: scripted\n    settings: {address: x}\n";

        (await node.Get<INodeConfiguration>().ImportAsync(File))["assets"].ShouldBe(0);
        node.Catalog.List().Count.ShouldBe(2);
        (await node.Get<INodeConfiguration>().ImportAsync(File, ImportMode.Replace))["assets"].ShouldBe(1);
        node.Catalog.List().ShouldHaveSingleItem().Id.ShouldBe("a");
    }

    [Theory]
    [InlineData("assets: {}", "'mlopsConfiguration' is missing")]
    [InlineData("mlopsConfiguration: 1\nasets: {}", "The part 'asets' is not known. Did you mean 'assets'?")]
    [InlineData("mlopsConfiguration: 1\nassets:\n  good: {kind: scripted, settings: {address: x}}\n  bad: {kind: scripted, settings: {address: x, sped: 1}}\n  worse: {kind: none}", "Did you mean 'speed'?")]
    [InlineData("mlopsConfiguration: 1\nassets:\n  good: {kind: scripted, settings: {address: x}}\n  worse: {kind: none}", "driver kind 'none' is not registered")]
    [InlineData("mlopsConfiguration: 1\nassets: []", "not a group of assets")]
    [InlineData("mlopsConfiguration: 1\nassets: {a: {settings: {}}}", "Asset 'a' has no kind")]
    [InlineData("mlopsConfiguration: 1\nassets: {a: {kind: scripted, enabled: perhaps}}", "enabled is \"perhaps\"")]
    [InlineData("mlopsConfiguration: 1\nassets: {a: {kind: scripted}, a: {kind: scripted}}", "'a' stands twice")]
    [InlineData("a: &x [1]\nb: *x", "yaml")]
    [InlineData("{\"mlopsConfiguration\": 1,", "not JSON")]
    [InlineData("[]", "not a group of parts")]
    public async Task Import_WrongFile_SaysWhyAndChangesNothing(string file, string expected)
    {
        await using DriverNode node = await DriverNode.StartAsync(_folder, null, _factory);

        (await Should.ThrowAsync<NodeConfigurationException>(() => node.Get<INodeConfiguration>().ImportAsync(file))).Message.ShouldContain(expected);

        node.Catalog.List().ShouldBeEmpty();
    }

    private static AssetChange Change(string settings, bool? enabled = null, bool? mirror = null) =>
        new("scripted", JsonNode.Parse(settings)!.AsObject()) { Enabled = enabled, Mirror = mirror };
}
