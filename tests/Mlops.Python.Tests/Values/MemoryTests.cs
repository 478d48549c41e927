using System.Runtime.InteropServices;

namespace Mlops.Python.Tests.Values;

[Collection(PythonCollection.Name)]
public sealed class MemoryTests(PythonFixture python)
{
    [Fact]
    public void Allocate_SeenAsArray_IsSharedInBothDirections()
    {
        using var input = python.Engine.Run(py => py.Allocate<double>(6));
        using var output = python.Engine.Run(py => py.Allocate<double>(3));
        using var call = python.Engine.Run(py =>
        {
            using var module = py.ExecuteModule("doubling", "def f(x, y):\n    y[:] = x.sum(axis=1)\n    return x.ctypes.data", "doubling.py");
            using var x = input.NewArray(writable: false, 3, 2);
            using var y = output.NewArray();
            return module.GetAttribute("f").Bind(x, y);
        });

        for (var round = 1; round <= 3; round++)
        {
            for (var index = 0; index < input.Length; index++)
                input.Span[index] = index * round;
            var address = python.Engine.Invoke(call, static (_, call) => call.InvokeInt64());

            output.Span.ToArray().ShouldBe([1.0 * round, 5.0 * round, 9.0 * round]);
            address.ShouldBe(AddressOf(input.Span));
        }
    }

    [Fact]
    public void NewArray_ReadOnly_CannotBeWritten() => python.Engine.Run(py =>
    {
        using var buffer = py.Allocate<double>(2);
        using var array = buffer.NewArray(writable: false);
        Should.Throw<PythonException>(() => array.SetItem(0, 1.0)).Message.ShouldContain("read-only");
        using var writable = buffer.NewArray();
        writable.SetItem(1, 2.5);
        buffer.Span.ToArray().ShouldBe([0, 2.5]);
        Should.Throw<PythonException>(() => buffer.NewArray(true, 3)).TypeName.ShouldBe("TypeError");
    });

    [Fact]
    public void Dispose_ArrayIsKept_MemoryLivesOn() => python.Engine.Run(py =>
    {
        var buffer = py.Allocate<long>(100_000);
        buffer.Span.Fill(7);
        using var array = buffer.NewArray();
        buffer.Dispose();
        buffer.Dispose();

        Should.Throw<ObjectDisposedException>(() => buffer.Span.Length);
        using var others = py.Allocate<long>(100_000);
        using var sum = array.CallMethod("sum");
        sum.ToInt64().ShouldBe(700_000);
    });

    [Fact]
    public void ReferenceCount_CodeKeepsTheArray_Rises() => python.Engine.Run(py =>
    {
        using var module = py.ExecuteModule("keeping", "kept = []\ndef uses(x): return x.sum()\ndef keeps(x): kept.append(x[1:])", "keeping.py");
        using var buffer = py.Allocate<double>(4);
        using var array = buffer.NewArray();
        var before = array.ReferenceCount;

        module.CallMethod("uses", array).Dispose();
        array.ReferenceCount.ShouldBe(before);
        module.CallMethod("keeps", array).Dispose();
        array.ReferenceCount.ShouldBe(before + 1);
    });

    [Fact]
    public void Allocate_EveryElementType_HasNumPysName() => python.Engine.Run(py =>
    {
        Check<bool>("bool");
        Check<sbyte>("int8");
        Check<byte>("uint8");
        Check<short>("int16");
        Check<ushort>("uint16");
        Check<int>("int32");
        Check<uint>("uint32");
        Check<long>("int64");
        Check<ulong>("uint64");
        Check<float>("float32");
        Check<double>("float64");
        Should.Throw<NotSupportedException>(() => py.Allocate<decimal>(1));
        Should.Throw<ArgumentOutOfRangeException>(() => py.Allocate<double>(0));

        void Check<T>(string name)
            where T : unmanaged
        {
            using var buffer = py.Allocate<T>(3);
            using var array = buffer.NewArray();
            using var type = array.GetAttribute("dtype");
            type.ToString().ShouldBe(name);
            array.ToArray<T>().Length.ShouldBe(3);
        }
    });

    [Fact]
    public unsafe void View_OverNativeMemory_IsReadInPlaceAndReleased()
    {
        var memory = (double*)NativeMemory.Alloc(4, sizeof(double));
        try
        {
            new Span<double>(memory, 4).Fill(2);
            var address = (nint)memory;
            python.Engine.Run(py =>
            {
                using var view = py.View<double>(address, 4);
                var array = view.NewArray();
                Marshal.WriteInt64(address, BitConverter.DoubleToInt64Bits(5));
                using var sum = array.CallMethod("sum");
                sum.ToDouble().ShouldBe(11);
                Should.Throw<PythonException>(() => array.SetItem(0, 1.0)).Message.ShouldContain("read-only");

                view.TryRelease().ShouldBeFalse();
                using var slice = array.CallMethod("view");
                array.Dispose();
                view.TryRelease().ShouldBeFalse();
                slice.Dispose();
                view.TryRelease().ShouldBeTrue();
                view.TryRelease().ShouldBeTrue();
                Should.Throw<PythonException>(() => view.Value.GetItem(0)).Message.ShouldContain("released");

                using var writable = py.View<double>(address, 4, writable: true);
                writable.Value.SetItem(3, 8.0);
                writable.TryRelease().ShouldBeTrue();
            });
            memory[3].ShouldBe(8);
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }

    [Fact]
    public void OpenMemory_OfAnArray_ShowsElementsAndShape() => python.Engine.Run(py =>
    {
        using var numpy = py.Import("numpy");
        using var numbers = numpy.CallMethod("arange", 6.0);
        using var array = numbers.CallMethod("reshape", 2, 3);
        using var memory = array.OpenMemory<double>();

        memory.Shape.ShouldBe([2L, 3L]);
        memory.Span.ToArray().ShouldBe([0, 1, 2, 3, 4, 5]);
        memory.IsReadOnly.ShouldBeFalse();
        memory.WritableSpan[5] = 50;
        array.CallMethod("max").ToDouble().ShouldBe(50);

        var target = new double[10];
        array.CopyTo<double>(target).ShouldBe(6);
        Should.Throw<ArgumentException>(() => array.CopyTo(new double[5]));
        Should.Throw<InvalidCastException>(() => array.ToArray<float>()).Message.ShouldContain("'d' with 8 bytes");
        Should.Throw<InvalidCastException>(() => array.ToArray<long>());
        using var transposed = array.GetAttribute("T");
        Should.Throw<PythonException>(() => transposed.ToArray<double>()).Message.ShouldContain("contiguous");
        Should.Throw<PythonException>(() => numpy.ToArray<byte>()).TypeName.ShouldBe("TypeError");

        using var bytes = py.From("abc"u8);
        bytes.ToArray<byte>().ShouldBe("abc"u8.ToArray());
        using var constant = bytes.OpenMemory<byte>();
        Should.Throw<InvalidOperationException>(() => constant.WritableSpan.Length);
    });

    [Fact]
    public void Import_ScikitLearn_FitsAndPredicts()
    {
        var source = """
            import numpy as np
            from sklearn.linear_model import LogisticRegression

            def f():
                x = np.array([[-2.0], [-1.0], [1.0], [2.0]])
                model = LogisticRegression().fit(x, ["left", "left", "right", "right"])
                return list(map(str, model.predict(np.array([[-3.0], [3.0]]))))
            """;

        python.CallF(source).ShouldBeEquivalentTo(new List<object?> { "left", "right" });
    }

    private static unsafe long AddressOf(Span<double> span)
    {
        fixed (double* start = span)
            return (long)start;
    }
}
