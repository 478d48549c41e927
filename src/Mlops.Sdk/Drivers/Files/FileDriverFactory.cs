using Microsoft.Extensions.Logging;

namespace Mlops.Drivers.Files;

/// <summary>Creates drivers of the kind <c>file</c>.</summary>
internal sealed class FileDriverFactory(TimeProvider time, ILogger<FileDriver> logger) : IHighLevelDriverFactory
{
    public string Kind => "file";

    public Type SettingsType => typeof(FileDriverSettings);

    public IHighLevelDriver Create(string asset, object settings) => new FileDriver(asset, (FileDriverSettings)settings, time, logger);
}
