using System.Text.Json;

namespace Mlops.Workflows;

public class ParameterBindingTests
{
    private static readonly WorkflowManifest Manifest = new()
    {
        Name = "a",
        Version = "1.0.0",
        Runtime = "python",
        Output = new WorkflowOutput { Classes = [] },
        Parameters = new Dictionary<string, object?> { ["trees"] = 100L, ["rate"] = 0.1, ["deep"] = true, ["kind"] = "fast", ["any"] = null },
    };

    public static TheoryData<string, object?, object?> Fitting => new()
    {
        { "trees", 7, 7L },
        { "trees", 7.0, 7L },
        { "rate", 1, 1.0 },
        { "rate", 0.5f, 0.5 },
        { "deep", false, false },
        { "kind", "slow", "slow" },
        { "any", 3, 3L },
        { "any", "x", "x" },
        { "any", null, null },
    };

    public static TheoryData<string, object?> Unfitting => new()
    {
        { "trees", 7.5 },
        { "trees", "7" },
        { "trees", true },
        { "trees", null },
        { "rate", "0.1" },
        { "deep", 1 },
        { "deep", "true" },
        { "kind", 3 },
    };

    [Theory]
    [MemberData(nameof(Fitting))]
    public void Bind_FittingValue_ReplacesTheDefault(string name, object? value, object? expected)
    {
        (IReadOnlyDictionary<string, object?> bound, List<string> problems) = Bind(name, value);
        problems.ShouldBeEmpty();
        bound[name].ShouldBe(expected);
        bound[name]?.GetType().ShouldBe(expected!.GetType());
        bound.Count.ShouldBe(5);
    }

    [Theory]
    [MemberData(nameof(Unfitting))]
    public void Bind_OtherType_IsRefusedByNameValueAndRemedy(string name, object? value)
    {
        string problem = Bind(name, value).Problems.ShouldHaveSingleItem();
        problem.ShouldContain($"'{name}'");
        problem.ShouldContain("Give ");
    }

    [Fact]
    public void Bind_UnknownName_IsRefusedWithTheNearest() =>
        Bind("treees", 1).Problems.ShouldHaveSingleItem().ShouldBe("The workflow has no parameter 'treees'. Did you mean 'trees'? Its parameters: trees, rate, deep, kind, any.");

    [Fact]
    public void Normalize_Json_GivesPlainTypes()
    {
        using JsonDocument json = JsonDocument.Parse("""{"i": 3, "d": 3.0, "e": 1e2, "big": 9223372036854775807, "s": "x", "b": true, "n": null}""");
        ParameterBinding.Normalize(json.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value)).ShouldBe(new Dictionary<string, object?>
        {
            ["i"] = 3L,
            ["d"] = 3.0,
            ["e"] = 100.0,
            ["big"] = long.MaxValue,
            ["s"] = "x",
            ["b"] = true,
            ["n"] = null,
        });
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("1e999")]
    public void Normalize_OtherJson_IsRefused(string text)
    {
        using JsonDocument json = JsonDocument.Parse(text);
        Should.Throw<WorkflowException>(() => ParameterBinding.Normalize(new Dictionary<string, object?> { ["a"] = json.RootElement })).Message.ShouldContain("Parameter 'a'");
    }

    [Fact]
    public void Normalize_NotANumber_IsRefused() =>
        Should.Throw<WorkflowException>(() => ParameterBinding.Normalize(new Dictionary<string, object?> { ["a"] = double.NaN }));

    private static (IReadOnlyDictionary<string, object?> Bound, List<string> Problems) Bind(string name, object? value)
    {
        var problems = new List<string>();
        return (ParameterBinding.Bind(Manifest, ParameterBinding.Normalize(new Dictionary<string, object?> { [name] = value }), problems), problems);
    }
}
