using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Mlops.Web.Tests.Python;

public sealed class PythonClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Client_WholeStory_UploadsTrainsDeploysAndReads()
    {
        await using WebNode node = await StartAsync(("Mlops:Web:ApiToken", "t0ken"));

        await RunAsync(node, "client_story.py", "t0ken");
    }

    [Fact]
    public async Task Client_WhatTheNodeRefuses_IsAnErrorWithItsRemedy()
    {
        await using WebNode node = await StartAsync();

        await RunAsync(node, "client_refusals.py", token: null);
    }

    [Fact]
    public async Task Document_Code_Runs()
    {
        await using WebNode node = await StartAsync();
        string document = await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "python-client.md"));
        string code = document.Split("```python\n")[1].Split("```")[0];
        code.ShouldContain("\"http://127.0.0.1:8080\"");
        string script = Path.Combine(node.Folder, "document.py");
        await File.WriteAllTextAsync(script, code.Replace("\"http://127.0.0.1:8080\"", "", StringComparison.Ordinal) + "\nassert list(client.predict(deployment, {'a': [0.0], 'b': [0.0]})['label']) == ['left']\nprint('done')\n");

        await RunAsync(node, script, token: null);
    }

    private static Task<WebNode> StartAsync(params (string Key, string Value)[] settings) => WebNode.StartAsync(
        builder => builder.Services.AddMlops(builder.Configuration.GetSection("Mlops")).AddPython(),
        settings: [("Mlops:Python:Executable", "/usr/bin/python3"), .. settings]);

    private static async Task RunAsync(WebNode node, string script, string? token)
    {
        string root = Root();
        var start = new ProcessStartInfo("/usr/bin/python3")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = root,
            ArgumentList = { "-X", "dev", Path.Combine(root, "tests", "Mlops.Web.Tests", "Python", script), Path.Combine(root, "samples", "workflows", "side-of-cut") },
            Environment = { ["PYTHONPATH"] = Path.Combine(root, "src", "Mlops.Sdk", "Runtime", "Python"), ["PYTHONDONTWRITEBYTECODE"] = "1", ["MLOPS_URL"] = node.Address.ToString() },
        };
        start.Environment["MLOPS_TOKEN"] = token;
        using Process python = Process.Start(start)!;
        Task<string> output = python.StandardOutput.ReadToEndAsync(), errors = python.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await python.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            python.Kill();
        }

        python.ExitCode.ShouldBe(0, $"{await output}\n{await errors}");
        (await output).Trim().ShouldEndWith("done");
    }

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "MlOps.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests do not lie within the repository.");
    }
}
