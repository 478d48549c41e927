using Microsoft.Playwright;

namespace Mlops.Web.Browser.Tests;

/// <summary>How a page is looked at.</summary>
/// <param name="Name">Stands in the names of screenshots.</param>
/// <param name="Width">Width of the window, pixels.</param>
/// <param name="Height">Height of the window, pixels.</param>
/// <param name="Theme">What the system asks for.</param>
internal sealed record Look(string Name, int Width, int Height, ColorScheme Theme)
{
    public static readonly Look Desktop = new("desktop-light", 1440, 900, ColorScheme.Light);
    public static readonly Look DesktopDark = Desktop with { Name = "desktop-dark", Theme = ColorScheme.Dark };
    public static readonly Look Phone = new("phone-light", 390, 844, ColorScheme.Light);
    public static readonly Look PhoneDark = Phone with { Name = "phone-dark", Theme = ColorScheme.Dark };

    public static readonly IReadOnlyList<Look> All = [Desktop, DesktopDark, Phone, PhoneDark];
}
