using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Mlops.Drivers;
using Mlops.Tests.Store;
using Mlops.Workflows;

namespace Mlops.Tests.Drivers.Catalog;

public sealed class AssetCatalogTests : IDisposable
{
    private const string Seed = "Assets:Press-4:Kind=scripted;Assets:Press-4:Settings:Address=plc1;Assets:Press-4:Settings:Password=hunter2";
    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedDriverFactory _factory = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_Configuration_SeedsEachIdOnceAndThenTheCatalogRules()
    {
        await using (DriverNode node = await StartAsync(Seed))
        {
            await node.UntilAsync("press-4", DriverState.Connected);
            await node.Catalog.PutAsync("press-4", Change("""{"address":"plc2"}"""));
            (await node.Catalog.RemoveAsync("press-4")).ShouldBeTrue();
        }

        await using (DriverNode node = await StartAsync(Seed + ";Assets:Later:Kind=scripted;Assets:Later:Settings:Address=plc3"))
        {
            node.Catalog.List().Select(a => a.Id).ShouldBe(["Later"]);
            await node.Catalog.PutAsync("Later", Change("""{"address":"plc4"}"""));
        }

        await using DriverNode last = await StartAsync("Assets:Later:Kind=scripted;Assets:Later:Settings:Address=plc3");
        last.Catalog.Find("LATER")!.Settings["address"]!.GetValue<string>().ShouldBe("plc4");
    }

