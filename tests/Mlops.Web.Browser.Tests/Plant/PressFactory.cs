using Mlops.Drivers;

namespace Mlops.Web.Browser.Tests.Plant;

/// <summary>Creates drivers of the kind <c>press</c>: an asset that can be browsed and looked at, and needs no machine.</summary>
internal sealed class PressFactory : IHighLevelDriverFactory
{
    public string Kind => "press";

    public Type SettingsType => typeof(PressSettings);

    public IHighLevelDriver Create(string asset, object settings) => new PressDriver((PressSettings)settings);
}
