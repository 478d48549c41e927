using System.Diagnostics;

namespace Mlops.Web.Browser.Tests;

/// <summary>Runs a script with Node.js in the folder of what runs in the browser.</summary>
internal static class NodeProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("node", arguments) { WorkingDirectory = Repository.Pages, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var patience = new CancellationTokenSource(Patience);
        Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token), error = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        process.ExitCode.ShouldBe(0, $"node {string.Join(' ', arguments)}\n{await output}\n{await error}");
    }
}
