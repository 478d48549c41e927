using System.Text;
using Mlops.Onnx.Sessions;

namespace Mlops.Onnx.Tests.Sessions;

[Collection(ModelFiles.Name)]
public sealed class OnnxCallTests(ModelFiles files)
{
    [Fact]
    public void Run_DoublesOfSeveralSizes_AreComputed()
    {
        using OnnxSession session = OnnxSession.Load(files.Read("double"), "double");
        using OnnxCall call = session.NewCall();

        foreach (int rows in new[] { 1, 100, 3 })
        {
            Span<double> input = call.Input<double>(0, rows, 3);
            for (int i = 0; i < input.Length; i++)
                input[i] = i;
            call.Run();

            call.Output(session.OutputIndex("twice")).Values<double>().ToArray().ShouldBe([.. Enumerable.Range(0, rows * 3).Select(i => 2.0 * i)]);
            call.Output(session.OutputIndex("sum")).Values<double>()[rows - 1].ShouldBe((9.0 * (rows - 1)) + 3);
        }
    }

    [Fact]
    public void Run_Repeated_AllocatesNothing()
    {
        using OnnxSession session = OnnxSession.Load(files.Read("double"), "double");
        using OnnxCall call = session.NewCall();

        // Constants and Span.Fill allocate in code that is not optimized yet, which is not the binding's doing.
        long[] shape = [1, 3];
        double sum = 0;
        void Predict()
        {
            Span<double> input = call.Input<double>(0, shape);
            for (int i = 0; i < input.Length; i++)
                input[i] = 2;
            call.Run();
            sum += call.Output(1).Values<double>()[0];
        }

        for (int i = 0; i < 100; i++)
            Predict();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            Predict();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        sum.ShouldBe(6 * 1100);
    }

    [Fact]
    public void Run_Texts_ComeBackAsTheyWereMapped()
    {
        using OnnxSession session = OnnxSession.Load(files.Read("texts"), "texts");
        using OnnxCall call = session.NewCall();
        string[] words = ["links", "größe", "", "unknown", new('x', 5000)];
        call.InputTexts(0, words.Length, 1);
        for (int i = 0; i < words.Length; i++)
            call.SetText(0, i, Encoding.UTF8.GetBytes(words[i]));

        call.Run();

        OnnxValue meanings = call.Output(0);
        Span<byte> text = stackalloc byte[64];
        string[] got = new string[words.Length];
        for (int i = 0; i < got.Length; i++)
            got[i] = Encoding.UTF8.GetString(text[..meanings.Text(i, text)]);
        got.ShouldBe(["left", "size", "none", "?", "?"]);
    }

    [Fact]
    public void Run_SequenceOfMaps_IsReadItemByItem()
    {
        using OnnxSession session = OnnxSession.Load(files.Read("maps"), "maps");
        session.Outputs[1].Kind.ShouldBe(OnnxValueKind.Sequence);
        using OnnxCall call = session.NewCall();
        ((ReadOnlySpan<float>)[5, 1, 0, 2]).CopyTo(call.Input<float>(0, 2, 2));

        call.Run();

        OnnxValue rows = call.Output(1);
        rows.ItemCount.ShouldBe(2);
        using OnnxValue map = rows.Item(1);
        map.Kind.ShouldBe(OnnxValueKind.Map);
        using OnnxValue keys = map.Item(0);
        using OnnxValue values = map.Item(1);
        Span<byte> text = stackalloc byte[16];
        Encoding.UTF8.GetString(text[..keys.Text(1, text)]).ShouldBe("right");
        values.Values<float>()[1].ShouldBe(0.8808f, 1e-4f);
    }

    [Theory]
    [InlineData("float", 4)]
    [InlineData("uint8", 1)]
    [InlineData("int8", 1)]
    [InlineData("uint16", 2)]
    [InlineData("int16", 2)]
    [InlineData("int32", 4)]
    [InlineData("int64", 8)]
    [InlineData("bool", 1)]
    [InlineData("float16", 2)]
    [InlineData("double", 8)]
    [InlineData("uint32", 4)]
    [InlineData("uint64", 8)]
    [InlineData("bfloat16", 2)]
    public void Run_EachType_ComesBackAsItWentIn(string type, int width)
    {
        using OnnxSession session = OnnxSession.Load(files.Read($"type-{type}"), type);
        using OnnxCall call = session.NewCall();
        byte[] got = width switch { 1 => Echo<byte>(call), 2 => Echo<ushort>(call), 4 => Echo<uint>(call), _ => Echo<ulong>(call) };

        got.ShouldBe([.. Enumerable.Repeat((byte)1, 3 * width)]);
        session.Inputs[0].ElementType.ToString().ToLowerInvariant().ShouldBe(type);
    }

    [Fact]
    public void Input_WrongWidth_SaysWhichInput()
    {
        using OnnxSession session = OnnxSession.Load(files.Read("double"), "double");
        using OnnxCall call = session.NewCall();

        Should.Throw<ArgumentException>(() => call.Input<float>(0, 1, 3)).Message.ShouldContain("Input 'x' (Double [any, 3]) of model 'double' cannot be filled with Single.");
    }

    [Fact]
    public void Run_WrongShape_SaysModelAndCause()
    {
        using OnnxSession session = OnnxSession.Load(files.Read("double"), "double");
        using OnnxCall call = session.NewCall();
        call.Input<double>(0, 1, 4);

        OnnxException error = Should.Throw<OnnxException>(call.Run);

        error.Model.ShouldBe("double");
        error.ErrorType.ShouldBe("InvalidArgument");
        error.Message.ShouldContain("could not run the graph of model 'double'");
        error.Message.ShouldContain("Expected: 3");
    }

    [Fact]
    public void Terminate_BeforeARun_EndsItUntilResumed()
    {
        using OnnxSession session = OnnxSession.Load(files.Read("double"), "double");
        using OnnxCall call = session.NewCall();
        call.Input<double>(0, 1, 3).Clear();
        call.Terminate();

        Should.Throw<OnnxException>(call.Run).Message.ShouldContain("terminate");
        call.Resume();
        call.Run();
        call.Output(1).Values<double>()[0].ShouldBe(0);
    }

    [Fact]
    public void Run_AfterDispose_Throws()
    {
        OnnxSession session = OnnxSession.Load(files.Read("double"), "double");
        OnnxCall call = session.NewCall();
        call.Dispose();
        call.Dispose();
        session.Dispose();

        Should.Throw<ObjectDisposedException>(call.Run);
        call.Terminate();
    }

    private static byte[] Echo<T>(OnnxCall call)
        where T : unmanaged
    {
        Span<T> input = call.Input<T>(0, 3);
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(input).Fill(1);
        call.Run();
        return System.Runtime.InteropServices.MemoryMarshal.AsBytes(call.Output(0).Values<T>()).ToArray();
    }
}
