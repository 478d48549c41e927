using System.IO.Compression;
using System.Text;

namespace Mlops.Web.Browser.Tests;

/// <summary>Workflow packages as files.</summary>
internal static class Package
{
    /// <summary>Zips a sample workflow.</summary>
    /// <param name="name">Its folder in <c>samples/workflows</c>.</param>
    /// <param name="changes">Files with other content, further ones, or without content those to leave out.</param>
    public static byte[] Sample(string name, params (string File, string? Content)[] changes)
    {
        string folder = Path.Combine(Repository.Root, "samples/workflows", name);
        Dictionary<string, string> files = Directory.EnumerateFiles(folder).ToDictionary(f => Path.GetFileName(f), File.ReadAllText);
        foreach ((string file, string? content) in changes)
        {
            if (content is null)
                files.Remove(file);
            else
                files[file] = content;
        }

        return Zip(files);
    }

    /// <summary>Returns a file of a sample workflow.</summary>
    public static string Text(string name, string file) => File.ReadAllText(Path.Combine(Repository.Root, "samples/workflows", name, file));

    private static byte[] Zip(Dictionary<string, string> files)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string content) in files)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return memory.ToArray();
    }
}
