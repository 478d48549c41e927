using System.Text.Json.Nodes;
using Mlops.Client;

namespace Mlops.Web.Tests.Rest;

/// <summary>What is right as a request, and refused because of what is there.</summary>
public sealed class ConflictTests
{
    // Proved where what stands in the way is made: users, files of models, folders of backups, approvals, writers that meet, assets that offer no methods and drivers that find none.
    private static readonly string[] Elsewhere = ["putUser", "deleteUser", "exportModel", "restoreBackup", "approveRetraining", "rejectRetraining", "runTrigger", "putAsset", "callAsset", "discoverAssets"];

    [Fact]
    public async Task Operation_WhatIsThereStandsInItsWay_Is409WithRemedy()
    {
        await using WebNode node = await WebNode.StartAsync();
        MlopsClient client = node.Typed;
        await client.Feeds.WriteAsync("press", SharedNode.Records(1, 2, 3));
        await client.Workflows.UploadAsync(DoublingPackage.Zip());
        (string model, string other) = (await TrainAsync(client), await TrainAsync(client));
        string plain = (await client.Deployments.StartAsync(new DeploymentStart("double", model, "press"))).Id;
        string ended = (await client.Deployments.StartAsync(new DeploymentStart("double", model, "press"))).Id;
        await client.Deployments.StopAsync(ended);
        await client.Assets.PutAsync("line4", new AssetBody("file", new JsonObject { ["folder"] = Directory.CreateDirectory(Path.Combine(node.Folder, "inbox")).FullName }));
        await client.Node.StartBackupAsync("first");
        Dictionary<string, Func<Task>> conflicts = new()
        {
            ["changePassword"] = () => client.Access.ChangePasswordAsync("a long password", "another password"),
            ["uploadWorkflow"] = () => client.Workflows.UploadAsync(DoublingPackage.Zip(manifest: "name: double\nversion: 1.0.0\nruntime: doubling\ninputs: [{name: x, type: number}]\noutput: {fields: [{name: thrice, type: number}]}\n")),
            ["deleteWorkflow"] = () => client.Workflows.DeleteAsync("double", "1.0.0"),
            ["deleteModel"] = () => client.Models.DeleteAsync(model),
            ["setModelStage"] = () => client.Models.SetStageAsync(model, "archived"),
            ["changeDeployment"] = () => client.Deployments.ChangeAsync(ended, other),
            ["startShadow"] = () => client.Deployments.StartShadowAsync(ended, other),
            ["startCanary"] = () => client.Deployments.StartCanaryAsync(ended, other, 0.5),
            ["endCandidate"] = () => client.Deployments.EndCandidateAsync(plain),
            ["promoteCandidate"] = () => client.Deployments.PromoteAsync(plain),
            ["rollBackDeployment"] = () => client.Deployments.RollBackAsync(plain),
            ["browseAsset"] = () => client.Assets.BrowseAsync("line4"),
            ["writeAsset"] = () => client.Assets.WriteAsync("line4", new AssetValues(new JsonObject { ["a"] = 1 })),
            ["previewAsset"] = () => client.Assets.GetPreviewAsync("line4", Stream.Null),
            ["startBackup"] = () => client.Node.StartBackupAsync("first"),
            ["putBackup"] = () => client.Node.PutBackupAsync("first", new MemoryStream([1, 2, 3])),
        };

        foreach ((string id, Func<Task> act) in conflicts)
            await RefusedAsync(id, act);

        await using WebNode deaf = await WebNode.StartAsync(broker: false);
        Dictionary<string, Func<Task>> withoutBus = new()
        {
            ["listTopics"] = () => deaf.Typed.Ingest.ListTopicsAsync("#"),
            ["learnMapping"] = () => deaf.Typed.Ingest.LearnMappingAsync(new MappingLearning("a/#", Seconds: 0.1)),
            ["updateDatabus"] = () => deaf.Typed.Databus.RequestUpdateAsync(),
        };
        foreach ((string id, Func<Task> act) in withoutBus)
            await RefusedAsync(id, act);
        ApiOperation.Read(await node.Http.GetStringAsync("openapi/v1.json")).Where(o => o.Statuses.Contains(409)).Select(o => o.Id)
            .Except([.. conflicts.Keys, .. withoutBus.Keys, .. Elsewhere]).ShouldBeEmpty();
    }

    private static async Task RefusedAsync(string id, Func<Task> act)
    {
        MlopsException refused = await Should.ThrowAsync<MlopsException>(act, id);
        refused.Status.ShouldBe(409, $"{id}: {refused.Message}");
        refused.Problem.Remedy.ShouldNotBeNullOrEmpty(id);
    }

    private static async Task<string> TrainAsync(MlopsClient client)
    {
        TrainingStatus training = await client.Trainings.WaitAsync((await client.Trainings.StartAsync(new TrainingStart("double", Feed: "press"))).Id);
        training.State.ShouldBe("succeeded", training.Reason);
        return training.Model!;
    }
}
