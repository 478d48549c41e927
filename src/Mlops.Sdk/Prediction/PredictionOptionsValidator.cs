using Microsoft.Extensions.Options;

namespace Mlops.Prediction;

/// <summary>Checks what the annotations of <see cref="PredictionOptions"/> cannot say.</summary>
internal sealed class PredictionOptionsValidator : IValidateOptions<PredictionOptions>
{
    public ValidateOptionsResult Validate(string? name, PredictionOptions options) => options.DriftEnd <= options.DriftThreshold
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail(
            $"Mlops:Prediction:DriftEnd is {options.DriftEnd}, above Mlops:Prediction:DriftThreshold with {options.DriftThreshold}. Lower the first or raise the second.");
}
