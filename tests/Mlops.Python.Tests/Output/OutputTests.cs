namespace Mlops.Python.Tests.Output;

[Collection(PythonCollection.Name)]
public sealed class OutputTests(PythonFixture python)
{
    [Fact]
    public async Task Print_WithTag_ArrivesAsLinesOfThatTagInOrder()
    {
        var tag = await RunAsync("import sys\nprint('one', 'two')\nprint('bad', file=sys.stderr)\nprint('no end', end='')");

        await Eventually.TrueAsync(() => python.LinesOf(tag).Count >= 3, "three lines");
        python.LinesOf(tag).ShouldBe([new(tag, "one two", false), new(tag, "bad", true), new(tag, "no end", false)]);
    }

    [Fact]
    public async Task Print_LongLine_IsCutAtTheLimit()
    {
        var tag = await RunAsync("print('x' * 2500)");

        await Eventually.TrueAsync(() => python.LinesOf(tag).Count >= 3, "three pieces");
        python.LinesOf(tag).Select(line => line.Text.Length).ShouldBe([1000, 1000, 500]);
    }

    [Fact]
    public async Task Print_LoneSurrogateAndBytes_NeverFails()
    {
        var tag = await RunAsync("import sys\nprint('a\\ud800é')\nsys.stdout.buffer.write(b'raw\\n')\nsys.stdout.flush()");

        await Eventually.TrueAsync(() => python.LinesOf(tag).Count >= 2, "two lines");
        python.LinesOf(tag).Select(line => line.Text).ShouldBe(["a\\ud800é", "raw"]);
    }

    [Fact]
    public async Task Print_AfterSomebodyClosedTheStream_StillArrives()
    {
        var tag = await RunAsync("import sys\nsys.stdout.close()\nprint('still here')");

        await Eventually.TrueAsync(() => python.LinesOf(tag).Count >= 1, "a line");
        python.LinesOf(tag)[0].Text.ShouldBe("still here");
    }

    [Fact]
    public async Task Print_FromAPythonThreadDuringACall_CarriesTheTagOfTheCall()
    {
        var tag = await RunAsync("import threading\nthread = threading.Thread(target=lambda: print('from a thread'))\nthread.start()\nthread.join()");

        await Eventually.TrueAsync(() => python.LinesOf(tag).Count >= 1, "a line");
        python.LinesOf(tag).ShouldBe([new(tag, "from a thread", false)]);
    }

    [Fact]
    public void Input_WithoutConsole_FailsInsteadOfWaiting()
        => Should.Throw<PythonException>(() => python.CallF("def f(): return input()")).TypeName.ShouldBe("EOFError");

    [Fact]
    public async Task Warnings_GoToTheErrorLines()
    {
        var tag = await RunAsync("import warnings\nwarnings.simplefilter('always')\nwarnings.warn('careful')");

        await Eventually.TrueAsync(() => python.LinesOf(tag).Any(line => line.Text.Contains("careful", StringComparison.Ordinal)), "the warning");
        python.LinesOf(tag).ShouldAllBe(line => line.IsError);
    }

    private async Task<string> RunAsync(string source)
    {
        var tag = "output " + Guid.NewGuid();
        await python.Engine.RunAsync(py => py.ExecuteModule("printing", source, "printing.py").Dispose(), tag);
        return tag;
    }
}
