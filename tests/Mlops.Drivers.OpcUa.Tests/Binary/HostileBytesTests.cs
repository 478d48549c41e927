using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Tests.Binary;

/// <summary>Whatever a server sends ends with a value or with an error that says so.</summary>
public sealed class HostileBytesTests
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("MLOPS_SOAK") == "1" ? 2_000_000 : 20_000;

    [Fact]
    public void Read_EveryTruncation_IsAnError()
    {
        byte[] message = Message();
        for (int length = 0; length < message.Length; length++)
        {
            Action read = () => Read(message.AsSpan(0, length));
            read.ShouldThrow<UaException>($"{length} of {message.Length} bytes");
        }
    }

    [Fact]
    public void Read_MutatedBytes_EndsWithAMessageOrAnError()
    {
        byte[] message = Message();
        var random = new Random(1);
        int errors = 0;
        for (int i = 0; i < Rounds; i++)
        {
            byte[] mutated = [.. message];
            for (int changes = random.Next(1, 6); changes > 0; changes--)
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            errors += TryRead(mutated) ? 0 : 1;
        }

        errors.ShouldBeInRange(1, Rounds - 1);
    }

    [Fact]
    public void Read_RandomBytes_EndsWithAMessageOrAnError()
    {
        var random = new Random(2);
        var bytes = new byte[300];
        for (int i = 0; i < Rounds; i++)
        {
            random.NextBytes(bytes);
            TryRead(bytes.AsSpan(0, random.Next(bytes.Length)));
        }
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(0x0FFF_FFFF)]
    [InlineData(1_000_000)]
    public void Variant_ArrayLongerThanTheMessage_IsRefusedBeforeMemoryIsTaken(int count)
    {
        var writer = new UaWriter();
        writer.Byte(0x80 | (byte)BuiltInType.Double);
        writer.Int32(count);
        byte[] bytes = writer.Written.ToArray();
        long before = GC.GetAllocatedBytesForCurrentThread();

        Should.Throw<UaException>(() => new UaReader(bytes).Variant()).Status.Name.ShouldBe("BadDecodingError");

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000_000);
    }

    [Fact]
    public void Variant_NestedWithoutEnd_IsRefused()
    {
        var writer = new UaWriter();
        for (int i = 0; i < 10_000; i++)
        {
            writer.Byte(0x80 | (byte)BuiltInType.Variant);
            writer.Int32(1);
        }

        byte[] bytes = [.. writer.Written, .. new byte[10_000]];

        Should.Throw<UaException>(() => new UaReader(bytes).Variant()).Status.Name.ShouldBe("BadEncodingLimitsExceeded");
    }

    [Fact]
    public void DiagnosticInfo_NestedWithoutEnd_IsRefused()
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)0x40, 10_000)];

        Should.Throw<UaException>(() => new UaReader(bytes).SkipDiagnosticInfo()).Status.Name.ShouldBe("BadEncodingLimitsExceeded");
    }

    // A notification with one value of each kind.
    private static byte[] Message()
    {
        var writer = new UaWriter();
        writer.UInt32(7);
        writer.Int32(1);
        writer.UInt32(41);
        writer.Boolean(false);
        writer.UInt32(42);
        writer.Time(new UaTime(130_000_000_000_000_000));
        writer.Int32(1);
        int body = writer.BeginExtensionObject(811);
        writer.Int32(VariantTests.Samples.Count);
        for (int i = 0; i < VariantTests.Samples.Count; i++)
        {
            writer.UInt32((uint)i);
            writer.DataValue(new DataValue(VariantTests.Samples[i], default, new UaTime(1), new UaTime(2)));
        }

        writer.Int32(0);
        writer.EndLength(body);
        return writer.Written.ToArray();
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes)
    {
        try
        {
            Read(bytes);
            return true;
        }
        catch (UaException)
        {
            return false;
        }
    }

    private static void Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new UaReader(bytes);
        new PublishRequest([], () => new Notification()).Read(ref reader);
    }
}
