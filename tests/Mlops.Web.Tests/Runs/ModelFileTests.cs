using Mlops.Client;

namespace Mlops.Web.Tests.Runs;

public sealed class ModelFileTests
{
    [Fact]
    public async Task Model_ExportedAndImportedOnANodeThatTrustsTheKey_HasItsIdAndItsOrigin()
    {
        await using WebNode source = await WebNode.StartAsync();
        ModelDetails model = await TrainAsync(source);
        using var file = new MemoryStream();
        await source.Typed.Models.ExportAsync(model.Id, file);
        string publicKey = Directory.EnumerateFiles(Path.Combine(source.Folder, "data", "keys"), "*.pub").Single();
        await using WebNode target = await WebNode.StartAsync(settings: [("Mlops:Node:Name", "node2"), ("Mlops:Workflows:TrustedKeys:node1", publicKey)]);

        ModelDetails imported = await target.Typed.Models.ImportAsync(Again(file));

        (imported.Id, imported.Digest, imported.Origin!.Node, imported.Origin.Key).ShouldBe((model.Id, model.Digest, "node1", "node1"));
        (await target.Typed.Models.ImportAsync(Again(file))).Created.ShouldBe(imported.Created);
        await target.Typed.Feeds.WriteAsync("press", SharedNode.Records(1));
        (await target.Typed.Deployments.StartAsync(new DeploymentStart("double", model.Id, "press"))).State.ShouldBe("running");
    }

    [Fact]
    public async Task ImportModel_OfAStrangerOrBroken_IsRefusedAndKeepsNothing()
    {
        await using WebNode source = await WebNode.StartAsync();
        ModelDetails model = await TrainAsync(source);
        using var file = new MemoryStream();
        await source.Typed.Models.ExportAsync(model.Id, file);
        await using WebNode target = await WebNode.StartAsync();

        MlopsException stranger = await Should.ThrowAsync<MlopsException>(() => target.Typed.Models.ImportAsync(Again(file)));
        MlopsException broken = await Should.ThrowAsync<MlopsException>(() => target.Typed.Models.ImportAsync(new MemoryStream([1, 2, 3])));

        (stranger.Status, broken.Status).ShouldBe((400, 400));
        stranger.Problem.Remedy.ShouldNotBeNullOrEmpty();
        (await target.Typed.Models.ListAsync()).ShouldBeEmpty();
        (await target.Typed.Workflows.ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task ExportModel_WhoseFilesWereChanged_IsAProblemAndNoFile()
    {
        await using WebNode node = await WebNode.StartAsync();
        ModelDetails model = await TrainAsync(node);
        await File.AppendAllTextAsync(Path.Combine(node.Folder, "data", "models", model.Id, "model.txt"), "0");

        MlopsException refused = await Should.ThrowAsync<MlopsException>(() => node.Typed.Models.ExportAsync(model.Id, new MemoryStream()));

        refused.Status.ShouldBe(409);
    }

    private static async Task<ModelDetails> TrainAsync(WebNode node)
    {
        await node.Typed.Feeds.WriteAsync("press", SharedNode.Records(1, 2, 3));
        await node.Typed.Workflows.UploadAsync(DoublingPackage.Zip());
        TrainingStatus training = await node.Typed.Trainings.WaitAsync((await node.Typed.Trainings.StartAsync(new TrainingStart("double", Feed: "press"))).Id);
        return await node.Typed.Models.GetAsync(training.Model!);
    }

    private static MemoryStream Again(MemoryStream file) => new(file.ToArray());
}
