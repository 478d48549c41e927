namespace Mlops.Python.Tests.ChildProcess;

/// <summary>Leaves the process in the middle of Python code, in a call and in a Python thread.</summary>
internal static class ExitWhileRunning
{
    public static int Run(string executable)
    {
        var engine = PythonEngine.Start(Program.Locate(executable));
        using var running = new ManualResetEventSlim();
        engine.Run(py => py.ExecuteModule("thread", "import threading\ndef work():\n    while True: sum(range(100))\nthreading.Thread(target=work).start()", "thread.py"));
        _ = engine.RunAsync(py =>
        {
            running.Set();
            py.ExecuteModule("endless", "while True: pass", "endless.py");
        });
        _ = engine.RunAsync(py => py.Import("sys"));
        running.Wait();
        Console.WriteLine("passed");
        return 7;
    }
}
