using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mlops.Client;

namespace Mlops.Web.Tests.Rest;

/// <summary>Everything succeeds through the typed client, against a real server.</summary>
public sealed class ClientTests
{
    [Fact]
    public async Task Client_WholeStory_SucceedsWithEveryOperationOfTheDocument()
    {
        await using WebNode node = await WebNode.StartAsync();
        var recorder = new OperationRecorder();
        using HttpClient http = node.Client(handler: recorder);
        using var client = new MlopsClient(http);

        await NodeAsync(client);
        await AssetsAsync(client, node.Folder);
        await FeedsAsync(client);
        await IngestAsync(client);
        string deployment = await ModelsAsync(client);
        await InferenceAsync(client, http, deployment);
        await AccessAsync(client);
        await OthersAsync(client, http);

        IReadOnlyList<ApiOperation> operations = ApiOperation.Read(await http.GetStringAsync("openapi/v1.json"));
        // A camera and a writable asset are proved with their drivers; what needs a broken file, message or app has tests of its own.
        string[] elsewhere = ["previewAsset", "browseAsset", "writeAsset", "callAsset", "discoverAssets", "forgetDamaged", "getDeadLetter", "writeDatabus", "approveRetraining", "rejectRetraining"];
        operations.Where(o => !recorder.Succeeded.Any(s => o.Matches(s.Method, s.Path))).Select(o => o.Id).Except(elsewhere).ShouldBeEmpty();
    }

    private static async Task NodeAsync(MlopsClient client)
    {
        NodeStatus status = await client.Node.GetStatusAsync();
        (status.Name, status.Layer, status.Healthy).ShouldBe(("node1", "edge", true));
        status.Rooms.Select(r => r.Name).ShouldBe(["store", "ingest", "databus", "drivers", "training", "prediction"]);
        status.Uptime.ShouldBeGreaterThan(0);
        status.Mqtt!.Port.ShouldBeGreaterThan(0);
        string yaml = await client.Node.ExportConfigurationAsync();
        yaml.ShouldContain("mlopsConfiguration: 1");
        (await client.Node.ImportConfigurationAsync(yaml)).Changed.Values.Sum().ShouldBe(0);
        BackupDetails backup = await client.Node.StartBackupAsync("first");
        (await client.Node.ListBackupsAsync()).ShouldHaveSingleItem().ShouldBe(backup);
        using var zip = new MemoryStream();
        await client.Node.GetBackupAsync("first", zip);
        zip.Length.ShouldBe(backup.Bytes);
        zip.Position = 0;
        (await client.Node.PutBackupAsync("second", zip)).Bytes.ShouldBe(backup.Bytes);
        (await client.Node.VerifyBackupAsync("second")).Files.ShouldBeGreaterThan(0);
        Directory.Exists((await client.Node.RestoreBackupAsync("second")).Folder).ShouldBeTrue();
        await client.Node.DeleteBackupAsync("second");
        await client.Node.DeleteBackupAsync("first");
        (await client.Node.ListBackupsAsync()).ShouldBeEmpty();
    }

    private static async Task AssetsAsync(MlopsClient client, string folder)
    {
        DriverDetails file = (await client.Assets.ListDriversAsync()).Single(d => d.Kind == "file");
        file.Settings["properties"].ShouldNotBeNull();
        string inbox = Directory.CreateDirectory(Path.Combine(folder, "data", "inbox")).FullName;
        var body = new AssetBody("file", new JsonObject { [file.Settings["required"]![0]!.GetValue<string>()] = inbox });
        (await client.Assets.TestAsync("line4", body)).Seconds.ShouldBeGreaterThanOrEqualTo(0);
        AssetDetails added = await client.Assets.PutAsync("line4", body);
        (await client.Assets.GetAsync("line4")).Kind.ShouldBe("file");
        MlopsException changed = await Should.ThrowAsync<MlopsException>(() => client.Assets.PutAsync("line4", body with { Enabled = false }, tag: $"{added.Version - 1}"));
        changed.Status.ShouldBe(412);
        AssetDetails stopped = await client.Assets.PutAsync("line4", body with { Enabled = false }, tag: $"{added.Version}");
        stopped.Enabled.ShouldBeFalse();
        (await Should.ThrowAsync<MlopsException>(() => client.Assets.EnableAsync("line4", true, tag: $"{added.Version}"))).Status.ShouldBe(412);
        (await client.Assets.EnableAsync("line4", true, tag: $"{stopped.Version}")).Enabled.ShouldBeTrue();
        stopped = await client.Assets.EnableAsync("line4", false);
        (await client.Assets.ListAsync()).ShouldHaveSingleItem().Id.ShouldBe("line4");
        (await client.Assets.GetHistoryAsync("line4")).ShouldNotBeNull();
        await client.Assets.DeleteAsync("line4", tag: $"{stopped.Version}");
        (await client.Assets.ListAsync()).ShouldBeEmpty();
    }

