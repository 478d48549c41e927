using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Mlops.Hosting;
using Mlops.Workflows;
using Mlops.Workflows.Packages;
using Mlops.Workflows.Signing;

namespace Mlops.Training;

/// <summary>
/// Signs models when they are registered, and holds them against that before their files are given to any code: unpickling runs
/// whatever a file says. What is signed is the model's id with the digest of its files, and its package with its digest.
/// </summary>
internal sealed class ModelSignatures(NodeSigningKey key, IOptions<WorkflowOptions> workflows, IOptions<MlopsOptions> node)
{
    private const string Remedy = "Import the model from a file that a trusted key has signed, or train it here.";

    /// <summary>Vouches for a model that was made here, or imported under a trusted key.</summary>
    public string Sign(ModelInfo model) => key.Sign(Signed(model));

    /// <summary>Makes sure that a model's files are those that were registered, and that somebody vouches for them whom this node trusts.</summary>
    /// <exception cref="WorkflowException">They are not, or nobody does.</exception>
    public void RequireSound(ModelInfo model, string? signature)
    {
        if (!Directory.Exists(model.Folder))
            throw new WorkflowException($"Model '{model.Id}' is not loaded: its folder '{model.Folder}' is gone. Restore it from a backup, or train the model again.");
        if (FileDigests.OfFolder(model.Folder).Digest is var digest && digest != model.Digest)
            throw new WorkflowException($"Model '{model.Id}' is not loaded: its files have changed since it was stored (digest {digest[..12]}, stored {Short(model.Digest)}). Restore '{model.Folder}' from a backup, or train the model again.");
        if (signature is null)
            throw new WorkflowException($"Model '{model.Id}' is not loaded: nobody vouches for it, it has no signature. {Remedy}");
        if (!PackageSignature.TryParse(signature, out PackageSignature? parsed) || Signed(model).Any(s => parsed.Files.GetValueOrDefault(s.Path) != s.Sha256))
            throw new WorkflowException($"Model '{model.Id}' is not loaded: its signature is for something else. {Remedy}");
        if (key.HasSigned(parsed))
            return;
        using ECDsa? other = new TrustedKeys(workflows.Value, node.Value.FullDataFolder).Find(parsed.Key);
        if (other is null)
            throw new WorkflowException($"Model '{model.Id}' is not loaded: it was made by '{parsed.Key}', whose key this node does not trust. Add {parsed.Key}.pub of that node to Mlops:Workflows:TrustedKeys if you trust its models. {Remedy}");
        if (!parsed.IsBy(other))
            throw new WorkflowException($"Model '{model.Id}' is not loaded: its signature is not by the key '{parsed.Key}'. {Remedy}");
    }

    private static (string Path, string Sha256)[] Signed(ModelInfo model) => [($"model/{model.Id}", model.Digest), ($"package/{model.Workflow}-{model.Version}", model.PackageDigest)];

    private static string Short(string digest) => digest.Length > 12 ? digest[..12] : digest;
}
