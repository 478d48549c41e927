namespace Mlops.Python.Tests;

[Collection(PythonCollection.Name)]
public sealed class PythonExceptionTests(PythonFixture python)
{
    [Fact]
    public void Raise_WithCauseAndContext_CarriesTheWholeTraceback()
    {
        var error = Failure("""
            class Broken(ValueError):
                pass

            def inner():
                return {}["lost"]

            def f():
                try:
                    inner()
                except KeyError as e:
                    try:
                        1 / 0
                    except ZeroDivisionError:
                        raise Broken("with ümlaut") from e
            """);

        error.TypeName.ShouldBe("test_module.Broken");
        error.PythonMessage.ShouldBe("with ümlaut");
        error.Message.ShouldBe("test_module.Broken: with ümlaut");
        error.FileName.ShouldBe("test_module.py");
        error.LineNumber.ShouldBe(14);
        error.PythonTraceback.ShouldContain("KeyError: 'lost'");
        error.PythonTraceback.ShouldContain("return {}[\"lost\"]");
        error.PythonTraceback.ShouldContain("The above exception was the direct cause of the following exception");
        error.PythonTraceback.ShouldNotContain("mlops");
        error.ToString().ShouldContain("test_module.Broken: with ümlaut");
    }

    [Fact]
    public void Raise_WhileHandling_CarriesTheContext()
        => Failure("def f():\n    try:\n        1 / 0\n    except ZeroDivisionError:\n        raise KeyError('k')")
            .PythonTraceback.ShouldContain("During handling of the above exception, another exception occurred");

    [Fact]
    public void ExecuteModule_SyntaxError_NamesFileAndLine()
    {
        var error = Failure("x = 1\ny = = 2\n");

        error.TypeName.ShouldBe("SyntaxError");
        error.FileName.ShouldBe("test_module.py");
        error.LineNumber.ShouldBe(2);
        error.PythonTraceback.ShouldContain("y = = 2");
        error.PythonTraceback.ShouldNotContain("mlops");
    }

    [Theory]
    [InlineData("raise SystemExit(3)", "SystemExit")]
    [InlineData("import sys; sys.exit('bye')", "SystemExit")]
    [InlineData("raise KeyboardInterrupt", "KeyboardInterrupt")]
    [InlineData("raise GeneratorExit", "GeneratorExit")]
    public void Raise_WhatEndsAProcess_IsAnOrdinaryFailure(string statement, string type)
    {
        Failure($"def f():\n    {statement}").TypeName.ShouldBe(type);
        python.CallF("def f(): return 1").ShouldBe(1L);
    }

    [Fact]
    public void Raise_DeepRecursion_IsAnOrdinaryFailure()
    {
        var error = Failure("def f(): return f()");

        error.TypeName.ShouldBe("RecursionError");
        error.PythonTraceback.ShouldContain("Previous line repeated");
    }

    [Fact]
    public void Raise_HugeMessage_IsCut()
    {
        var error = Failure("def f(): raise ValueError('x' * 10_000_000)");

        error.PythonMessage.Length.ShouldBeLessThan(5_000);
        error.PythonTraceback.Length.ShouldBeLessThan(70_000);
    }

    [Fact]
    public void Raise_ExceptionThatCannotBeShown_StillArrives()
        => Failure("class Bad(Exception):\n    def __str__(self): raise RuntimeError\ndef f(): raise Bad").TypeName.ShouldBe("test_module.Bad");

    [Fact]
    public async Task RunAsync_Raise_FaultsTheTask()
    {
        var error = await Should.ThrowAsync<PythonException>(python.Engine.RunAsync(py => py.Evaluate("1 / 0").ToInt64()));

        error.TypeName.ShouldBe("ZeroDivisionError");
    }

    [Fact]
    public void Run_DotNetException_ReachesTheCallerUnchanged()
        => Should.Throw<FormatException>(() => python.Engine.Run(_ => throw new FormatException("mine"))).Message.ShouldBe("mine");

    private PythonException Failure(string source) => Should.Throw<PythonException>(() => python.CallF(source));
}