    private static async Task FeedsAsync(MlopsClient client)
    {
        (await client.Feeds.PutAsync("planned", new FeedBody([new FieldDetails("t", "float64", "°C"), new FieldDetails("frame", "text", Blob: true)]))).Records.ShouldBe(0);
        BlobDetails blob = await client.Store.PutBlobAsync(Stream("pixels"), "image/png");
        using var pixels = new MemoryStream();
        await client.Store.GetBlobAsync(blob.Reference, pixels);
        pixels.Length.ShouldBe(blob.Size);
        (await client.Feeds.WriteAsync("Press", SharedNode.Records(1, 2, 3))).Feed.ShouldBe("press");
        (await client.Feeds.ImportCsvAsync("press", Stream("timestamp,x,side\n2024-05-01T12:00:00,4,left\n2024-05-01T12:00:01,nonsense,right\n"))).Rejected.ShouldBe(1);
        FeedSummary feed = (await client.Feeds.ListAsync()).Single(f => f.Id == "press");
        (feed.Records, feed.First, feed.Last).ShouldBe((4, DateTimeOffset.UnixEpoch, new DateTimeOffset(2024, 5, 1, 12, 0, 0, TimeSpan.Zero)));
        (await client.Feeds.GetAsync("press")).Fields.Select(f => (f.Name, f.Type)).ShouldBe([("x", "float64"), ("side", "text")]);

        using var parquet = new MemoryStream();
        await client.Feeds.ExportAsync("press", parquet, new RecordSelection { Format = "parquet" });
        parquet.Position = 0;
        (await client.Feeds.ImportParquetAsync("copy", parquet)).Records.ShouldBe(4);
        using var csv = new MemoryStream();
        await client.Feeds.ExportAsync("copy", csv, new RecordSelection { Format = "csv", Filter = "x > 3" });
        Encoding.UTF8.GetString(csv.ToArray()).Trim().Split('\n').Length.ShouldBe(2);
        using var json = new MemoryStream();
        await client.Feeds.ExportAsync("press", json, new RecordSelection { Limit = 2, NewestFirst = true });
        JsonNode.Parse(json.ToArray())!.AsArray().Select(r => r!["x"]!.GetValue<double>()).ShouldBe([4, 3]);

        StoredRecord last = (await client.Feeds.GetLastAsync("press", 1)).ShouldHaveSingleItem();
        (last.Values["side"]!.GetValue<string>(), last.Source.Feed).ShouldBe(("left", "press"));
        (await client.Feeds.GetChartAsync("press", points: 10, fields: "x")).Series.ShouldHaveSingleItem().Counts.Sum().ShouldBe(4);
        SqlAnswer sql = await client.Node.QueryAsync(new SqlRequest("SELECT count(*) AS n, max(x) AS m FROM \"press\""));
        sql.Rows.ShouldHaveSingleItem()[0]!.GetValue<long>().ShouldBe(4);

        LabelBody[] labels =
        [
            new("quality", JsonSerializer.SerializeToElement("good"), new RecordSource(Row: last.Source.Row)),
            new("quality", JsonSerializer.SerializeToElement("bad"), Key: new JsonObject { ["side"] = "left" }, Author: "ann"),
            new("quality", JsonSerializer.SerializeToElement(1), From: DateTimeOffset.UnixEpoch, To: DateTimeOffset.UnixEpoch.AddSeconds(2)),
        ];
        (await client.Feeds.AddLabelsAsync("press", new LabelsBody(labels))).Added.ShouldBe(3);
        (await client.Feeds.ImportLabelsAsync("press", Stream($"row,value\n{last.Source.Row},good\n"), "other")).Added.ShouldBe(1);
        IReadOnlyList<LabelEntry> stored = await client.Feeds.ListLabelsAsync("press", "quality");
        stored.Select(l => (l.Value, l.Author)).ShouldBe([("1", "local"), ("bad", "ann"), ("good", "local")]);
        (await client.Feeds.DeleteLabelsAsync("press", [stored[0].Id])).Count.ShouldBe(1);
        (await client.Feeds.ListLabelsAsync("press", "quality")).Count.ShouldBe(2);
        (await client.Feeds.ListLabelsAsync("press", "quality", history: true)).Count.ShouldBe(3);
    }