    [Fact]
    public async Task Put_ChangeDisableRemove_TakesEffectAtOnceAndSurvivesARestart()
    {
        await using (DriverNode node = await StartAsync(""))
        {
            AssetDefinition added = await node.Catalog.PutAsync("robot 7", Change("""{"address":"a"}"""), ifVersion: 0);
            await node.UntilAsync("robot 7", DriverState.Connected);
            AssetDefinition changed = await node.Catalog.PutAsync("robot 7", Change("""{"address":"b"}"""), added.Version);
            changed.Version.ShouldBeGreaterThan(added.Version);
            await node.UntilAsync("robot 7", DriverState.Connected);
            _factory.Given.Select(s => s.Address).ShouldBe(["a", "b"]);

            AssetDefinition disabled = (await node.Catalog.SetEnabledAsync("robot 7", false, changed.Version))!;
            (disabled.Enabled, node.Assets.Find("robot 7")!.State, node.Assets.Find("robot 7")!.Reason).ShouldBe((false, DriverState.Stopped, "The asset is disabled."));
        }

        await using (DriverNode node = await StartAsync(""))
        {
            node.Assets.Find("robot 7")!.State.ShouldBe(DriverState.Stopped);
            await node.Catalog.SetEnabledAsync("robot 7", true);
            await node.UntilAsync("robot 7", DriverState.Connected);
            (await node.Catalog.RemoveAsync("robot 7")).ShouldBeTrue();
            (await node.Catalog.RemoveAsync("robot 7")).ShouldBeFalse();
            (await node.Catalog.SetEnabledAsync("robot 7", true)).ShouldBeNull();
            node.Assets.List().ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Put_DriverThatTakesChanges_RunsOnAndStartsWithThemAfterAFailure()
    {
        var taken = new ConcurrentQueue<string>();
        var fail = new TaskCompletionSource();
        _factory.Decorate = (_, driver) => new Adaptable(driver, settings =>
        {
            taken.Enqueue(settings.Address);
            return settings.Address switch { "refused" => false, "wrong" => throw new DriverConfigurationException("no"), _ => true };
        });
        _factory.Scripts["a"] = async (sink, run, stop) =>
        {
            sink.Report(DriverState.Connected);
            await (run == 1 ? fail.Task.WaitAsync(stop) : Task.Delay(Timeout.Infinite, stop));
        };
        await using DriverNode node = await StartAsync("");
        await node.Catalog.PutAsync("a", Change("""{"address":"first"}"""));
        await node.UntilAsync("a", DriverState.Connected);

        await node.Catalog.PutAsync("a", Change("""{"address":"second"}"""));
        taken.ShouldBe(["second"]);
        _factory.Runs["a"].ShouldBe(1);

        fail.SetException(new IOException("lost"));
        await Eventually.IsTrueAsync(() => _factory.Runs["a"] == 2, "it starts again");
        _factory.Given.Last().Address.ShouldBe("second");
        await node.UntilAsync("a", DriverState.Connected);

        await node.Catalog.PutAsync("a", Change("""{"address":"refused"}"""));
        await node.Catalog.PutAsync("a", Change("""{"address":"wrong"}"""));
        await Eventually.IsTrueAsync(() => _factory.Given.Select(s => s.Address).SequenceEqual(["first", "second", "refused", "wrong"]), "each is started anew with what it has not taken");
    }

    private sealed class Adaptable(IHighLevelDriver inner, Func<ScriptedDriverFactory.Settings, bool> take) : IHighLevelDriver, IReconfigurableDriver
    {
        public Task RunAsync(IRecordSink sink, CancellationToken stop) => inner.RunAsync(sink, stop);

        public bool TryReconfigure(object settings) => take((ScriptedDriverFactory.Settings)settings);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    [Fact]
    public async Task Put_OtherVersion_IsRefusedAndChangesNothing()
    {
        await using DriverNode node = await StartAsync("");
        AssetDefinition first = await node.Catalog.PutAsync("a", Change("""{"address":"1"}"""));
        AssetDefinition second = await node.Catalog.PutAsync("a", Change("""{"address":"2"}"""), first.Version);

        (await Should.ThrowAsync<AssetConflictException>(() => node.Catalog.PutAsync("A", Change("""{"address":"3"}"""), first.Version))).Version.ShouldBe(second.Version);
        await Should.ThrowAsync<AssetConflictException>(() => node.Catalog.PutAsync("a", Change("""{"address":"3"}"""), 0));
        await Should.ThrowAsync<AssetConflictException>(() => node.Catalog.RemoveAsync("a", first.Version));
        await Should.ThrowAsync<AssetConflictException>(() => node.Catalog.SetEnabledAsync("a", false, first.Version));
        await Should.ThrowAsync<AssetConflictException>(() => node.Catalog.PutAsync("gone", Change("""{"address":"3"}"""), first.Version));

        await node.Catalog.RemoveAsync("a");
        (await node.Catalog.PutAsync("a", Change("""{"address":"1"}"""))).Version.ShouldBeGreaterThan(second.Version, "a version must not come again");
    }

    [Fact]
    public async Task Put_Wrong_IsRefusedAndTheRunningDriverStays()
    {
        await using DriverNode node = await StartAsync(Seed);
        await node.UntilAsync("press-4", DriverState.Connected);

        await Should.ThrowAsync<DriverConfigurationException>(() => node.Catalog.PutAsync("press-4", Change("""{"address":"b","speed":1000}""")));
        (await Should.ThrowAsync<DriverConfigurationException>(() => node.Catalog.PutAsync("x", new AssetChange("scriptd", [])))).Message.ShouldContain("Did you mean 'scripted'?");
        (await Should.ThrowAsync<DriverConfigurationException>(() => node.Catalog.PutAsync("a/b", Change("""{"address":"b"}""")))).Message.ShouldContain("'a/b' cannot be the id");

        node.Assets.List().ShouldHaveSingleItem().State.ShouldBe(DriverState.Connected);
        _factory.Runs["Press-4"].ShouldBe(1);
    }

    [Fact]
    public async Task Secrets_InListsExportsAndOnDisk_AreNeverShownUnlessAskedFor()
    {
        await using (DriverNode node = await StartAsync(Seed))
        {
            node.Catalog.List().ShouldHaveSingleItem().Settings["password"]!.GetValue<string>().ShouldBe("********");
            node.Catalog.Find("press-4", withSecrets: true)!.Settings["password"]!.GetValue<string>().ShouldBe("hunter2");
            await node.UntilAsync("press-4", DriverState.Connected);
            _factory.Given.Last().Password.ShouldBe("hunter2");

            // What a form gives back means: as it is.
            await node.Catalog.PutAsync("press-4", Change("""{"address":"plc9","password":"********"}"""));
            node.Catalog.Find("press-4", withSecrets: true)!.Settings["password"]!.GetValue<string>().ShouldBe("hunter2");
            (await Should.ThrowAsync<DriverConfigurationException>(() => node.Catalog.PutAsync("other", Change("""{"address":"x","password":"********"}"""))))
                .Message.ShouldContain("there is no secret to keep for 'password'");

            string key = Path.Combine(node.DataFolder, "keys", "node.key");
            new FileInfo(key).Length.ShouldBe(32);
            if (!OperatingSystem.IsWindows())
                File.GetUnixFileMode(key).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            node.Logs.Entries.ShouldAllBe(e => !e.Text.Contains("hunter2", StringComparison.Ordinal));
        }

        foreach (string file in Directory.EnumerateFiles(_folder["data"], "mlops.db*"))
            Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)).ShouldNotContain("hunter2", Case.Sensitive, file);
        await using DriverNode again = await StartAsync("");
        again.Catalog.Find("press-4", withSecrets: true)!.Settings["password"]!.GetValue<string>().ShouldBe("hunter2");
    }

    [Fact]
    public async Task Start_KeyLostOrKindGone_FaultsTheAssetAndRunsTheOthers()
    {
        await using (DriverNode node = await StartAsync(Seed + ";Assets:Plain:Kind=scripted;Assets:Plain:Settings:Address=x"))
            await node.Catalog.PutAsync("other", new AssetChange("second", new JsonObject { ["address"] = "y" }));
        File.Delete(_folder["data/keys/node.key"]);

        await using DriverNode again = await DriverNode.StartAsync(_folder, null, _factory);
        await again.UntilAsync("Plain", DriverState.Connected);
        again.Assets.Find("Press-4")!.State.ShouldBe(DriverState.Faulted);
        again.Assets.Find("Press-4")!.Reason!.ShouldContain("protected with another key");
        again.Assets.Find("other")!.Reason!.ShouldContain("driver kind 'second' is not registered");
        again.Catalog.List().Count.ShouldBe(3);
        await again.Catalog.PutAsync("Press-4", Change("""{"address":"plc1","password":"new"}"""));
        await again.UntilAsync("Press-4", DriverState.Connected);
    }

    [Fact]
    public async Task Test_ReachedOrNot_SaysSoAndKeepsNothing()
    {
        await using DriverNode node = await StartAsync("");
        _factory.Scripts["good"] = async (sink, _, stop) =>
        {
            await sink.DeclareAsync("values", [new Data.FeedField("n", Data.FieldType.Int64)], stop);
            await ScriptedDriverFactory.Idle(sink, 0, stop);
        };
        _factory.Scripts["bad"] = async (sink, _, stop) =>
        {
            sink.Report(DriverState.Faulted, "no route to host");
            await Task.Delay(Timeout.Infinite, stop);
        };
        _factory.Scripts["throws"] = (_, _, _) => throw new InvalidOperationException("the cable is out");
        _factory.Scripts["silent"] = (_, _, stop) => Task.Delay(Timeout.Infinite, stop);

        ConnectionTest good = await node.Catalog.TestAsync("good", Change("""{"address":"x"}"""));
        (good.Reached, good.Reason).ShouldBe((true, null));
        good.Feeds.Keys.ShouldBe(["scripted.good.values"]);
        (await node.Catalog.TestAsync("bad", Change("""{"address":"x"}"""))).ShouldSatisfyAllConditions(t => t.Reached.ShouldBeFalse(), t => t.Reason.ShouldBe("no route to host"));
        (await node.Catalog.TestAsync("throws", Change("""{"address":"x"}"""))).Reason.ShouldBe("the cable is out");
        (await node.Catalog.TestAsync("silent", Change("""{"address":"x"}"""))).Reason!.ShouldContain("was not reached within 5 s");
        await Should.ThrowAsync<DriverConfigurationException>(() => node.Catalog.TestAsync("a", Change("""{"speed":1}""")));

        node.Catalog.List().ShouldBeEmpty();
        node.Get<Mlops.Store.IFeedStore>().List().ShouldBeEmpty();
    }

    [Fact]
    public async Task Drivers_Registered_AreDescribedWithTheirSettings()
    {
        await using DriverNode node = await StartAsync("");
        node.Catalog.Drivers.Single(d => d.Kind == "scripted").Settings["properties"]!["speed"]!["maximum"]!.GetValue<int>().ShouldBe(100);
    }

    private static AssetChange Change(string settings) => new("scripted", JsonNode.Parse(settings)!.AsObject());

    private Task<DriverNode> StartAsync(string settings) =>
        DriverNode.StartAsync(_folder, settings.Split(';', StringSplitOptions.RemoveEmptyEntries), _factory, new ScriptedDriverFactory("second"));
}
