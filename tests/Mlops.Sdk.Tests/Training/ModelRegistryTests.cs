using Mlops.Prediction.Candidates;
using Mlops.Tests.Prediction;
using Mlops.Training;
using Mlops.Training.Lifecycle;
using Mlops.Workflows;

namespace Mlops.Tests.Training;

public sealed class ModelRegistryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-registry").FullName;

    [Fact]
    public async Task Delete_ModelInUse_IsRefusedUntilNothingNeedsIt()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        string one = await node.TrainAsync(_folder), two = await node.TrainAsync(_folder, 3), three = await node.TrainAsync(_folder, 4);
        string id = (await node.DeployAsync(one)).Id;
        await node.Deployments.SwapAsync(id, two);
        await node.Deployments.StartCandidateAsync(id, new CandidateRequest { Model = three });
        var models = node.Get<IModels>();

        (await Should.ThrowAsync<WorkflowException>(() => models.DeleteAsync(one))).Message.ShouldContain($"the model to go back to of deployment '{id}'");
        (await Should.ThrowAsync<WorkflowException>(() => models.DeleteAsync(two))).Message.ShouldContain("the production model");
        (await Should.ThrowAsync<WorkflowException>(() => models.DeleteAsync(three))).Message.ShouldContain("the candidate");
        (await Should.ThrowAsync<WorkflowException>(() => models.SetStageAsync(two, ModelStage.Archived))).Message.ShouldContain("cannot be archived");
        await node.Deployments.EndCandidateAsync(id);
        string folder = models.Find(three)!.Folder;
        (await models.DeleteAsync(three, "ada")).ShouldBeTrue();

        Directory.Exists(folder).ShouldBeFalse();
        models.Find(three).ShouldBeNull();
        (await models.DeleteAsync(three)).ShouldBeFalse();
        node.Get<ILifecycle>().List(three)[0].ShouldSatisfyAllConditions(e => e.Action.ShouldBe(LifecycleAction.Deleted), e => e.Author.ShouldBe("ada"));
        await node.Deployments.StopAsync(id);
        (await Should.ThrowAsync<WorkflowException>(() => models.DeleteAsync(one))).Message.ShouldContain("it is meant for production. Archive it first");
        await models.SetStageAsync(one, ModelStage.Archived);
        await models.SetStageAsync(two, ModelStage.None);
        (await models.DeleteAsync(one)).ShouldBeTrue();
        (await models.DeleteAsync(two)).ShouldBeTrue();
    }

    [Fact]
    public async Task Stage_FollowsDeploymentsAndPeople_AndIsDurable()
    {
        string one, two;
        await using (PredictionNode node = await PredictionNode.StartAsync(_folder))
        {
            await node.WriteAsync(1);
            one = await node.TrainAsync(_folder);
            two = await node.TrainAsync(_folder, 3);
            var models = node.Get<IModels>();
            models.Find(one)!.Stage.ShouldBe(ModelStage.None);
            string id = (await node.DeployAsync(one)).Id;
            await node.Deployments.StartCandidateAsync(id, new CandidateRequest { Model = two });

            models.Find(one)!.Stage.ShouldBe(ModelStage.Production);
            models.Find(two)!.Stage.ShouldBe(ModelStage.Candidate);
            await node.Deployments.EndCandidateAsync(id);
            (await models.SetStageAsync(two, ModelStage.Archived, "grace")).Stage.ShouldBe(ModelStage.Archived);
            (await Should.ThrowAsync<WorkflowException>(() => node.Deployments.SwapAsync(id, two))).Message.ShouldContain("is archived");
            (await Should.ThrowAsync<WorkflowException>(() => models.SetStageAsync("m-none", ModelStage.Production))).Message.ShouldContain("m-none");
        }

        await using PredictionNode again = await PredictionNode.StartAsync(_folder);
        again.Get<IModels>().Find(two)!.Stage.ShouldBe(ModelStage.Archived);
        again.Get<ILifecycle>().List(two)[0].Author.ShouldBe("grace");
    }

    [Fact]
    public async Task Find_TrainedModel_HasItsWholeLineage()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1, 2, 3);
        await node.TrainAsync(_folder);

        string id = await node.TrainAsync(new TrainingRequest
        {
            Workflow = "double",
            Feed = PredictionNode.Feed,
            Filter = "x > 1",
            Limit = 10,
            Author = "ada",
            Params = new Dictionary<string, object?> { ["factor"] = 5.0 },
        });

        ModelInfo model = node.Get<IModels>().Find(id)!;
        model.PackageDigest.ShouldBe(node.Get<IWorkflowCatalog>().Find("double", "1.0.0")!.Digest);
        model.Data.Records.ShouldBe(2);
        model.Data.Hash.Length.ShouldBe(64);
        model.Request!.Filter.ShouldBe("x > 1");
        model.Request.Author.ShouldBe("ada");
        model.Parameters["factor"].ShouldBe(5.0);
        model.Environment["stand-in"].ShouldBe("1");
        model.Measurements!.Seconds.ShouldBeGreaterThan(0);
        model.Digest.Length.ShouldBe(64);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
