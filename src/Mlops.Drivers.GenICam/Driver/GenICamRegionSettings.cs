using System.ComponentModel.DataAnnotations;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>A part of the picture, in pixels.</summary>
public sealed class GenICamRegionSettings
{
    /// <summary>Gets or sets the first column.</summary>
    [Range(0, 1_000_000)]
    [Display(Name = "X", Description = "First column.")]
    public int X { get; set; }

    /// <summary>Gets or sets the first row.</summary>
    [Range(0, 1_000_000)]
    [Display(Name = "Y", Description = "First row.")]
    public int Y { get; set; }

    /// <summary>Gets or sets the number of columns.</summary>
    [Range(1, 1_000_000)]
    [Display(Name = "Width", Description = "Number of columns.")]
    public int Width { get; set; }

    /// <summary>Gets or sets the number of rows.</summary>
    [Range(1, 1_000_000)]
    [Display(Name = "Height", Description = "Number of rows.")]
    public int Height { get; set; }
}
