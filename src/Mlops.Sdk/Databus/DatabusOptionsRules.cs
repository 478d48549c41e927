using Microsoft.Extensions.Options;

namespace Mlops.Databus;

/// <summary>Checks that the name of our app can stand in a topic.</summary>
internal sealed class DatabusOptionsRules : IValidateOptions<DatabusOptions>
{
    public ValidateOptionsResult Validate(string? name, DatabusOptions options) =>
        options.App.Length > 0 && options.App.AsSpan().IndexOfAny("/+#\0") < 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Mlops:Databus:App is '{options.App}', which cannot stand in a topic. Use a name without '/', '+' and '#'.");
}
