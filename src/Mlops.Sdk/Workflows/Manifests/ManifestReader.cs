using System.Text.RegularExpressions;

namespace Mlops.Workflows.Manifests;

/// <summary>Reads <c>workflow.yaml</c>. Pure: text in, manifest or findings out; all findings come at once.</summary>
internal sealed partial class ManifestReader
{
    public const string FileName = "workflow.yaml";
    private const int MaxNameLength = 64;

    private static readonly string[] Keys =
    [
        "name", "version", "description", "runtime", "inputs", "label", "output",
        "parameters", "fill", "isolation", "timeouts", "window", "requirements", "golden", "sample", "split",
    ];

    private readonly FindingList _findings;
    private readonly MappingReader _top;

    private ManifestReader(YamlMapping root, FindingList findings)
    {
        _findings = findings;
        _top = new MappingReader(root, "", Keys, findings);
    }

    /// <summary>Reads a manifest.</summary>
    public static ManifestReading Read(string text)
    {
        var findings = new FindingList(FileName);
        WorkflowManifest? manifest = null;
        YamlNode? root = YamlTree.Read(text, findings);
        if (root is YamlMapping mapping)
            manifest = new ManifestReader(mapping, findings).Manifest();
        else if (root is not null)
            findings.Add(root.Line, "wrong-type", $"The manifest is {root.What} where keys with values are expected.", "Begin with 'name: my-workflow'.");
        return findings.All.Count == 0
            ? new ManifestReading(manifest, [])
            : new ManifestReading(null, [.. findings.All.OrderBy(f => f.Line ?? 0)]);
    }

    private WorkflowManifest Manifest()
    {
        IReadOnlyList<WorkflowInput>? inputs = Inputs();
        string? label = _top.Text("label", _top.Find("label"), "Name the column or label set that holds the truth.")?.Text;
        if (label is not null && inputs?.Any(i => i.Name == label) == true)
            _findings.Add(_top.Find("label")!.Line, "label-is-input", $"The label {FindingList.Quote(label)} is also an input, so the model would see the truth.", "Remove it from inputs.");
        IReadOnlyList<string> requirements = Requirements();
        (TimeSpan train, TimeSpan predict) = Timeouts();
        var defaults = new WorkflowManifest { Name = "", Version = "", Runtime = "", Output = new WorkflowOutput() };
        return new WorkflowManifest
        {
            Name = Name(),
            Version = Version(),
            Description = _top.Text("description", _top.Find("description"), "Say in a sentence what it does.")?.Text.Trim() ?? "",
            Runtime = Runtime(),
            Inputs = inputs,
            Label = label,
            Output = OutputReader.Read(_top.Require("output", "Add 'output: {classes: [good, bad]}' or 'output: {fields: [{name: score, type: number}]}'."), _findings),
            Parameters = Parameters(),
            Fill = Fill(inputs),
            Window = WindowReader.Read(_top.Find("window"), inputs, _findings),
            Isolated = Isolation(),
            TrainTimeout = train == default ? defaults.TrainTimeout : train,
            PredictTimeout = predict == default ? defaults.PredictTimeout : predict,
            Golden = CsvFile("golden"),
            Sample = CsvFile("sample"),
            Requirements = requirements,
            Split = SplitReader.Read(_top.Find("split"), _findings),
        };
    }

