using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Mlops.Benchmarks.Codec;

/// <summary>Runs the benchmarks of the codec with BenchmarkDotNet, in this process: it would otherwise build projects of its own.</summary>
internal static class CodecRun
{
    /// <param name="arguments">Arguments of BenchmarkDotNet, such as <c>--filter *Read*</c> or <c>--artifacts FOLDER</c>.</param>
    public static void Start(string[] arguments) => BenchmarkSwitcher
        .FromTypes([typeof(CodecBenchmarks)])
        .Run(
            arguments.Contains("--filter") ? arguments : [.. arguments, "--filter", "*"],
            DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)));
}
