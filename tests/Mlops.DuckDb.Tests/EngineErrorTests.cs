namespace Mlops.DuckDb.Tests;

public class EngineErrorTests
{
    [Theory]
    [InlineData("""{"exception_type":"Binder","exception_message":"no {x}","position":"3"}""", "Binder", "no {x}", 3)]
    [InlineData("""Parser Error: {"exception_type":"Parser","exception_message":"near \"}\"","position":"0"}""", "Parser", "near \"}\"", 0)]
    [InlineData("""{"exception_type":"IO","exception_message":"gone"}""", "IO", "gone", null)]
    [InlineData("""{"exception_type":"IO","exception_message":"far","position":"9999"}""", "IO", "far", null)]
    [InlineData("""{"exception_type":"IO","exception_message":"odd","position":"x"}""", "IO", "odd", null)]
    [InlineData("Out of Memory Error: failed to allocate {1}", "Out of Memory", "failed to allocate {1}", null)]
    [InlineData("something else {", "Unknown", "something else {", null)]
    [InlineData("{}", "Unknown", "{}", null)]
    [InlineData("", "Unknown", "", null)]
    [InlineData(null, "Unknown", "The engine gives no reason.", null)]
    public void Parse_TextOfTheEngine_GivesKindMessageAndPosition(string? text, string kind, string message, int? position)
    {
        var error = EngineError.Parse(text).ToException("do it", "SELECT 1");
        error.ErrorType.ShouldBe(kind);
        error.Message.ShouldStartWith($"DuckDB could not do it: {kind} error: {message}");
        error.Position.ShouldBe(position);
    }
}