    private static async Task IngestAsync(MlopsClient client)
    {
        Mapping added = await client.Ingest.AddMappingAsync(new Mapping("plant/+/oven", "oven.{2}", Fields: [new MappingField("t", "temp", "float64", "°C")]));
        Mapping changed = await client.Ingest.ChangeMappingAsync(added.Id!, added with { TimestampField = "time" });
        (await client.Ingest.ListMappingsAsync()).Single(m => m.Id == added.Id).TimestampField.ShouldBe(changed.TimestampField);
        (await client.Ingest.LearnMappingAsync(new MappingLearning("other/#", Seconds: 0.1))).Messages.ShouldBe(0);
        await client.Ingest.DeleteMappingAsync(added.Id!);
        await client.Ingest.PutAssemblyAsync("oven.*", new AssemblyBody("latest"));
        (await client.Ingest.GetAssemblyAsync("oven.1")).Mode.ShouldBe("latest");
        (await client.Ingest.ListAssembliesAsync()).ShouldHaveSingleItem().Feed.ShouldBe("oven.*");
        await client.Ingest.DeleteAssemblyAsync("oven.*");
        (await client.Ingest.GetFiguresAsync()).Lost.ShouldBe(0);
        (await client.Ingest.CountDeadLettersAsync()).ShouldBeEmpty();
        await client.Databus.ListAppsAsync();
        await client.Databus.ListFeedsAsync();
        await client.Databus.RequestUpdateAsync();
        (await client.Store.GetAsync()).Feeds.ShouldContain(f => f.Feed == "press");
        (await client.Store.VerifyAsync()).Damaged.ShouldBeEmpty();
        (await client.Store.ApplyRetentionAsync()).Records.ShouldBe(0);
        (await client.Ingest.ListTopicsAsync("other/#")).ShouldBeEmpty();
        (await client.Ingest.ListDeadLettersAsync()).ShouldBeEmpty();
        (await client.Ingest.ReplayDeadLettersAsync(["none"])).Left.Keys.ShouldBe(["none"]);
        (await client.Ingest.DeleteDeadLettersAsync(["none"])).Count.ShouldBe(0);
    }

