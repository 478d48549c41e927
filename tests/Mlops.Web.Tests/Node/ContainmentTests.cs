using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Client;
using Mlops.Runtime;

namespace Mlops.Web.Tests.Node;

/// <summary>What the node tells of where uploaded code runs and what contains it.</summary>
public sealed class ContainmentTests
{
    private const string Manifest = """
        name: same
        version: 1.0.0
        runtime: python
        inputs: [{name: x, type: number}]
        output: {fields: [{name: y, type: number}]}
        """;

    private const string Code = "def train(data, params, run):\n    return None\n\ndef predict(model, batch):\n    return {'y': batch['x'].copy()}\n";

    [Fact]
    public async Task Status_OnceUploadedCodeRan_NamesWhatContainsItAndTheDeploymentWhereItRuns()
    {
        await using WebNode node = await WebNode.StartAsync(
            builder => builder.Services.AddMlops(builder.Configuration.GetSection("Mlops")).AddPython(), settings: ("Mlops:Python:Executable", "/usr/bin/python3"));
        MlopsClient client = node.Typed;
        (await client.Node.GetStatusAsync()).Containment.ShouldBeEmpty("no code has run");
        await client.Feeds.WriteAsync("line", SharedNode.Records(1, 2, 3));
        await client.Workflows.UploadAsync(Package());
        TrainingStatus training = await client.Trainings.WaitAsync((await client.Trainings.StartAsync(new TrainingStart("same", Feed: "line"))).Id);
        training.State.ShouldBe("succeeded", training.Reason);
        string id = (await client.Deployments.StartAsync(new DeploymentStart("same", training.Model!, "line"))).Id;

        NodeStatus status = await client.Node.GetStatusAsync();
        DeploymentStatus deployment = await client.Deployments.GetAsync(id);

        IReadOnlyList<ContainmentMeasure> measures = node.Services.GetRequiredService<IPythonRuntimeStatus>().Containment;
        status.Containment.Select(c => (c.Name, c.Active)).ShouldBe(measures.Select(m => (m.Name, m.Active)));
        status.Containment.Where(c => c.Active).Select(c => c.Name).ShouldBeSubsetOf(["memory", "process space", "privileges", "processes", "files", "network", "processors", "account"]);
        foreach (string name in (string[])["files", "network", "memory", "processes", "privileges"])
            status.Containment.ShouldContain(c => c.Name == name && c.Active && c.By.Length > 0, name);
        status.Rooms.Single(r => r.Name == "runtime").State.ShouldBe("ok");
        (deployment.Mode, deployment.ModeReason, deployment.Interruption).ShouldBe(("worker", null, null));
        deployment.Memory.ShouldNotBeNull().Bytes.ShouldBeGreaterThan(1 << 20);
        deployment.Memory.Method.ShouldContain("of the worker's processes");
    }

    private static MemoryStream Package()
    {
        var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string text) in ((string, string)[])[("workflow.yaml", Manifest), ("workflow.py", Code)])
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        memory.Position = 0;
        return memory;
    }
}
