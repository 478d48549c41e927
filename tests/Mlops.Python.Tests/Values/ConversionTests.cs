using System.Numerics;

namespace Mlops.Python.Tests.Values;

[Collection(PythonCollection.Name)]
public sealed class ConversionTests(PythonFixture python)
{
    public static TheoryData<object?, string> Values => new()
    {
        { null, "None" },
        { true, "True" },
        { false, "False" },
        { 0L, "0" },
        { long.MinValue, "-9223372036854775808" },
        { long.MaxValue, "9223372036854775807" },
        { -1L, "-1" },
        { BigInteger.Pow(2, 64), "18446744073709551616" },
        { -BigInteger.Pow(2, 64) - 1, "-18446744073709551617" },
        { 1.5, "1.5" },
        { -1.0, "-1.0" },
        { double.PositiveInfinity, "inf" },
        { "", "''" },
        { "Grüße, 世界 😀", "'Grüße, 世界 😀'" },
        { "zero\0inside", "'zero\\x00inside'" },
        { "lone \ud83d surrogate", "'lone \\ud83d surrogate'" },
        { new byte[] { 0, 255 }, "b'\\x00\\xff'" },
        { new List<object?> { 1L, new List<object?> { "a", null } }, "[1, ['a', None]]" },
        { new Dictionary<object, object?> { ["k"] = 1L, [2L] = new List<object?>() }, "{'k': 1, 2: []}" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void From_AnyValue_IsSeenByPythonAndComesBack(object? value, string representation)
    {
        python.CallF("f = repr", value).ShouldBe(representation);
        var returned = python.CallF("def f(value): return value", value);
        returned?.GetType().ShouldBe(value!.GetType());
        python.CallF("f = repr", returned).ShouldBe(representation);
    }

    [Fact]
    public void From_TypedOverloads_MakeTheNaturalType() => python.Engine.Run(py =>
    {
        Check(py.From(true), "bool", "True");
        Check(py.From(ulong.MaxValue), "int", "18446744073709551615");
        Check(py.From(5L), "int", "5");
        Check(py.From(2.5), "float", "2.5");
        Check(py.From("x"), "str", "x");
        Check(py.From((string?)null), "NoneType", "None");
        Check(py.From("ab"u8), "bytes", "b'ab'");
        Check(py.From(new[] { 1, 2 }), "list", "[1, 2]");
        Check(py.List(1, "a"), "list", "[1, 'a']");
        Check(py.Tuple(1, null), "tuple", "(1, None)");
        Check(py.Dict(), "dict", "{}");
        Check(py.From(new Dictionary<string, double> { ["a"] = 1 }), "dict", "{'a': 1.0}");

        static void Check(PythonObject value, string type, string text)
        {
            using (value)
            {
                value.TypeName.ShouldBe(type);
                value.ToString().ShouldBe(text);
            }
        }
    });

    [Fact]
    public void From_NestedWithoutEnd_ThrowsInsteadOfOverflowing()
    {
        var list = new List<object?>();
        list.Add(list);

        Should.Throw<ArgumentException>(() => python.CallF("def f(value): pass", list)).Message.ShouldContain("contains itself");
        Should.Throw<InvalidOperationException>(() => python.CallF("def f():\n    x = []\n    x.append(x)\n    return x")).Message.ShouldContain("contains itself");
    }

    [Fact]
    public void From_UnknownType_NamesIt()
        => Should.Throw<ArgumentException>(() => python.CallF("def f(value): pass", new object())).Message.ShouldContain("System.Object");

    [Fact]
    public void ToBigInteger_HugeInteger_IsExact()
    {
        var expected = BigInteger.Pow(7, 20_000);

        python.CallF("def f(): return 7 ** 20_000").ShouldBe(expected);
        python.CallF("def f(x): return x == -(7 ** 20_000)", -expected).ShouldBe(true);
    }

    [Fact]
    public void To_WrongTypeOrRange_Throws() => python.Engine.Run(py =>
    {
        using var big = py.Evaluate("2 ** 64");
        using var negative = py.From(-1L);
        using var text = py.From("x");
        using var half = py.From(0.5);

        Should.Throw<PythonException>(() => big.ToInt64()).TypeName.ShouldBe("OverflowError");
        Should.Throw<PythonException>(() => big.ToUInt64()).TypeName.ShouldBe("OverflowError");
        Should.Throw<PythonException>(() => negative.ToUInt64()).TypeName.ShouldBe("OverflowError");
        Should.Throw<PythonException>(() => half.ToInt64()).TypeName.ShouldBe("TypeError");
        Should.Throw<PythonException>(() => text.ToDouble()).TypeName.ShouldBe("TypeError");
        Should.Throw<InvalidCastException>(() => half.ToText()).Message.ShouldContain("'float' was read as str");
        Should.Throw<InvalidCastException>(() => text.ToBytes()).Message.ShouldContain("'str' was read as bytes");
        Should.Throw<NotSupportedException>(() => text.As<Guid>());
        negative.ToInt64().ShouldBe(-1);
        half.ToDouble().ShouldBe(0.5);
    });

    [Fact]
    public void As_SupportedTypes_ReadsThem() => python.Engine.Run(py =>
    {
        using var number = py.From(7L);
        using var text = py.From("t");
        using var bytes = py.From("ab"u8);

        number.As<int>().ShouldBe(7);
        number.As<long>().ShouldBe(7);
        number.As<ulong>().ShouldBe(7UL);
        number.As<double>().ShouldBe(7);
        number.As<float>().ShouldBe(7);
        number.As<BigInteger>().ShouldBe(7);
        number.As<bool>().ShouldBeTrue();
        text.As<string>().ShouldBe("t");
        bytes.As<byte[]>().ShouldBe("ab"u8.ToArray());
        py.None.As<string>().ShouldBeNull();
        number.As<object>().ShouldBe(7L);
        using var same = text.As<PythonObject>();
        same.ToText().ShouldBe("t");
    });

    [Fact]
    public void ToDouble_NumPyScalars_AreNumbers()
    {
        python.Engine.Run(py =>
        {
            using var numpy = py.Import("numpy");
            using var real = numpy.CallMethod("float32", 0.5);
            using var integer = numpy.CallMethod("int64", -3);
            real.ToDouble().ShouldBe(0.5);
            integer.ToInt64().ShouldBe(-3);
        });
    }
}