    private string Name()
    {
        const string remedy = "Use lower case letters, digits and '-', beginning with a letter or digit, for example 'name: pcb-quality'.";
        if (_top.Text("name", _top.Require("name", "Add 'name: my-workflow'."), remedy) is not { } scalar)
            return "";
        string name = scalar.Text;
        if (name.Length > MaxNameLength)
            _findings.Add(scalar.Line, "name", $"The name has {name.Length} characters, more than {MaxNameLength}.", "Shorten it.");
        else if (name[0] == '-' || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            _findings.Add(scalar.Line, "name", $"The name {FindingList.Quote(name)} is not allowed.", remedy);
        else if (Packages.PackagePath.IsDeviceName(name))
            _findings.Add(scalar.Line, "name", $"The name {FindingList.Quote(name)} is a device on Windows.", "Choose another name.");
        return name;
    }

    private string Version()
    {
        const string remedy = "Write major.minor.patch, for example 1.0.0 or 1.1.0-beta.1.";
        if (_top.Text("version", _top.Require("version", "Add 'version: 1.0.0'."), remedy) is not { } scalar)
            return "";
        if (!SemanticVersion.TryParse(scalar.Text, out _))
            _findings.Add(scalar.Line, "version", $"{FindingList.Quote(scalar.Text)} is not a semantic version.", remedy);
        return scalar.Text;
    }

    private string Runtime()
    {
        if (_top.Text("runtime", _top.Require("runtime", "Add 'runtime: python'."), "Name one runtime, for example 'runtime: python'.") is not { } scalar)
            return "";
        if (!scalar.Text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            _findings.Add(scalar.Line, "runtime", $"{FindingList.Quote(scalar.Text)} is not the name of a runtime.", "Name one runtime in lower case, for example python or onnx.");
        return scalar.Text;
    }

    private IReadOnlyList<WorkflowInput>? Inputs()
    {
        const string remedy = "Write a list such as '- {name: a, type: number}', or \"*\" for every column except the label.";
        switch (_top.Require("inputs", $"Add 'inputs:'. {remedy}"))
        {
            case null:
            case YamlScalar { Text: "*" }:
                return null;
            case YamlSequence { Items.Count: > 0 } list:
                return ColumnListReader.Read(list, "input", [InputType.Number, InputType.Integer, InputType.Text, InputType.Boolean, InputType.Image], _findings);
            case { } other:
                _findings.Add(other.Line, "inputs", $"'inputs' is {(other is YamlSequence ? "an empty list" : other.What)}.", remedy);
                return null;
        }
    }

    private Dictionary<string, object?> Parameters()
    {
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal);
        YamlNode? node = _top.Find("parameters");
        if (node is not null and not YamlMapping)
            _findings.Add(node.Line, "wrong-type", $"'parameters' is {node.What} where names with defaults are expected.", "Write for example 'parameters: {trees: 100}'.");
        foreach ((YamlScalar key, YamlNode value) in (node as YamlMapping)?.Entries ?? [])
        {
            string problem = $"It is {value.What}.";
            object? @default = null;
            if (string.IsNullOrWhiteSpace(key.Text))
                _findings.Add(key.Line, "parameter", "A parameter has no name.", "Write 'name: default'.");
            else if (value is not YamlScalar scalar || !ScalarValue.TryRead(scalar, out @default, out problem))
                _findings.Add(value.Line, "parameter", $"The default of parameter {FindingList.Quote(key.Text)} is not usable: {problem}", "Give a text, a whole number, a number, true, false or null.");
            else if (!parameters.TryAdd(key.Text, @default))
                _findings.Add(key.Line, "duplicate-key", $"The parameter {FindingList.Quote(key.Text)} is given twice.", "Keep one of them.");
        }

        return parameters;
    }

    private MissingValues Fill(IReadOnlyList<WorkflowInput>? inputs)
    {
        switch (_top.FindRaw("fill"))
        {
            case null:
            case YamlScalar { Text: "last" }:
                return MissingValues.Last;
            case YamlScalar { Text: "null" or "Null" or "NULL" }:
                return MissingValues.Null;
            case YamlScalar { Text: "skip" }:
                return MissingValues.Skip;
            case YamlScalar { Text: "default" } scalar:
                RequireDefaults(scalar.Line, inputs);
                return MissingValues.Default;
            case { } other:
                _findings.Add(other.Line, "fill", $"'fill' is {other.What}.", "Write last (the default), null, skip or default.");
                return default;
        }
    }

    private void RequireDefaults(int line, IReadOnlyList<WorkflowInput>? inputs)
    {
        if (_top.Find("inputs") is YamlScalar { Text: "*" })
            _findings.Add(line, "fill-default", "'fill' is default, and inputs that are not listed have none.", "List the inputs, each with its default.");
        else if (inputs?.Where(i => i.Default is null).Select(i => FindingList.Quote(i.Name)).Take(10).ToArray() is { Length: > 0 } without)
            _findings.Add(line, "fill-default", $"'fill' is default, and these inputs have none: {string.Join(", ", without)}.", "Add 'default: 0' or another value to each, or choose another fill.");
    }

    private bool Isolation()
    {
        switch (_top.Find("isolation"))
        {
            case null:
                return false;
            case YamlScalar { Text: "worker" }:
                return true;
            case YamlScalar scalar when ScalarValue.Boolean(scalar) is { } isolated:
                return isolated;
            case { } other:
                _findings.Add(other.Line, "isolation", $"'isolation' is {other.What}.", "Write true or worker for a process of its own, false (the default) to leave it to the node.");
                return false;
        }
    }

    private (TimeSpan Train, TimeSpan Predict) Timeouts()
    {
        YamlNode? node = _top.Find("timeouts");
        if (node is null)
            return default;
        if (node is not YamlMapping mapping)
        {
            _findings.Add(node.Line, "wrong-type", $"'timeouts' is {node.What} where keys with values are expected.", "Write for example 'timeouts: {train: 2h, predict: 500ms}'.");
            return default;
        }

        var reader = new MappingReader(mapping, "'timeouts'", ["train", "predict"], _findings);
        return (Timeout(reader, "train"), Timeout(reader, "predict"));
    }

    private TimeSpan Timeout(MappingReader reader, string key)
    {
        const string remedy = "Write a number with its unit (ms, s, m, h, d), from 1ms to 30d, for example 500ms, 90s or 2h.";
        if (reader.Text(key, reader.Find(key), remedy) is not { } scalar)
            return default;
        if (!DurationText.TryParse(scalar.Text, out TimeSpan duration))
            _findings.Add(scalar.Line, "duration", $"The timeout of {key} is {FindingList.Quote(scalar.Text)}.", remedy);
        return duration;
    }

    private List<string> Requirements()
    {
        var requirements = new List<string>();
        YamlNode? node = _top.Find("requirements");
        if (node is not null && node is not YamlSequence)
            _findings.Add(node.Line, "wrong-type", $"'requirements' is {node.What} where a list is expected.", "Write for example 'requirements: [scikit-learn>=1.2]'.");
        foreach (YamlNode item in (node as YamlSequence)?.Items ?? [])
        {
            if (item is not YamlScalar { IsNull: false })
                _findings.Add(item.Line, "wrong-type", $"A requirement is {item.What} where a text is expected.", "Write for example 'scikit-learn>=1.2'.");
            else if (item is YamlScalar { Text: var text } && !RequirementText().IsMatch(text))
                _findings.Add(item.Line, "requirement", $"{FindingList.Quote(text)} is not a requirement.", "Write a name and versions, for example 'scikit-learn>=1.2,<2'; URLs, extras and markers are not supported.");
            else
                requirements.Add(((YamlScalar)item).Text);
        }

        return requirements;
    }

    private string? CsvFile(string key)
    {
        string remedy = $"Name a CSV file of the package, for example '{key}: {key}.csv'.";
        if (_top.Text(key, _top.Find(key), remedy) is not { } scalar)
            return null;
        if (!scalar.Text.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || Packages.PackagePath.Check(scalar.Text) is not null)
            _findings.Add(scalar.Line, key, $"'{key}' is {FindingList.Quote(scalar.Text)}.", remedy);
        return scalar.Text;
    }

    [GeneratedRegex(@"^ *[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])? *((==|!=|<=|>=|<|>|~=) *[0-9A-Za-z.*+!-]+ *(, *(==|!=|<=|>=|<|>|~=) *[0-9A-Za-z.*+!-]+ *)*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex RequirementText();
}
