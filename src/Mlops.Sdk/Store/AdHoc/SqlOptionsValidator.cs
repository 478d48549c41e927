using Microsoft.Extensions.Options;

namespace Mlops.Store.AdHoc;

/// <summary>Checks what annotations cannot express.</summary>
internal sealed class SqlOptionsValidator : IValidateOptions<SqlOptions>
{
    public ValidateOptionsResult Validate(string? name, SqlOptions options) =>
        options.Memory.Bytes < ByteSize.Megabytes(32).Bytes
            ? ValidateOptionsResult.Fail($"Mlops:Store:Sql:Memory is {options.Memory}; a statement needs at least 32 MB.")
            : ValidateOptionsResult.Success;
}
