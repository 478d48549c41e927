using System.Diagnostics;
using Mlops.Metrics;

namespace Mlops.Tests.Metrics;

public sealed class ProcessTreeTests
{
    // A tree of its own: this process's memory moves with every test that runs beside this one.
    private const string Parent = """
        import subprocess, sys
        print('alone', flush=True)
        sys.stdin.readline()
        child = subprocess.Popen([sys.executable, '-c', "x = b'1' * (80 << 20); print('held', flush=True); import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
        sys.stdin.readline()
        child.stdin.close()
        child.wait()
        """;

    [Fact]
    public void Read_ChildProcessHoldsMemory_CountsIt()
    {
        using Process parent = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Parent]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        parent.StandardOutput.ReadLine().ShouldBe("alone");
        (long alone, _) = new ProcessTree(TimeProvider.System, parent.Id).Read();

        parent.StandardInput.WriteLine();
        parent.StandardOutput.ReadLine().ShouldBe("held");
        (long together, double processorSeconds) = new ProcessTree(TimeProvider.System, parent.Id).Read();

        parent.StandardInput.WriteLine();
        parent.WaitForExit();
        (together - alone).ShouldBeInRange(80L << 20, 120L << 20);
        processorSeconds.ShouldBeGreaterThanOrEqualTo(0);
    }
}
