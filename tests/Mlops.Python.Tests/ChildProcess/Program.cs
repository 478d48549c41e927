namespace Mlops.Python.Tests.ChildProcess;

/// <summary>Runs what needs a process of its own; prints "passed" when it went well.</summary>
public static class Program
{
    public static int Main(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        switch (args[0])
        {
            case "embed":
                Embedding.Run(args[1]);
                break;
            case "start-twice":
                StartingTwice.Run(args[1]);
                break;
            case "exit-while-running":
                return ExitWhileRunning.Run(args[1]);
            default:
                throw new ArgumentException($"There is no scenario '{args[0]}'.", nameof(args));
        }

        Console.WriteLine("passed");
        return 0;
    }

    internal static PythonInstallation Locate(string executable) => PythonLocator.Locate(new PythonLocatorOptions { Executable = executable });
}
