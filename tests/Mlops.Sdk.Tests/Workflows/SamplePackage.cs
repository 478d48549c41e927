using System.IO.Compression;
using System.Text;

namespace Mlops.Workflows;

/// <summary>Packages to install.</summary>
internal static class SamplePackage
{
    public const string Manifest = """
        name: side-of-cut
        version: 1.0.0
        description: Tells left from right.
        runtime: python
        inputs:
          - {name: a, type: number}
          - {name: b, type: number}
        label: side
        output: {classes: [left, right]}
        """;

    public const string Code = "def train(data, params, run):\n    return None\n\ndef predict(model, batch):\n    return []\n";

    public static byte[] Zip(params ReadOnlySpan<(string Name, string Text)> files)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string text) in files)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return memory.ToArray();
    }

    /// <summary>Writes a package folder and returns it.</summary>
    public static string Folder(TemporaryFolder parent, string name, string manifest = Manifest, string code = Code, params ReadOnlySpan<(string Name, string Text)> more)
    {
        parent.Write(Path.Combine(name, "workflow.yaml"), manifest);
        parent.Write(Path.Combine(name, "workflow.py"), code);
        foreach ((string file, string text) in more)
            parent.Write(Path.Combine(name, file), text);
        return parent[name];
    }
}
