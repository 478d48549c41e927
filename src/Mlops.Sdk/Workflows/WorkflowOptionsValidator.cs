using Microsoft.Extensions.Options;

namespace Mlops.Workflows;

/// <summary>Checks what the annotations of <see cref="WorkflowOptions"/> cannot say.</summary>
internal sealed class WorkflowOptionsValidator : IValidateOptions<WorkflowOptions>
{
    public ValidateOptionsResult Validate(string? name, WorkflowOptions options) => options.MaxFileBytes <= options.MaxTotalBytes
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail(
            $"Mlops:Workflows:MaxFileBytes is {options.MaxFileBytes}, more than Mlops:Workflows:MaxTotalBytes with {options.MaxTotalBytes}. Lower the first or raise the second.");
}
