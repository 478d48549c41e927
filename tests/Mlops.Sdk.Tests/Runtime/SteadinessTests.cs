using System.Globalization;
using Mlops.Data;
using Mlops.Metrics;
using Mlops.Workflows;

namespace Mlops.Sdk.Tests.Runtime;

/// <summary>Runs when nothing else does: it looks at the memory of the whole process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SteadinessCollection : ICollectionFixture<RuntimeFixture>
{
    public const string Name = "runtime, alone";
}

/// <summary>What must not grow while a deployment runs for months.</summary>
[Collection(SteadinessCollection.Name)]
public sealed class SteadinessTests(RuntimeFixture fixture)
{
    private const int Calls = 20_000;

    private static readonly FeedSchema s_inputs = Records.Schema(("a", FieldType.Float64), ("b", FieldType.Int64), ("c", FieldType.Text));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PredictAsync_ManyCalls_MemoryStaysFlat(bool inProcess)
    {
        Package package = new("steady", Sources.Predict("return ['left' if a < 8 else 'right' for a in batch['a']], np.full(batch.rows, 0.5)"));
        await using IPredictor predictor = await fixture.Create().LoadAsync(
            new PredictorRequest(package.Install(inProcess), Package.ModelOfNone(), s_inputs, ["left", "right"], 256), CancellationToken.None);
        int process = predictor.ProcessId ?? Environment.ProcessId;
        using RecordBatch one = Rows(1);
        using RecordBatch many = Rows(16);
        await RunAsync(predictor, one, many, Calls / 5);
        GC.Collect();
        long before = Held(process);

        await RunAsync(predictor, one, many, Calls);

        (Held(process) - before).ShouldBeLessThan(8 * 1024 * 1024);
    }

    [Fact]
    public async Task LoadAsync_LoadedAndClosedManyTimes_MemoryStaysFlat()
    {
        WorkflowPackage package = new Package("reloaded", Sources.Predict("return ['left'] * batch.rows")).Install();
        using RecordBatch one = Rows(1);
        string folder = Package.ModelOfNone();
        await CycleAsync(20);
        GC.Collect();
        long before = Resident(Environment.ProcessId);

        await CycleAsync(200);

        (Resident(Environment.ProcessId) - before).ShouldBeLessThan(16 * 1024 * 1024);

        async Task CycleAsync(int times)
        {
            for (int time = 0; time < times; time++)
            {
                await using IPredictor predictor = await fixture.Create().LoadAsync(new PredictorRequest(package, folder, s_inputs, ["left", "right"], 256), CancellationToken.None);
                (await predictor.PredictAsync(one)).Dispose();
            }
        }
    }

    private static RecordBatch Rows(int count) => Records.Batch(s_inputs, [.. Enumerable.Range(0, count).Select(row => new object?[] { (double)row, row, $"text {row}" })]);

    private static async Task RunAsync(IPredictor predictor, RecordBatch one, RecordBatch many, int calls)
    {
        for (int call = 0; call < calls; call++)
            (await predictor.PredictAsync(call % 8 == 0 ? many : one)).Dispose();
    }

    /// <summary>A worker's code runs in a descendant of the process that was started.</summary>
    private static long Held(int process) => process == Environment.ProcessId ? Resident(process) : new ProcessTree(TimeProvider.System, process).ReadProportional().Bytes;

    private static long Resident(int process)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line[6..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024;
    }
}