    private static async Task<string> ModelsAsync(MlopsClient client)
    {
        (await client.Workflows.CheckAsync(DoublingPackage.Zip())).Valid.ShouldBeTrue();
        WorkflowCheck broken = await client.Workflows.CheckAsync(DoublingPackage.Zip(manifest: "name: Double!\n"));
        (broken.Valid, broken.Findings!.Count > 1).ShouldBe((false, true));
        (await client.Workflows.UploadAsync(DoublingPackage.Zip())).Trusted.ShouldBeFalse();
        await client.Workflows.UploadAsync(DoublingPackage.Zip("1.1.0"));
        (await client.Workflows.ListAsync()).Select(w => w.Version).ShouldBe(["1.1.0", "1.0.0"]);
        WorkflowDetails workflow = await client.Workflows.GetAsync("double");
        (workflow.Version, workflow.Versions!.Count, workflow.Readme!.StartsWith("# Double", StringComparison.Ordinal)).ShouldBe(("1.1.0", 2, true));
        using var package = new MemoryStream();
        await client.Workflows.DownloadAsync("double", "1.1.0", package);
        package.Position = 0;
        (await client.Workflows.UploadAsync(package)).Digest.ShouldBe(workflow.Digest);
        await client.Workflows.DeleteAsync("double", "1.1.0");

        TrainingPreview preview = await client.Trainings.PreviewAsync(new TrainingStart("double", Feed: "press", HoldOut: new HoldOutRule("random", 0.5)));
        (preview.Feed, preview.Records + preview.HeldOut, preview.Inputs.Single().Name, preview.Classes).ShouldBe(("press", 4, "x", null));
        string[] models = [await TrainAsync(client, 2), await TrainAsync(client, 3)];
        (await Should.ThrowAsync<MlopsException>(() => client.Workflows.DeleteAsync("double", "1.0.0"))).Status.ShouldBe(409);
        TrainingStatus waiting = await client.Trainings.StartAsync(new TrainingStart("double", Feed: "press", Params: new JsonObject { ["wait"] = true }));
        await client.Trainings.CancelAsync(waiting.Id);
        (await client.Trainings.WaitAsync(waiting.Id)).State.ShouldBe("cancelled");
        (await client.Trainings.ListAsync(state: "succeeded")).Count.ShouldBe(2);

        ModelDetails model = await client.Models.GetAsync(models[0]);
        (model.Data.Records, model.Author, model.Parameters["factor"]!.GetValue<double>()).ShouldBe((4, "local", 2));
        (await client.Models.GetProfileAsync(models[0])).Inputs.ShouldHaveSingleItem().Name.ShouldBe("x");
        (await client.Models.SetStageAsync(models[0], "production")).Stage.ShouldBe("production");
        (await client.Models.ListAsync(stage: "production")).ShouldHaveSingleItem().Id.ShouldBe(models[0]);

        using var file = new MemoryStream();
        await client.Models.ExportAsync(models[0], file);
        file.Position = 0;
        (await client.Models.ImportAsync(file)).Id.ShouldBe(models[0]);

        var start = new DeploymentStart("double", models[0], "press", Delivery: "every", MaxAge: TimeSpan.FromMinutes(1), Tolerance: new Dictionary<string, TimeSpan> { ["*"] = TimeSpan.FromSeconds(-1) });
        (await Should.ThrowAsync<MlopsException>(() => client.Deployments.StartAsync(start))).Status.ShouldBe(400);
        DeploymentStatus deployment = await client.Deployments.StartAsync(start with { Tolerance = new Dictionary<string, TimeSpan> { ["*"] = TimeSpan.FromSeconds(2) } });
        deployment.Tolerance!["*"].ShouldBe(TimeSpan.FromSeconds(2));
        await client.Feeds.WriteAsync("press", SharedNode.Records(5));
        await WebNode.UntilAsync(async () => (await client.Deployments.ListPredictionsAsync(deployment.Id)).Count == 1);
        PredictionAnswer answer = (await client.Deployments.ListPredictionsAsync(deployment.Id)).Single();
        (answer.Values["twice"]!.GetValue<double>(), answer.Model, answer.Source.Feed).ShouldBe((10, models[0], "press"));
        (await Should.ThrowAsync<MlopsException>(() => client.Models.DeleteAsync(models[0]))).Status.ShouldBe(409);

        (await client.Deployments.StartShadowAsync(deployment.Id, models[1])).Candidate!.Kind.ShouldBe("shadow");
        (await client.Deployments.PromoteAsync(deployment.Id)).Model.ShouldBe(models[1]);
        (await client.Deployments.RollBackAsync(deployment.Id)).Model.ShouldBe(models[0]);
        (await client.Deployments.StartCanaryAsync(deployment.Id, models[1], 0.5)).Candidate!.Share.ShouldBe(0.5);
        await client.Deployments.EndCandidateAsync(deployment.Id);
        (await client.Deployments.ChangeAsync(deployment.Id, models[1])).PreviousModel.ShouldBe(models[0]);
        (await client.Deployments.GetAsync(deployment.Id)).State.ShouldBe("running");
        (await client.Deployments.ListAsync()).ShouldHaveSingleItem().Id.ShouldBe(deployment.Id);

        BacktestStatus backtest = await client.Models.WaitBacktestAsync((await client.Models.StartBacktestAsync(new BacktestStart(models[0], models[1], Feed: "press", Tolerance: new Dictionary<string, TimeSpan> { ["oven"] = TimeSpan.FromMinutes(1) }))).Id);
        backtest.Request.Tolerance!["oven"].ShouldBe(TimeSpan.FromMinutes(1));
        (backtest.State, backtest.Results.Count).ShouldBe(("succeeded", 2), backtest.Reason);
        (await client.Models.ListBacktestsAsync()).ShouldHaveSingleItem().Id.ShouldBe(backtest.Id);
        await client.Models.GetBacktestAsync(backtest.Id);
        await client.Models.CancelBacktestAsync(backtest.Id);
        await RetrainingAsync(client, deployment.Id);
        (await client.Node.ListLifecycleAsync(deployment.Id)).Select(e => e.Action).ShouldContain("promoted");
        return deployment.Id;
    }

