using Microsoft.Extensions.Options;

namespace Mlops.Tests.Ingest;

public sealed class IngestOptionsTests
{
    [Theory]
    [InlineData("Ingest:CommitInterval=00:01:00", "CommitInterval")]
    [InlineData("Ingest:QuietInterval=00:00:00.100", "longer than CommitInterval")]
    [InlineData("Ingest:DeadLetters:MaxFiles=0", "MaxFiles")]
    [InlineData("Ingest:Subscriptions:0:Topic=a/#/b;Ingest:Subscriptions:0:Feed=x", "'a/#/b'")]
    [InlineData("Ingest:Subscriptions:0:Topic=a;Ingest:Subscriptions:0:Feed=", "Feed")]
    [InlineData("Ingest:Subscriptions:0:Topic=a;Ingest:Subscriptions:0:Feed=x.{y}", "counted from 1")]
    [InlineData("Ingest:Subscriptions:0:Topic=a;Ingest:Subscriptions:0:Feed=x;Ingest:Subscriptions:0:Values:p=v;Ingest:Subscriptions:0:Values:q=v", "'v' stands for several fields")]
    [InlineData("Ingest:Subscriptions:0:Topic=a;Ingest:Subscriptions:0:Feed=x;Ingest:Subscriptions:0:Units:p=bar", "not among its Values")]
    [InlineData("Ingest:Assembly:0:Feed=", "Feed")]
    [InlineData("Ingest:Assembly:0:Feed=x;Ingest:Assembly:0:Period=00:00:00", "Period")]
    [InlineData("Databus:App=a/b", "cannot stand in a topic")]
    public async Task Start_SettingThatCannotBe_NamesIt(string settings, string expected)
    {
        OptionsValidationException refused = await Should.ThrowAsync<OptionsValidationException>(() => IngestNode.StartAsync(settings.Split(';')));
        refused.Message.ShouldContain(expected);
    }

    [Fact]
    public async Task Start_Defaults_NameTheAppAfterTheNode()
    {
        await using IngestNode node = await IngestNode.StartAsync();
        node.Get<IOptions<Mlops.Databus.DatabusOptions>>().Value.App.ShouldBe("node1");
    }
}
