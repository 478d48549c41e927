namespace Mlops.Hosting;

/// <summary>How a configuration file is written.</summary>
public enum ConfigurationFormat
{
    /// <summary>YAML, for people.</summary>
    Yaml,

    /// <summary>JSON, for programs.</summary>
    Json,
}
