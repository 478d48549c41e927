using System.Globalization;

namespace Mlops.Workflows.Manifests;

/// <summary>Reads <c>window</c>: how records are put together.</summary>
internal static class WindowReader
{
    private const string Example = "Write for example 'window: {size: 4s, hop: 2s, step: 20ms}' or 'window: {size: 120 records, hop: 60 records}'.";
    private const string Duration = "Write a number with its unit (ms, s, m, h, d), from 1ms to 30d, for example 500ms.";

    public static WorkflowWindow? Read(YamlNode? node, IReadOnlyList<WorkflowInput>? inputs, FindingList findings)
    {
        if (node is null)
            return null;
        if (node is not YamlMapping mapping)
        {
            findings.Add(node.Line, "wrong-type", $"'window' is {node.What} where keys with values are expected.", Example);
            return null;
        }

        foreach (WorkflowInput input in inputs?.Where(i => i.Type is InputType.Text or InputType.Image).Take(1) ?? [])
            findings.Add(node.Line, "window-input", $"The input {FindingList.Quote(input.Name)} is {input.Type.ToString().ToLowerInvariant()}, and windows hold numbers.", "Remove it from inputs, or remove 'window'.");
        var reader = new MappingReader(mapping, "'window'", ["size", "hop", "step", "late", "gap", "label"], findings);
        Extent? size = ReadExtent(reader, "size", reader.Require("size", Example), findings);
        Extent? hop = ReadExtent(reader, "hop", reader.Find("hop"), findings) ?? size;
        (TimeSpan? step, TimeSpan? late, TimeSpan? gap) = (Time(reader, "step", findings), Time(reader, "late", findings), Time(reader, "gap", findings));
        WindowLabel label = Label(reader.Find("label"), findings);
        if (size is not { } whole || hop is not { } next)
            return null;
        if (whole.Time.HasValue != next.Time.HasValue)
            findings.Add(reader.Find("hop")!.Line, "window-hop", "One of the window's size and hop is a time, the other a number of records.", Example);
        foreach (string key in (string[])(whole.Time is null ? ["step", "late"] : []))
        {
            if (reader.Find(key) is { } wrong)
                findings.Add(wrong.Line, $"window-{key}", $"The window is a number of records and has '{key}'.", "Remove it, or give the size as a time.");
        }

        return new WorkflowWindow
        {
            Rows = whole.Time is { } time ? Rows(time, step, reader, findings) : whole.Records,
            Size = whole.Time,
            Hop = next.Time,
            HopRows = next.Records,
            Late = late ?? TimeSpan.Zero,
            Gap = gap,
            Label = label,
        };
    }

    private static int Rows(TimeSpan size, TimeSpan? step, MappingReader reader, FindingList findings)
    {
        if (step is not { } distance)
            return WorkflowWindow.DefaultRows;
        double rows = Math.Round(size / distance);
        if (rows is < 1 or > WorkflowWindow.MaxRows)
            findings.Add(reader.Find("step")!.Line, "window-rows", string.Create(CultureInfo.InvariantCulture, $"The window would have {rows} rows."), $"Give a size and a step with 1 to {WorkflowWindow.MaxRows} rows.");
        else if (Math.Abs((size / rows / distance) - 1) > 1e-3)
            findings.Add(reader.Find("step")!.Line, "window-step", "The window's size is no multiple of its step.", "Give a step that divides the size, for example 20ms for 4s.");
        return (int)Math.Clamp(rows, 1, WorkflowWindow.MaxRows);
    }

    private static Extent? ReadExtent(MappingReader reader, string key, YamlNode? node, FindingList findings)
    {
        const string remedy = "Write a time such as 4s, or a number of records such as 120 records.";
        if (reader.Text(key, node, remedy) is not { } scalar)
            return null;
        string count = scalar.Text.EndsWith("records", StringComparison.Ordinal) ? scalar.Text[..^"records".Length].TrimEnd(' ') : scalar.Text;
        if (count.Length > 0 && count.All(char.IsAsciiDigit))
        {
            if (int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int records) && records is >= 1 and <= WorkflowWindow.MaxRows)
                return new Extent(null, records);
            findings.Add(scalar.Line, "window-rows", $"The window's {key} is {FindingList.Quote(scalar.Text)}.", $"Give 1 to {WorkflowWindow.MaxRows} records.");
        }
        else if (DurationText.TryParse(scalar.Text, out TimeSpan time))
        {
            return new Extent(time, 0);
        }
        else
        {
            findings.Add(scalar.Line, "window-extent", $"The window's {key} is {FindingList.Quote(scalar.Text)}.", remedy);
        }

        return null;
    }

    private static TimeSpan? Time(MappingReader reader, string key, FindingList findings)
    {
        if (reader.Text(key, reader.Find(key), Duration) is not { } scalar)
            return null;
        if (DurationText.TryParse(scalar.Text, out TimeSpan time))
            return time;
        findings.Add(scalar.Line, "duration", $"The window's {key} is {FindingList.Quote(scalar.Text)}.", Duration);
        return null;
    }

    private static WindowLabel Label(YamlNode? node, FindingList findings)
    {
        switch (node)
        {
            case null or YamlScalar { Text: "majority" }:
                return WindowLabel.Majority;
            case YamlScalar { Text: "last" }:
                return WindowLabel.Last;
            case YamlScalar { Text: "whole" }:
                return WindowLabel.Whole;
            default:
                findings.Add(node.Line, "window-label", $"The window's label is {node.What}.", "Write majority (the default), last or whole.");
                return default;
        }
    }

    private readonly record struct Extent(TimeSpan? Time, int Records);
}
