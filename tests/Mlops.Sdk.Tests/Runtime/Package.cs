using System.Security.Cryptography;
using System.Text;
using Mlops.Workflows;

namespace Mlops.Sdk.Tests.Runtime;

/// <summary>Writes workflow packages as the catalog would have installed them.</summary>
internal sealed class Package
{
    private static readonly string s_root = Path.Combine(Path.GetTempPath(), $"mlops-packages-{Guid.NewGuid():N}");
    private static int s_folders;
    private readonly Dictionary<string, string> _files = [];

    public Package(string name, string source)
    {
        Manifest = new WorkflowManifest
        {
            Name = name,
            Version = "1.0.0",
            Runtime = "python",
            Output = new WorkflowOutput { Classes = ["left", "right"] },
        };
        _files["workflow.py"] = source;
    }

    public WorkflowManifest Manifest { get; set; }

    public Package With(string file, string content)
    {
        _files[file] = content;
        return this;
    }

    public Package Without(string file)
    {
        _files.Remove(file);
        return this;
    }

    public Package Change(Func<WorkflowManifest, WorkflowManifest> change)
    {
        Manifest = change(Manifest);
        return this;
    }

    public Package WithFields(params WorkflowInput[] fields) =>
        Change(manifest => manifest with { Output = new WorkflowOutput { Fields = fields } });

    public Package WithInputs(params WorkflowInput[] inputs) => Change(manifest => manifest with { Inputs = inputs });

    public WorkflowPackage Install(bool trusted = true)
    {
        string folder = NewFolder("package");
        foreach ((string file, string content) in _files)
        {
            string path = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, content);
        }

        string all = string.Concat(_files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => file.Key + file.Value));
        return new WorkflowPackage(Manifest, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all))), folder, trusted);
    }

    /// <summary>A folder for a model, with nothing in it.</summary>
    public static string NewModelFolder() => NewFolder("model");

    /// <summary>A folder as training leaves it for a model that is None.</summary>
    public static string ModelOfNone()
    {
        string folder = NewModelFolder();
        File.WriteAllBytes(Path.Combine(folder, "model.pkl"), [0x80, 5, (byte)'N', (byte)'.']);
        return folder;
    }

    /// <summary>Removes all packages and models.</summary>
    public static void DeleteAll()
    {
        if (Directory.Exists(s_root))
            Directory.Delete(s_root, recursive: true);
    }

    private static string NewFolder(string kind) => Directory.CreateDirectory(Path.Combine(s_root, $"{kind}-{Interlocked.Increment(ref s_folders)}")).FullName;
}
