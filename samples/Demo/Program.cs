using Demo;
using Spectre.Console;

DemoOptions? options = CommandLine.Parse(args, out int exitCode);
if (options is null)
    return exitCode;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    stop.Cancel();
});

try
{
    await new DemoRun(options).RunAsync(stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    AnsiConsole.MarkupLine("[yellow]Stopped before the run was complete.[/]");
    return 130;
}
catch (Exception e)
{
    Console.Error.WriteLine("demo: " + Failure.Describe(e));
    if (options.Verbose)
        Console.Error.WriteLine(e);
    else
        Console.Error.WriteLine("(--verbose shows the details)");
    return 1;
}
