using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Client;
using Mlops.Workflows;

namespace Mlops.Web.Tests.Inference;

public sealed class InferenceTests : IAsyncLifetime
{
    private WebNode _node = null!;
    private string _deployment = "";
    private readonly string[] _models = new string[2];

    private DoublingRuntime Runtime => _node.Services.GetServices<IWorkflowRuntime>().OfType<DoublingRuntime>().Single();

    public async Task InitializeAsync()
    {
        _node = await WebNode.StartAsync(settings: [("Mlops:Prediction:MaxBatch", "16")]);
        await _node.Typed.Feeds.WriteAsync("press", SharedNode.Records(1, 2, 3));
        await _node.Typed.Workflows.UploadAsync(DoublingPackage.Zip());
        for (int i = 0; i < _models.Length; i++)
        {
            TrainingStatus training = await _node.Typed.Trainings.StartAsync(new TrainingStart("double", Feed: "press", Params: new JsonObject { ["factor"] = 2.0 + i }));
            _models[i] = (await _node.Typed.Trainings.WaitAsync(training.Id)).Model!;
        }

        _deployment = (await _node.Typed.Deployments.StartAsync(new DeploymentStart("double", _models[0], "press"))).Id;
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Infer_WithTheModelOfADeployment_LoadsNoOtherAndFollowsItsSwaps()
    {
        int loads = Runtime.Loads;

        double[] first = await InferAsync(100);
        int afterwards = Runtime.Loads;
        await _node.Typed.Deployments.ChangeAsync(_deployment, _models[1]);
        double[] second = await InferAsync(100);

        afterwards.ShouldBe(loads);
        first.ShouldBe(Enumerable.Range(0, 100).Select(v => v * 2.0));
        second.ShouldBe(Enumerable.Range(0, 100).Select(v => v * 3.0));
    }

    [Fact]
    public async Task Infer_WhileRecordsAreAnswered_DisturbsNeither()
    {
        Task<double[]>[] asking = [.. Enumerable.Range(0, 20).Select(_ => Task.Run(() => InferAsync(50)))];
        for (int i = 0; i < 20; i++)
            await _node.Typed.Feeds.WriteAsync("press", SharedNode.Records([.. Enumerable.Range(0, 20).Select(v => (double)v)]));

        foreach (double[] answers in await Task.WhenAll(asking))
            answers.ShouldBe(Enumerable.Range(0, 50).Select(v => v * 2.0));
        await WebNode.UntilAsync(async () => (await _node.Typed.Deployments.ListPredictionsAsync(_deployment, 1000)).Count == 400);
        (await _node.Typed.Deployments.ListPredictionsAsync(_deployment, 1000)).Select(p => p.Values["twice"]!.GetValue<double>()).Order()
            .ShouldBe(Enumerable.Range(0, 20).SelectMany(v => Enumerable.Repeat(v * 2.0, 20)));
    }

    [Fact]
    public async Task Infer_WhatDoesNotFit_Is400AndTheDeploymentGoesOn()
    {
        foreach (InferenceRequest request in new InferenceRequest[]
        {
            new([]), new([new Tensor("y", [1], "FP64", [1])]), new([new Tensor("x", [2], "FP64", [1])]), new([new Tensor("x", [1], "FP64", ["a"])]), new([new Tensor("x", [1], "FP64", [1])], Outputs: [new TensorChoice("none")]),
        })
        {
            (await Should.ThrowAsync<MlopsException>(() => _node.Typed.Inference.InferAsync(_deployment, request))).Status.ShouldBe(400);
        }

        (await InferAsync(1)).ShouldBe([0]);
        (await _node.Typed.Deployments.GetAsync(_deployment)).State.ShouldBe("running");
    }

    private async Task<double[]> InferAsync(int rows)
    {
        var tensor = new Tensor("x", [rows], "FP64", new JsonArray([.. Enumerable.Range(0, rows).Select(v => (JsonNode)v)]));
        InferenceAnswer answer = await _node.Typed.Inference.InferAsync(_deployment, new InferenceRequest([tensor]));
        return [.. answer.Outputs.Single().Data.Select(v => v!.GetValue<double>())];
    }
}
