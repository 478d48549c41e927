using System.Diagnostics;
using Mlops.Python.Locating;

namespace Mlops.Python.Tests.Locating;

/// <summary>Made-up machines to search, around interpreters that exist.</summary>
internal static class Machine
{
    /// <summary>An interpreter of this machine that imports NumPy and has a shared library.</summary>
    public static PythonInstallation Real { get; } = PythonLocator.Locate(new PythonLocatorOptions { RequiredModules = { "numpy" } });

    /// <summary>A machine on which only these variables are set.</summary>
    public static SearchEnvironment With(string workingDirectory, params (string Name, string Value)[] variables)
        => new(
            HostPlatform.Debian,
            workingDirectory,
            name => variables.Where(variable => variable.Name == name).Select(variable => variable.Value).FirstOrDefault());

    /// <summary>A script that starts the real interpreter without its installed packages.</summary>
    public static string WithoutPackages => $"#!/bin/sh\nexec '{Real.Executable}' -I -S \"$@\"\n";

    /// <summary>A script that starts the real interpreter.</summary>
    public static string Complete => $"#!/bin/sh\nexec '{Real.Executable}' \"$@\"\n";

    public static string CreateVirtualEnvironment(string folder)
    {
        using var process = Process.Start(new ProcessStartInfo(Real.Executable)
        {
            ArgumentList = { "-m", "venv", "--without-pip", "--system-site-packages", folder },
        })!;
        process.WaitForExit(TimeSpan.FromSeconds(60)).ShouldBeTrue();
        process.ExitCode.ShouldBe(0);
        return folder;
    }
}
