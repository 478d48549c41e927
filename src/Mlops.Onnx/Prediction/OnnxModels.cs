using Microsoft.Extensions.Options;
using Mlops.Onnx.Sessions;
using Mlops.Workflows;

namespace Mlops.Onnx.Prediction;

/// <summary>Loads .onnx files for packages.</summary>
internal sealed class OnnxModels(IOptions<OnnxOptions> options)
{
    public const string FileName = "model.onnx";

    /// <summary>Loads a file.</summary>
    /// <exception cref="WorkflowException">It is missing, damaged, or asks for what a package that is not trusted may not have.</exception>
    public OnnxSession Load(WorkflowPackage package, string folder)
    {
        string path = Path.Combine(folder, FileName);
        string title = $"'{package.Manifest.Name}' {package.Manifest.Version}";
        if (!File.Exists(path))
            throw new WorkflowException($"Workflow {title}: there is no {FileName} in '{Path.GetFileName(folder)}'. Export the model into a file of that name.");
        byte[] content = File.ReadAllBytes(path);
        if (!package.Trusted && GraphScan.Refusal(content) is { } refusal)
            throw new WorkflowException($"Workflow {title}: {FileName} {refusal}. The package is not trusted, so its graph must be plain. Sign the package, or export the model without that.");
        var session = new OnnxSessionOptions();
        foreach (string provider in options.Value.Providers)
            session.Providers.Add(provider);
        try
        {
            OnnxEnvironment.Threads = options.Value.Threads;
            return OnnxSession.Load(content, title, session);
        }
        catch (Exception exception) when (exception is OnnxException or DllNotFoundException or InvalidOperationException)
        {
            throw new WorkflowException($"Workflow {title}: {FileName}: {exception.Message}", null, exception);
        }
    }
}
