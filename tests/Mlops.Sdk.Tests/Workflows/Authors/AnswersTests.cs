namespace Mlops.Workflows.Authors;

/// <summary>How the Python side takes what <c>predict</c> returns.</summary>
public sealed class AnswersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Prepare_ArrayOfTheFieldsType_IsReadWhereItLies()
    {
        const string script = """
            import numpy as np
            from mlops._field_arrays import FIELDS
            def taken(kind, array):
                prepared = object.__new__(FIELDS[kind]).prepare(array, len(array))
                return np.shares_memory(prepared[0] if isinstance(prepared, tuple) else prepared, array)
            table = np.arange(12.0).reshape(4, 3)
            print(taken("number", np.array([1.5, 2.5])), taken("number", table[:, 1]), taken("integer", np.array([1, 2])), taken("boolean", np.array([True, False])), taken("number", np.array([1, 2])))
            """;
        (await AuthorTool.ScriptAsync(_folder.Path, script)).Trim().ShouldBe("True True True True False");
    }
}
