using System.IO.Compression;
using System.Text;

namespace Mlops.Web.Tests;

/// <summary>A workflow package for <see cref="DoublingRuntime"/>.</summary>
internal static class DoublingPackage
{
    public static MemoryStream Zip(string version = "1.0.0", string? manifest = null)
    {
        var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(zip, "workflow.yaml", manifest ?? $$"""
                name: double
                version: {{version}}
                description: Multiplies a number.
                runtime: doubling
                inputs: [{name: x, type: number}]
                output: {fields: [{name: twice, type: number}]}
                parameters: {factor: 2.0, wait: false}
                """);
            Write(zip, "README.md", "# Double\n<script>alert(1)</script>\n");
        }

        memory.Position = 0;
        return memory;
    }

    private static void Write(ZipArchive zip, string name, string text)
    {
        using Stream entry = zip.CreateEntry(name).Open();
        entry.Write(Encoding.UTF8.GetBytes(text));
    }
}
