using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Client;
using Mlops.Messaging;

namespace Mlops.Web.Tests.Ingest;

public sealed class IngestOperationsTests : IAsyncLifetime
{
    private WebNode _node = null!;

    public async Task InitializeAsync() => _node = await WebNode.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task DeadLetters_OfABrokenMessage_AreCountedByCauseAndSourceAndCanBeReplayed()
    {
        Mapping mapping = await _node.Typed.Ingest.AddMappingAsync(new Mapping("plant/oven", "oven"));
        var bus = _node.Services.GetRequiredService<IMessageBus>();
        await bus.PublishAsync("plant/oven", Encoding.UTF8.GetBytes("""{"temp": 20"""));
        await WebNode.UntilAsync(async () => (await _node.Typed.Ingest.ListDeadLettersAsync()).Count == 1);

        DeadLetterCounter counter = (await _node.Typed.Ingest.CountDeadLettersAsync()).ShouldHaveSingleItem();
        DeadLetterEntry letter = (await _node.Typed.Ingest.ListDeadLettersAsync()).Single();
        IngestFigures figures = await _node.Typed.Ingest.GetFiguresAsync();

        (counter.Cause, counter.Source, counter.Count).ShouldBe(("unreadable", $"mapping/{mapping.Id}", 1));
        counter.LastReason.ShouldBe(letter.Reason);
        (await _node.Typed.Ingest.GetDeadLetterAsync(letter.Id)).ShouldBe(letter);
        (figures.DeadLetters, figures.DeadLetterCauses["unreadable"], figures.Lost).ShouldBe((1, 1, 0));
        (await _node.Typed.Ingest.ReplayDeadLettersAsync([letter.Id])).Replayed.ShouldBe(1);
        // It is as broken as before.
        await WebNode.UntilAsync(async () => (await _node.Typed.Ingest.CountDeadLettersAsync()).Single().Count == 2);
        DeadLetterEntry again = (await _node.Typed.Ingest.ListDeadLettersAsync()).ShouldHaveSingleItem();
        (await _node.Typed.Ingest.DeleteDeadLettersAsync([again.Id])).Count.ShouldBe(1);
        (await Should.ThrowAsync<MlopsException>(() => _node.Typed.Ingest.GetDeadLetterAsync(letter.Id))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Assemblies_MostSpecificEntry_CountsUntilItIsRemoved()
    {
        (await _node.Typed.Ingest.GetAssemblyAsync("press1.plc.cycle")).Mode.ShouldBe("message");
        await _node.Typed.Ingest.PutAssemblyAsync("press1.*", new AssemblyBody("latest", MaxAge: TimeSpan.FromSeconds(30)));
        AssemblyEntry own = await _node.Typed.Ingest.PutAssemblyAsync("press1.plc.cycle", new AssemblyBody("cycle", Period: TimeSpan.FromMilliseconds(100), Shape: "wide"));

        (await _node.Typed.Ingest.GetAssemblyAsync("press1.plc.cycle")).ShouldBe(own);
        AssemblyEntry group = await _node.Typed.Ingest.GetAssemblyAsync("press1.plc.other");
        (group.Feed, group.Mode, group.MaxAge).ShouldBe(("press1.*", "latest", TimeSpan.FromSeconds(30)));
        (await _node.Typed.Ingest.ListAssembliesAsync()).Count.ShouldBe(2);
        await _node.Typed.Ingest.DeleteAssemblyAsync("press1.plc.cycle");
        (await _node.Typed.Ingest.GetAssemblyAsync("press1.plc.cycle")).Feed.ShouldBe("press1.*");
        (await Should.ThrowAsync<MlopsException>(() => _node.Typed.Ingest.DeleteAssemblyAsync("press1.plc.cycle"))).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("press", "weekly", "00:01:00", "mode")]
    [InlineData("press", "latest", "8.00:00:00", "MaxAge")]
    [InlineData("Press*x", "latest", "00:01:00", "Ids are lower case")]
    public async Task PutAssembly_WhatCannotWork_IsAProblemThatSaysWhat(string feed, string mode, string maxAge, string reason)
    {
        MlopsException refused = await Should.ThrowAsync<MlopsException>(
            () => _node.Typed.Ingest.PutAssemblyAsync(feed, new AssemblyBody(mode, TimeSpan.Parse(maxAge, System.Globalization.CultureInfo.InvariantCulture))));

        refused.Status.ShouldBe(400);
        refused.Message.ShouldContain(reason);
    }
}
