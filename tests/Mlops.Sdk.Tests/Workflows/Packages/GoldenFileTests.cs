using Mlops.Workflows.Manifests;

namespace Mlops.Workflows.Packages;

public sealed class GoldenFileTests : IDisposable
{
    private const string Fields = "name: a\nversion: 1.0.0\nruntime: python\ninputs: [{name: a, type: number}]\noutput: {fields: [{name: a, type: number}, {name: score, type: number}]}\n";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a,b,side\n1,2,left\n", 2)]
    [InlineData("a,b,label\n1,2,left\n", 2)]
    [InlineData("expected,a,b,side\nleft,1,2,right\n", 0)]
    [InlineData("\uFEFF\"a\",b,side\r\n1,2,\"left\"\r\n\r\n", 2)]
    public void Read_Classifier_FindsTheExpectedColumn(string text, int column)
    {
        GoldenFile golden = Read(text, SamplePackage.Manifest).ShouldNotBeNull();
        golden.Expected.ShouldBe(new Dictionary<string, int> { ["label"] = column });
        golden.Inputs.Keys.ShouldBe(["a", "b"], ignoreOrder: true);
        golden.Rows.ShouldHaveSingleItem().Cells[column].ShouldBe("left");
    }

    [Fact]
    public void Read_Fields_NeverTakesAnInputForTheAnswer()
    {
        GoldenFile golden = Read("a,score,expected_a\n1,0.5,7\n", Fields).ShouldNotBeNull();
        golden.Expected.ShouldBe(new Dictionary<string, int> { ["a"] = 2, ["score"] = 1 });
    }

    [Fact]
    public void Read_AnswersAsObjects_GivesEachFieldItsValue()
    {
        GoldenFile golden = Read("a,expected\n1,\"{\"\"a\"\": 7.50, \"\"score\"\": null}\"\n2,\n", Fields).ShouldNotBeNull();
        golden.Inputs.Keys.ShouldBe(["a"]);
        golden.Expected.Keys.ShouldBe(["a", "score"]);
        golden.Rows.Select(r => (r.Cells[golden.Expected["a"]], r.Cells[golden.Expected["score"]])).ShouldBe([("7.50", null), (null, null)]);
    }

    [Theory]
    [InlineData("a,expected\n1,7\n", "no JSON object")]
    [InlineData("a,expected\n1,\"{\"\"a\"\": [1]}\"\n", "no JSON object")]
    [InlineData("a,expected\n1,\"{\"\"a\"\": NaN}\"\n", "no JSON object")]
    [InlineData("a,expected\n1,\"{\"\"b\"\": 1}\"\n", "'b', which is no field")]
    public void Read_AnswersThatAreNoObjectsOfTheFields_SaysWhere(string text, string problem)
    {
        var findings = new FindingList("golden.csv");
        Read(text, Fields, findings).ShouldBeNull();
        findings.All.ShouldContain(f => f.Line == 2 && f.Rule == "golden-value" && f.Problem.Contains(problem));
    }

    [Theory]
    [InlineData("", null, "golden-rows")]
    [InlineData("a,b,side\n", null, "golden-rows")]
    [InlineData("a,b,side\n1,2\n", 2, "golden-cells")]
    [InlineData("a,b,b\n1,2,3\n", 1, "golden-column")]
    [InlineData("a,side\n1,left\n", 1, "golden-column")]
    [InlineData("a,b\n1,2\n", 1, "golden-column")]
    [InlineData("a,b,side\n1,\"2,left\n", null, "golden-syntax")]
    public void Read_Wrong_SaysWhere(string text, int? line, string rule)
    {
        var findings = new FindingList("golden.csv");
        Read(text, SamplePackage.Manifest, findings).ShouldBeNull();
        findings.All.Select(f => (f.Line, f.Rule)).ShouldContain((line, rule));
    }

    private GoldenFile? Read(string text, string manifest) => Read(text, manifest, new FindingList("golden.csv"));

    private GoldenFile? Read(string text, string manifest, FindingList findings)
    {
        _folder.Write("golden.csv", text);
        return GoldenFile.Read(_folder.Path, "golden.csv", ManifestReader.Read(manifest).Manifest!, findings);
    }
}
