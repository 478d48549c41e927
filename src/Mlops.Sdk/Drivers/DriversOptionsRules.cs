using Microsoft.Extensions.Options;

namespace Mlops.Drivers;

/// <summary>Checks how the settings of the driver host go together.</summary>
internal sealed class DriversOptionsRules : IValidateOptions<DriversOptions>
{
    public ValidateOptionsResult Validate(string? name, DriversOptions options) =>
        options.FirstRestart <= options.LastRestart
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Mlops:Drivers:FirstRestart is {options.FirstRestart}, more than LastRestart ({options.LastRestart}). Set it to at most that.");
}
