using Microsoft.Extensions.Options;

namespace Mlops.Training;

/// <summary>Checks what the annotations of <see cref="TrainingOptions"/> cannot say.</summary>
internal sealed class TrainingOptionsValidator : IValidateOptions<TrainingOptions>
{
    public ValidateOptionsResult Validate(string? name, TrainingOptions options) => options.MaxQueued >= options.MaxParallel
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail(
            $"Mlops:Training:MaxQueued is {options.MaxQueued}, fewer than Mlops:Training:MaxParallel with {options.MaxParallel}. Raise the first or lower the second.");
}