    private static async Task RetrainingAsync(MlopsClient client, string deployment)
    {
        var body = new TriggerBody("nightly", deployment, Schedule: new TriggerTimes("0 3 * * *"), Release: new ReleaseRule(Approval: false));
        TriggerDetails trigger = await client.Retraining.AddTriggerAsync(body);
        (await client.Retraining.ChangeTriggerAsync(trigger.Id, body with { Name = "every night" })).Request.Name.ShouldBe("every night");
        (await client.Retraining.EnableTriggerAsync(trigger.Id, false)).Enabled.ShouldBeFalse();
        (await client.Retraining.ListTriggersAsync()).ShouldHaveSingleItem().Id.ShouldBe(trigger.Id);
        RetrainingDetails retraining = await client.Retraining.WaitAsync((await client.Retraining.RunTriggerAsync(trigger.Id)).Id);
        retraining.State.ShouldBe("succeeded", retraining.Reason);
        await client.Retraining.CancelAsync(retraining.Id);
        (await client.Retraining.ListAsync()).ShouldHaveSingleItem().Model.ShouldBe((await client.Retraining.GetAsync(retraining.Id)).Model);
        (await client.Retraining.GetTriggerAsync(trigger.Id)).Last!.Id.ShouldBe(retraining.Id);
        await client.Retraining.DeleteTriggerAsync(trigger.Id);
    }

    private static async Task<string> TrainAsync(MlopsClient client, double factor)
    {
        TrainingStatus training = await client.Trainings.StartAsync(new TrainingStart("double", Feed: "press", Params: new JsonObject { ["factor"] = factor }, Filter: "x IS NOT NULL"));
        training = await client.Trainings.WaitAsync(training.Id);
        (training.State, training.Author).ShouldBe(("succeeded", "local"), training.Reason);
        (await client.Trainings.GetLogAsync(training.Id)).ShouldHaveSingleItem().Text.ShouldContain("it learns");
        (await client.Trainings.GetMetricsAsync(training.Id, "factor")).ShouldHaveSingleItem().Value.ShouldBe(factor);
        return training.Model!;
    }

