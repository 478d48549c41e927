using Mlops.Onnx.Sessions;

namespace Mlops.Onnx.Tests.Sessions;

[Collection(ModelFiles.Name)]
public sealed class OnnxSessionTests(ModelFiles files)
{
    [Fact]
    public void Load_Model_TellsInputsAndOutputs()
    {
        using OnnxSession session = OnnxSession.Load(files.Read("maps"), "maps");

        session.Inputs.Select(i => i.ToString()).ShouldBe(["'numbers' (Float [any, 2])"]);
        session.Outputs.Select(o => o.ToString()).ShouldBe(["'class' (String [any])", "'chances' (Sequence)"]);
        session.InputIndex("other").ShouldBe(-1);
        OnnxEnvironment.LibraryVersion.ShouldBe("1.30.0");
    }

    [Fact]
    public void Load_ProviderThatIsNotPresent_UsesTheProcessor()
    {
        OnnxEnvironment.AvailableProviders.ShouldContain("CPUExecutionProvider");
        var options = new OnnxSessionOptions();
        options.Providers.Add("NoSuchExecutionProvider");
        options.Providers.Add("CPUExecutionProvider");

        using OnnxSession session = OnnxSession.Load(files.Read("double"), "double", options);

        session.Providers.ShouldBeEmpty();
    }

    [Fact]
    public void Load_NoBytes_SaysSo() =>
        Should.Throw<OnnxException>(() => OnnxSession.Load([], "nothing")).Message.ShouldContain("of model 'nothing'");

    [Fact]
    public void Load_Damaged_GivesAnErrorAndNeverACrash()
    {
        byte[] sound = files.Read("scores");
        int refused = 0;
        for (int length = 1; length < sound.Length - 1; length += 3)
            refused += IsRefused(sound.AsSpan(0, length)) ? 1 : 0;
        var random = new Random(1);
        for (int i = 0; i < 200; i++)
        {
            byte[] damaged = [.. sound];
            for (int hit = 0; hit < 8; hit++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            refused += IsRefused(damaged) ? 1 : 0;
        }

        refused.ShouldBeGreaterThan(100);
        OnnxException error = Should.Throw<OnnxException>(() => OnnxSession.Load("no model at all"u8, "press"));
        error.Message.ShouldContain("ONNX Runtime could not load the graph of model 'press': InvalidProtobuf");
        error.Message.ShouldContain("damaged or not an ONNX model");
    }

    [Fact]
    public void Threads_AfterTheFirstSession_CannotChange()
    {
        using OnnxSession session = OnnxSession.Load(files.Read("double"), "double");

        OnnxEnvironment.Threads.ShouldBe(1);
        OnnxEnvironment.Threads = 1;
        Should.Throw<InvalidOperationException>(() => OnnxEnvironment.Threads = 2).Message.ShouldContain("Set the number before");
    }

    private static bool IsRefused(ReadOnlySpan<byte> model)
    {
        try
        {
            OnnxSession.Load(model, "damaged").Dispose();
            return false;
        }
        catch (OnnxException)
        {
            return true;
        }
    }
}
