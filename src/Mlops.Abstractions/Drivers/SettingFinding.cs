namespace Mlops.Drivers;

/// <summary>One thing that is wrong with an asset's settings.</summary>
/// <param name="Setting">Path of the setting, for example <c>fields[2].scale</c>; empty when the settings as a whole are meant.</param>
/// <param name="Message">What is wrong, with the offending value unless it is a secret, and what helps.</param>
public sealed record SettingFinding(string Setting, string Message);
