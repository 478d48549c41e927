using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mlops.Workflows;
using Mlops.Workflows.Manifests;
using Mlops.Workflows.Packages;
using Mlops.Workflows.Signing;

namespace Mlops.Training.Transfer;

/// <summary>Reads a model file into a temporary folder and checks all of it; nothing of it counts or runs yet.</summary>
internal static partial class ModelFileReader
{
    private const long MaxDocument = 16 << 20;
    private const string ExportAgain = "Export the model again.";

    /// <summary>Reads and checks.</summary>
    /// <param name="path">The file.</param>
    /// <param name="folder">The temporary folder, which is made; it is removed again when something is wrong.</param>
    /// <param name="limits">How large it may be.</param>
    /// <param name="keys">The trusted keys.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The files, for the caller to dispose; what they say; and the key that vouches for them.</returns>
    /// <exception cref="WorkflowException">Something is wrong; the message tells all of it.</exception>
    public static (StagedPackage Files, ModelDocument Document, string Key) Read(string path, string folder, WorkflowOptions limits, TrustedKeys keys, CancellationToken cancellationToken)
    {
        string subject = $"The model file '{Path.GetFileName(path)}' was not imported";
        if (!File.Exists(path))
            throw new WorkflowException($"{subject}: there is no such file. Name a zip that a node has exported.");
        using PackageSource source = PackageSource.Open(path, limits);
        if (source.Findings.Count > 0)
            throw FindingReport.ToExceptionOf(subject, source.Findings);
        var findings = new List<Finding>();
        StagedPackage staged = PackageStaging.Copy(source, folder, findings, cancellationToken);
        try
        {
            // Nothing else is looked at in a file that nobody vouches for.
            (string? key, _) = SignatureCheck.Check(staged, keys, SignaturePolicy.Require, trusted: false, findings, "model file", ExportAgain);
            ModelDocument? document = findings.Count == 0 ? ReadDocument(staged, findings) : null;
            if (document is not null)
                CheckContent(staged, document, findings);
            return document is not null && key is not null && findings.Count == 0 ? (staged, document, key) : throw FindingReport.ToExceptionOf(subject, findings);
        }
        catch
        {
            staged.Dispose();
            throw;
        }
    }

    private static ModelDocument? ReadDocument(StagedPackage staged, List<Finding> findings)
    {
        string path = Path.Combine(staged.Folder, ModelDocument.Path);
        string? problem = null;
        if (!staged.Files.Contains(ModelDocument.Path))
        {
            problem = "The file says nothing of its model; it may be a workflow package.";
        }
        else if (new FileInfo(path).Length > MaxDocument)
        {
            problem = $"It has more than {MaxDocument} bytes.";
        }
        else
        {
            try
            {
                ModelDocument document = JsonSerializer.Deserialize(File.ReadAllBytes(path), TrainingJson.Default.ModelDocument) ?? throw new JsonException("It is empty.");
                problem = document.Format != ModelDocument.CurrentFormat ? $"It is of format {document.Format}; this node reads {ModelDocument.CurrentFormat}."
                    : !ModelId().IsMatch(document.Model?.Id ?? "") ? $"The id {FindingList.Quote(document.Model?.Id ?? "")} is none that a node gives to a model."
                    : document.Model!.Inputs.Count == 0 || document.Model.Inputs.Any(i => string.IsNullOrEmpty(i?.Name)) ? "The model has no inputs, or inputs without a name."
                    : null;
                if (problem is null)
                    return document;
            }
            catch (JsonException e)
            {
                problem = $"It cannot be read: {e.Message}";
            }
        }

        findings.Add(new Finding(ModelDocument.Path, null, "model-document", problem, ExportAgain));
        return null;
    }

    private static void CheckContent(StagedPackage staged, ModelDocument document, List<Finding> findings)
    {
        foreach (string other in staged.Files.Where(f => f is not (ModelDocument.Path or FileDigests.SignatureFile) && !Within(f, ModelDocument.ModelFolder) && !Within(f, ModelDocument.PackageFolder)))
            findings.Add(new Finding(other, null, "model-layout", "The file belongs neither to the model nor to its package.", ExportAgain));
        CheckDigest(staged, ModelDocument.ModelFolder, document.Model.Digest, findings);
        CheckDigest(staged, ModelDocument.PackageFolder, document.Model.PackageDigest, findings);
        string manifest = $"{ModelDocument.PackageFolder}/{ManifestReader.FileName}", path = Path.Combine(staged.Folder, manifest);
        if (!staged.Files.Contains(manifest))
            findings.Add(new Finding(manifest, null, "required-file", "The package has no manifest.", ExportAgain));
        else if (new FileInfo(path).Length <= YamlTree.MaxLength && ManifestReader.Read(File.ReadAllText(path, Encoding.UTF8)).Manifest is { } found
            && (found.Name != document.Model.Workflow || found.Version != document.Model.Version))
            findings.Add(new Finding(manifest, null, "model-package", $"This is '{found.Name}' {found.Version}, and the model is of '{document.Model.Workflow}' {document.Model.Version}.", ExportAgain));
    }

    private static void CheckDigest(StagedPackage staged, string folder, string expected, List<Finding> findings)
    {
        (string Path, string Sha256)[] files = [.. staged.Digests.Where(d => Within(d.Key, folder)).Select(d => (d.Key[(folder.Length + 1)..], d.Value))];
        if (files.Length == 0)
            findings.Add(new Finding(folder, null, "required-file", "The folder is empty.", ExportAgain));
        else if (FileDigests.Combine(files) is var digest && digest != expected)
            findings.Add(new Finding(folder, null, "model-digest", $"The files have the digest {digest[..12]}, and the model names {FindingList.Quote(expected)}.", ExportAgain));
    }

    private static bool Within(string path, string folder) => path.StartsWith(folder + "/", StringComparison.Ordinal);

    [GeneratedRegex(@"^m-[0-9a-z]{18}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ModelId();
}
