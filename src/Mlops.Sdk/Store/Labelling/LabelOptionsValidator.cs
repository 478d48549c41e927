using System.Globalization;
using Microsoft.Extensions.Options;

namespace Mlops.Store.Labelling;

/// <summary>Checks the bindings, all at once.</summary>
internal sealed class LabelOptionsValidator : IValidateOptions<LabelOptions>
{
    public ValidateOptionsResult Validate(string? name, LabelOptions options)
    {
        var failures = new List<string>();
        for (int i = 0; i < options.Labels.Count; i++)
        {
            LabelBinding binding = options.Labels[i];
            string key = string.Create(CultureInfo.InvariantCulture, $"Mlops:Labels:{i}");
            if (string.IsNullOrWhiteSpace(binding.From))
                failures.Add($"{key}:From is empty; name the feed whose records are labels.");
            if (string.IsNullOrWhiteSpace(binding.Feed))
                failures.Add($"{key}:Feed is empty; name the feed that is labelled.");
            if (string.IsNullOrWhiteSpace(binding.Set))
                failures.Add($"{key}:Set is empty; name the label set.");
            if (string.IsNullOrWhiteSpace(binding.ValueField))
                failures.Add($"{key}:ValueField is empty; name the field of '{binding.From}' that holds the truth.");
            if (string.IsNullOrWhiteSpace(binding.KeyField))
                failures.Add($"{key}:KeyField is empty; name the field of '{binding.From}' that names the labelled record.");
            if ((binding.FromField.Length > 0) != (binding.ToField.Length > 0))
                failures.Add($"{key} sets only one of FromField and ToField; set both for labels of intervals, or none.");
        }

        foreach (var same in options.Labels.GroupBy(b => (b.From, b.Feed, b.Set)).Where(g => g.Count() > 1))
            failures.Add($"Mlops:Labels binds '{same.Key.From}' to '{same.Key.Feed}' as '{same.Key.Set}' {same.Count()} times. Bind it once.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
