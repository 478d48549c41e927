using System.ComponentModel.DataAnnotations;

namespace Mlops.Web.Browser.Tests.Plant;

/// <summary>Settings of a press.</summary>
public sealed class PressSettings
{
    [Required]
    [Display(Name = "Address", Description = "Where the press is.")]
    public string Address { get; set; } = "";

    [Display(Name = "Nodes", Description = "What is read.")]
    public List<string> Nodes { get; set; } = [];

    [DataType(DataType.Password)]
    [Display(Name = "Password", Description = "How it is unlocked.")]
    public string? Password { get; set; }

    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00", ParseLimitsInInvariantCulture = true)]
    [Display(Name = "Cycle", Description = "Time between two records.")]
    public TimeSpan Cycle { get; set; } = TimeSpan.FromMilliseconds(100);
}
