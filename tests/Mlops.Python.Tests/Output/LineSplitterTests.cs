using System.Text;
using Mlops.Python.Output;

namespace Mlops.Python.Tests.Output;

public sealed class LineSplitterTests
{
    [Theory]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\r\nb", "a|b")]
    [InlineData("\n\n", "|")]
    [InlineData("10 %\r50 %\r100 %\ndone\n", "100 %|done")]
    [InlineData("", "")]
    public void Add_Text_GivesItsLines(string text, string expected)
    {
        var lines = new List<string>();
        var splitter = new LineSplitter(100);

        splitter.Add(Encoding.UTF8.GetBytes(text), lines.Add);
        splitter.Flush(lines.Add);

        string.Join('|', lines).ShouldBe(expected);
        splitter.IsEmpty.ShouldBeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Add_AnyPieces_KeepsEveryCharacterAndTheLimit(int seed)
    {
        var random = new Random(seed);
        string[] alphabet = ["a", "é", "€", "😀", "\n"];
        var text = string.Concat(Enumerable.Range(0, 5000).Select(_ => alphabet[random.Next(20) == 0 ? 4 : random.Next(4)]));
        var bytes = Encoding.UTF8.GetBytes(text).AsSpan();
        var lines = new List<string>();
        var splitter = new LineSplitter(17);

        while (!bytes.IsEmpty)
        {
            var taken = Math.Min(bytes.Length, random.Next(1, 40));
            splitter.Add(bytes[..taken], lines.Add);
            bytes = bytes[taken..];
        }

        splitter.Flush(lines.Add);
        lines.ShouldAllBe(line => Encoding.UTF8.GetByteCount(line) <= 17);
        lines.ShouldAllBe(line => !line.Contains('\uFFFD'));
        string.Concat(lines).ShouldBe(text.Replace("\n", "", StringComparison.Ordinal));
    }
}
