using System.Text;
using Mlops.Onnx.Native;

namespace Mlops.Onnx.Sessions;

/// <summary>Adds execution providers to a session's settings.</summary>
internal static unsafe class ExecutionProviders
{
    private const string Ending = "ExecutionProvider";
    private const string Cuda = "CUDA";
    private const string Processor = "CPU";

    /// <summary>Adds those that are present; the others are left out.</summary>
    /// <returns>What was added.</returns>
    public static IReadOnlyList<string> Append(nint settings, string model, IEnumerable<string> wanted)
    {
        var added = new List<string>();
        HashSet<string>? present = null;
        foreach (string provider in wanted.Select(Short))
        {
            present ??= [.. OnnxEnvironment.AvailableProviders.Select(Short)];
            if (provider == Processor || !present.Contains(provider))
                continue;
            if (provider == Cuda)
                AppendCuda(settings, model);
            else
                AppendNamed(settings, model, provider);
            added.Add(provider);
        }

        return added;
    }

    private static string Short(string provider) => provider.EndsWith(Ending, StringComparison.Ordinal) ? provider[..^Ending.Length] : provider;

    private static void AppendNamed(nint settings, string model, string provider)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(provider + '\0'))
            Api.Check(Api.AppendExecutionProvider(settings, name, null, null, 0), model, $"use the execution provider {provider}");
    }

    private static void AppendCuda(nint settings, string model)
    {
        nint options;
        Api.Check(Api.CreateCudaProviderOptions(&options), model, "set up the execution provider CUDA");
        try
        {
            Api.Check(Api.AppendCudaProvider(settings, options), model, "use the execution provider CUDA");
        }
        finally
        {
            Api.ReleaseCudaProviderOptions(options);
        }
    }
}
