using Mlops.Data;

namespace Mlops.Tests.Data;

public class ValidityBitsTests
{
    [Fact]
    public void Copy_AnyOffsetsAndLengths_MovesExactlyTheseBits()
    {
        var random = new Random(1);
        for (int round = 0; round < 2000; round++)
        {
            var source = new byte[12];
            var destination = new byte[12];
            random.NextBytes(source);
            random.NextBytes(destination);
            int from = random.Next(30), to = random.Next(30), count = random.Next(60);
            bool[] expected = Bits(destination);
            Bits(source).AsSpan(from, count).CopyTo(expected.AsSpan(to));

            ValidityBits.Copy(source, from, destination, to, count);

            Bits(destination).ShouldBe(expected, $"from {from} to {to} count {count}");
        }
    }

    [Fact]
    public void Copy_LastBitsOfAnUnalignedSource_ReadsNothingBehindIt()
    {
        byte[] destination = [0, 0];

        ValidityBits.Copy([0b1010_0000, 0b0000_0001], 5, destination, 0, 11);

        destination.ShouldBe(new byte[] { 0b0000_1101, 0 });
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 8)]
    [InlineData(3, 2)]
    [InlineData(3, 21)]
    [InlineData(8, 17)]
    public void Fill_ARange_LeavesTheOtherBits(int first, int count)
    {
        byte[] bitmap = [0x5A, 0x5A, 0x5A, 0x5A];
        bool[] expected = Bits(bitmap);
        expected.AsSpan(first, count).Fill(true);

        ValidityBits.Fill(bitmap, first, count, value: true);
        Bits(bitmap).ShouldBe(expected);

        expected.AsSpan(first, count).Clear();
        ValidityBits.Fill(bitmap, first, count, value: false);
        Bits(bitmap).ShouldBe(expected);
    }

    [Fact]
    public void CountSet_PartOfAByte_IgnoresTheBitsBehind() => ValidityBits.CountSet([0xFF, 0xFF], 11).ShouldBe(11);

    private static bool[] Bits(byte[] bitmap) => [.. Enumerable.Range(0, bitmap.Length * 8).Select(i => (bitmap[i >> 3] & (1 << (i & 7))) != 0)];
}
