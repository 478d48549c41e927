using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Mlops.Benchmarks.Harness;

/// <summary>What a result was measured on. No names of hosts or folders.</summary>
internal sealed record Machine(string Processor, int Cores, string OperatingSystem, string Dotnet, string Python, string Commit, double Load, DateTimeOffset Date)
{
    public static async Task<Machine> DescribeAsync(string pythonVersion) => new(
        Line("/proc/cpuinfo", "model name", ':') ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        $"{Line("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
        RuntimeInformation.FrameworkDescription,
        pythonVersion,
        await CommitAsync(),
        LoadNow(),
        DateTimeOffset.UtcNow);

    /// <summary>Returns how many threads wanted to run, on average over the last minute.</summary>
    public static double LoadNow() => File.Exists("/proc/loadavg")
        ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : double.NaN;

    private static string? Line(string file, string key, char separator) => !File.Exists(file) ? null
        : File.ReadLines(file).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal))?.Split(separator, 2)[1].Trim();

    private static async Task<string> CommitAsync()
    {
        try
        {
            string commit = await OutputAsync("rev-parse", "--short=10", "HEAD");
            bool changed = (await OutputAsync("status", "--porcelain", "--untracked-files=no", "--", "src")).Length > 0;
            return changed ? commit + " with changes in src" : commit;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown (git was not found)";
        }
    }

    private static async Task<string> OutputAsync(params string[] arguments)
    {
        using Process git = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true })!;
        string output = await git.StandardOutput.ReadToEndAsync();
        await git.WaitForExitAsync();
        return output.Trim();
    }
}
