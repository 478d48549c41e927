using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Mlops.Drivers.GenICam.Tests.Peers;

/// <summary>What other programs make of pictures: Pillow of files, NumPy of pixels.</summary>
internal static class PythonPictures
{
    private const string Python = "/usr/bin/python3";

    /// <summary>Opens a picture with Pillow.</summary>
    /// <returns>Mode and size, for example <c>RGB 64x48</c>.</returns>
    public static string Open(byte[] file) => System.Text.Encoding.UTF8.GetString(Run("open", file)).Trim();

    /// <summary>Reads a picture with Pillow.</summary>
    /// <returns>Its samples, two bytes each for 16 bits, the low one first.</returns>
    public static byte[] Samples(byte[] file) => Run("samples", file);

    /// <summary>Makes a picture of pixels with NumPy.</summary>
    /// <returns>Its samples, two bytes each, the low one first, in their own range.</returns>
    public static byte[] Convert(string format, int width, int height, byte[] pixels) => Run($"convert {format} {width} {height}", pixels);

    private static byte[] Run(string arguments, byte[] input)
    {
        var start = new ProcessStartInfo(Python) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(Path.GetDirectoryName(Here())!, "pictures.py"));
        foreach (string argument in arguments.Split(' '))
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> complaint = process.StandardError.ReadToEndAsync();
        Task writing = Task.Run(() =>
        {
            using Stream stdin = process.StandardInput.BaseStream;
            stdin.Write(input);
        });
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        writing.GetAwaiter().GetResult();
        return process.ExitCode == 0 ? output.ToArray() : throw new InvalidOperationException($"{Python} pictures.py {arguments}: {complaint.Result}");
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
