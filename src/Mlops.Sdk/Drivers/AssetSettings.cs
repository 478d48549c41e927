using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace Mlops.Drivers;

/// <summary>Turns the settings of an asset into the options class of its driver.</summary>
internal static class AssetSettings
{
    /// <exception cref="DriverConfigurationException">A setting is unknown, has the wrong type, or breaks a rule of the class.</exception>
    public static object Bind(string asset, IConfiguration settings, Type type)
    {
        object bound = Activator.CreateInstance(type)
            ?? throw new DriverConfigurationException($"Asset '{asset}': the settings class {type} cannot be created.");
        try
        {
            settings.Bind(bound, options => options.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException e)
        {
            throw new DriverConfigurationException($"Asset '{asset}': the settings cannot be read: {e.Message} Correct Mlops:Assets:{asset}:settings.", e);
        }

        var results = new List<ValidationResult>();
        if (!Validator.TryValidateObject(bound, new ValidationContext(bound), results, validateAllProperties: true))
        {
            throw new DriverConfigurationException(
                $"Asset '{asset}': {string.Join(" ", results.Select(r => $"{string.Join(", ", r.MemberNames)}: {r.ErrorMessage}"))} Correct Mlops:Assets:{asset}:settings.");
        }

        return bound;
    }
}