    private static async Task InferenceAsync(MlopsClient client, HttpClient http, string deployment)
    {
        (await client.Inference.GetServerAsync()).Name.ShouldBe("mlops");
        (await http.GetAsync("v2/health/live")).EnsureSuccessStatusCode();
        (await http.GetAsync("v2/health/ready")).EnsureSuccessStatusCode();
        (await http.GetAsync($"v2/models/{deployment}/ready")).EnsureSuccessStatusCode();
        InferenceModel model = await client.Inference.GetModelAsync(deployment);
        (model.Inputs.Single().Datatype, model.Outputs.Single().Name).ShouldBe(("FP64", "twice"));
        InferenceAnswer answer = await client.Inference.InferAsync(deployment, new InferenceRequest([new Tensor("x", [3, 1], "FP64", [new JsonArray(1), new JsonArray(2), new JsonArray(2.5)])], "r1"));
        (answer.Id, answer.ModelName).ShouldBe(("r1", deployment));
        answer.Outputs.Single().Data.Select(v => v!.GetValue<double>()).ShouldBe([3, 6, 7.5]);
        await client.Deployments.StopAsync(deployment);
        (await Should.ThrowAsync<MlopsException>(() => client.Inference.InferAsync(deployment, new InferenceRequest([])))).Status.ShouldBe(503);
        string model0 = (await client.Models.ListAsync())[^1].Id;
        (await Should.ThrowAsync<MlopsException>(() => client.Models.DeleteAsync(model0))).Problem!.Detail!.ShouldContain("meant for production");
        (await client.Models.SetStageAsync(model0, "archived")).Stage.ShouldBe("archived");
        await client.Models.DeleteAsync(model0);
    }

    private static async Task AccessAsync(MlopsClient client)
    {
        TokenCreated token = await client.Access.CreateTokenAsync(new TokenStart("dashboards", "viewer"));
        (await client.Access.ListTokensAsync()).ShouldHaveSingleItem().Id.ShouldBe(token.Details.Id);
        await client.Access.DeleteTokenAsync(token.Details.Id);
        (await client.Access.GetSessionAsync()).Role.ShouldBe("admin");
        (await client.Access.ListAuditAsync(action: "createToken")).ShouldHaveSingleItem().Who.ShouldBe("local");
        (await client.Access.ListUsersAsync()).ShouldBeEmpty();
        await client.Access.PutUserAsync("ann", new UserChange("admin", "a long password"));
    }

    /// <summary>Does what gives a session, and goes on in it as a browser does.</summary>
    private static async Task BeginSessionAsync(HttpClient http, HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = WebNode.Json(body) };
        using HttpResponseMessage begun = (await http.SendAsync(request)).EnsureSuccessStatusCode();
        http.DefaultRequestHeaders.Remove("Cookie");
        http.DefaultRequestHeaders.Remove("X-Mlops-Csrf");
        http.DefaultRequestHeaders.Add("Cookie", begun.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        http.DefaultRequestHeaders.Add("X-Mlops-Csrf", JsonNode.Parse(await begun.Content.ReadAsStringAsync())!["csrf"]!.GetValue<string>());
    }

    private static async Task OthersAsync(MlopsClient client, HttpClient http)
    {
        // From the first user on, everybody signs in.
        (await Should.ThrowAsync<MlopsException>(() => client.Node.GetStatusAsync())).Status.ShouldBe(401);
        await BeginSessionAsync(http, HttpMethod.Post, "api/v1/session", """{"user":"ann","password":"a long password"}""");
        await BeginSessionAsync(http, HttpMethod.Put, "api/v1/session/password", """{"current":"a long password","new":"a longer password"}""");

        await client.Access.PutUserAsync("bob", new UserChange("viewer", "another password"));
        await client.Access.DeleteUserAsync("bob");
        using (HttpResponseMessage events = await http.GetAsync("api/v1/events?topics=training", HttpCompletionOption.ResponseHeadersRead))
            events.EnsureSuccessStatusCode().Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        (await http.GetStringAsync("metrics")).ShouldContain("mlops_store_records");
        (await http.GetStringAsync("healthz")).ShouldBe("ok\n");
        (await http.GetStringAsync("readyz")).ShouldBe("ready\n");
        await client.Access.SignOutAsync();
        (await Should.ThrowAsync<MlopsException>(() => client.Node.GetStatusAsync())).Status.ShouldBe(401);
        http.DefaultRequestHeaders.Remove("Cookie");
    }

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));
}
