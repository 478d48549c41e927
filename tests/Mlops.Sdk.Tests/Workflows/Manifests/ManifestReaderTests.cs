namespace Mlops.Workflows.Manifests;

public class ManifestReaderTests
{
    private const string Head = "name: a\nversion: 1.0.0\nruntime: python\n";
    private const string Tail = "inputs: \"*\"\noutput: {classes: []}\n";

    [Fact]
    public void Read_SmallestManifest_FillsDefaults()
    {
        WorkflowManifest manifest = Good(SamplePackage.Manifest);

        manifest.Name.ShouldBe("side-of-cut");
        manifest.Version.ShouldBe("1.0.0");
        manifest.Description.ShouldBe("Tells left from right.");
        manifest.Runtime.ShouldBe("python");
        manifest.Inputs.ShouldBe([new WorkflowInput("a", InputType.Number), new WorkflowInput("b", InputType.Number)]);
        manifest.Label.ShouldBe("side");
        manifest.Output.Classes.ShouldBe(["left", "right"]);
        manifest.Output.Fields.ShouldBeNull();
        manifest.Parameters.ShouldBeEmpty();
        manifest.Fill.ShouldBe(MissingValues.Last);
        manifest.Isolated.ShouldBeFalse();
        manifest.TrainTimeout.ShouldBe(TimeSpan.FromHours(24));
        manifest.PredictTimeout.ShouldBe(TimeSpan.FromSeconds(30));
        manifest.Golden.ShouldBeNull();
    }

    [Fact]
    public void Read_EveryKey_IsTaken()
    {
        WorkflowManifest manifest = Good("""
            name: pcb-quality
            version: 2.0.0-beta.1
            runtime: onnx
            inputs:
              - {name: Pad.Height, type: integer, unit: µm}
              - {name: serial, type: text}
              - {name: ok, type: boolean}
              - {name: frame, type: image}
            output:
              fields:
                - name: score
                  type: number
                  unit: '%'
                - {name: reason, type: text}
            parameters: {trees: 100, rate: 0.1, big: 1e3, hex: 0x10, deep: true, kind: fast, quoted: "7", none: null}
            fill: skip
            isolation: worker
            timeouts: {train: 2h, predict: 500ms}
            requirements: [scikit-learn>=1.2]
            golden: tests/golden.csv
            """);

        manifest.Inputs!.Select(i => i.Type).ShouldBe([InputType.Integer, InputType.Text, InputType.Boolean, InputType.Image]);
        manifest.Inputs![0].Unit.ShouldBe("µm");
        manifest.Label.ShouldBeNull();
        manifest.Output.Classes.ShouldBeNull();
        manifest.Output.Fields.ShouldBe([new WorkflowInput("score", InputType.Number, "%"), new WorkflowInput("reason", InputType.Text)]);
        manifest.Parameters.ShouldBe(new Dictionary<string, object?>
        {
            ["trees"] = 100L,
            ["rate"] = 0.1,
            ["big"] = 1000.0,
            ["hex"] = 16L,
            ["deep"] = true,
            ["kind"] = "fast",
            ["quoted"] = "7",
            ["none"] = null,
        });
        manifest.Fill.ShouldBe(MissingValues.Skip);
        manifest.Isolated.ShouldBeTrue();
        manifest.TrainTimeout.ShouldBe(TimeSpan.FromHours(2));
        manifest.PredictTimeout.ShouldBe(TimeSpan.FromMilliseconds(500));
        manifest.Golden.ShouldBe("tests/golden.csv");
    }

    [Fact]
    public void Read_Star_MeansEveryColumn() => Good(Head + Tail).Inputs.ShouldBeNull();

    [Theory]
    [InlineData("last", MissingValues.Last)]
    [InlineData("null", MissingValues.Null)]
    [InlineData("'null'", MissingValues.Null)]
    [InlineData("skip", MissingValues.Skip)]
    public void Read_Fill_IsTaken(string text, MissingValues expected) => Good($"{Head}{Tail}fill: {text}\n").Fill.ShouldBe(expected);

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("1.5h", 5400)]
    [InlineData("30 m", 1800)]
    [InlineData("2min", 120)]
    [InlineData("1d", 86400)]
    public void Read_Duration_IsTaken(string text, double seconds) =>
        Good($"{Head}{Tail}timeouts: {{train: {text}}}\n").TrainTimeout.ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Read_ManyFaults_AreToldAtOnceWithTheirLines()
    {
        IReadOnlyList<Finding> findings = Bad("""
            name: Side Of Cut
            version: 1.0
            inptus: "*"
            inputs:
              - {name: a, type: numbr}
              - {name: b, type: number}
              - {name: b, type: number}
              - c
            label: b
            output: {classes: [left], fields: []}
            fill: sometimes
            timeouts: {train: 30, predict: 0s, other: 1s}
            window: {size: 10, each: 5}
            """);

        findings.Select(f => (f.Line, f.Rule)).ShouldBe(
        [
            (1, "required-key"),
            (1, "name"),
            (2, "version"),
            (3, "unknown-key"),
            (5, "input-type"),
            (7, "duplicate-input"),
            (8, "wrong-type"),
            (9, "label-is-input"),
            (10, "output"),
            (10, "wrong-type"),
            (11, "fill"),
            (12, "unknown-key"),
            (12, "duration"),
            (12, "duration"),
            (13, "unknown-key"),
        ], ignoreOrder: true);
        findings.Select(f => f.Line).ShouldBeInOrder();
        findings.ShouldAllBe(f => f.File == "workflow.yaml" && f.Problem.Length > 0 && f.Remedy.Length > 0);
        findings.Single(f => f.Line == 3).Remedy.ShouldStartWith("Did you mean 'inputs'?");
        findings.Single(f => f.Line == 5).Remedy.ShouldContain("'number'");
        findings.Single(f => f.Line == 13).Remedy.ShouldContain("Known: size, hop, step, late, gap, label.");
        findings.Single(f => f.Line == 2).ToString().ShouldBe("workflow.yaml:2: version: '1.0' is not a semantic version. Write major.minor.patch, for example 1.0.0 or 1.1.0-beta.1.");
    }

    [Theory]
    [InlineData("", 1, "yaml-empty")]
    [InlineData("# only a comment\n", 1, "yaml-empty")]
    [InlineData("- a\n- b\n", 1, "wrong-type")]
    [InlineData("just text", 1, "wrong-type")]
    [InlineData("name: a\n\tversion: b\n", 2, "yaml-syntax")]
    [InlineData("name: [a\nversion: 1.0.0\n", 2, "yaml-syntax")]
    [InlineData("name: a\n---\nname: b\n", 2, "yaml-documents")]
    [InlineData("name: &x a\nversion: *x\n", 1, "yaml-alias")]
    [InlineData("name: a\nversion: *x\n", 2, "yaml-alias")]
    [InlineData("name: !!python/object:os.system a\n", 1, "yaml-tag")]
    [InlineData("? [a]\n: b\n", 1, "yaml-key")]
    public void Read_NotAManifest_SaysWhere(string text, int line, string rule)
    {
        Finding finding = Bad(text).ShouldHaveSingleItem();
        (finding.Line, finding.Rule).ShouldBe((line, rule), finding.ToString());
    }

    [Theory]
    [InlineData("name:", 1, "required-key")]
    [InlineData("name: -a", 1, "name")]
    [InlineData("name: a_b", 1, "name")]
    [InlineData("name: a/b", 1, "name")]
    [InlineData("name: con", 1, "name")]
    [InlineData("name: [a]", 1, "wrong-type")]
    [InlineData("name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1, "name")]
    public void Read_Name_IsChecked(string line, int at, string rule) => ShouldFind($"{line}\nversion: 1.0.0\nruntime: python\n{Tail}", at, rule);

    [Theory]
    [InlineData("inputs: []", "inputs")]
    [InlineData("inputs: all", "inputs")]
    [InlineData("inputs: {a: number}", "inputs")]
    [InlineData("inputs: [{type: number}]", "required-key")]
    [InlineData("inputs: [{name: a}]", "required-key")]
    [InlineData("inputs: [{name: ' ', type: number}]", "input-name")]
    [InlineData("inputs: [{name: a, type: float}]", "input-type")]
    [InlineData("inputs: [{name: a, type: number, typ: x}]", "unknown-key")]
    [InlineData("inputs: [{name: a, type: number, unit: [mm]}]", "wrong-type")]
    public void Read_Inputs_AreChecked(string line, string rule) => ShouldFind($"{Head}{line}\noutput: {{classes: []}}\n", 4, rule);

    [Theory]
    [InlineData("output: left", "output")]
    [InlineData("output: {}", "output")]
    [InlineData("output: {classes: [a], fields: [{name: x, type: number}]}", "output")]
    [InlineData("output: {classes: left}", "wrong-type")]
    [InlineData("output: {classes: [a, [b]]}", "wrong-type")]
    [InlineData("output: {classes: [a, a]}", "duplicate-class")]
    [InlineData("output: {fields: []}", "wrong-type")]
    [InlineData("output: {fields: [{name: x, type: image}]}", "field-type")]
    [InlineData("output: {fields: [{name: x, type: number}, {name: x, type: text}]}", "duplicate-field")]
    [InlineData("output: {klasses: [a], classes: [a]}", "unknown-key")]
    public void Read_Output_IsChecked(string line, string rule) => ShouldFind($"{Head}inputs: '*'\n{line}\n", 5, rule);

    [Theory]
    [InlineData("runtime: pythn x", "runtime")]
    [InlineData("runtime: [python, onnx]", "wrong-type")]
    public void Read_Runtime_IsChecked(string line, string rule) => ShouldFind($"name: a\nversion: 1.0.0\n{line}\n{Tail}", 3, rule);

    [Theory]
    [InlineData("parameters: [a]", "wrong-type")]
    [InlineData("parameters: {a: [1]}", "parameter")]
    [InlineData("parameters: {a: .nan}", "parameter")]
    [InlineData("parameters: {a: 1e999}", "parameter")]
    [InlineData("parameters: {a: 99999999999999999999}", "parameter")]
    [InlineData("parameters: {a: 1, a: 2}", "duplicate-key")]
    [InlineData("parameters: {'': 1}", "parameter")]
    [InlineData("isolation: maybe", "isolation")]
    [InlineData("isolation: 'true'", "isolation")]
    [InlineData("fill:", "fill")]
    [InlineData("timeouts: 2h", "wrong-type")]
    [InlineData("timeouts: {train: 2}", "duration")]
    [InlineData("timeouts: {train: 2 weeks}", "duration")]
    [InlineData("timeouts: {train: -2h}", "duration")]
    [InlineData("timeouts: {train: 31d}", "duration")]
    [InlineData("timeouts: {train: 9999999999999999999999h}", "duration")]
    [InlineData("timeouts: {train: [2h]}", "wrong-type")]
    [InlineData("requirements: requirements.txt", "wrong-type")]
    [InlineData("requirements: [[a]]", "wrong-type")]
    [InlineData("golden: ../golden.csv", "golden")]
    [InlineData("golden: golden.parquet", "golden")]
    [InlineData("window: 4s", "wrong-type")]
    [InlineData("window: {hop: 2s}", "required-key")]
    [InlineData("window: {size: four seconds}", "window-extent")]
    [InlineData("window: {size: 0 records}", "window-rows")]
    [InlineData("window: {size: 10001 records}", "window-rows")]
    [InlineData("window: {size: 4s, hop: 60 records}", "window-hop")]
    [InlineData("window: {size: 4s, step: 30ms}", "window-step")]
    [InlineData("window: {size: 1h, step: 1ms}", "window-rows")]
    [InlineData("window: {size: 120, step: 20ms}", "window-step")]
    [InlineData("window: {size: 120, late: 1s}", "window-late")]
    [InlineData("window: {size: 4s, gap: never}", "duration")]
    [InlineData("window: {size: 4s, label: first}", "window-label")]
    [InlineData("name: again", "duplicate-key")]
    [InlineData("descripton: typo", "unknown-key")]
    public void Read_MoreKeys_AreChecked(string line, string rule) => ShouldFind($"{Head}{Tail}{line}\n", 6, rule);

    [Theory]
    [InlineData("{size: 4s}", 128, 4.0, 4.0, 0, 0.0, null, WindowLabel.Majority)]
    [InlineData("{size: 4s, hop: 2s, step: 20ms, late: 500ms, gap: 1s, label: last}", 200, 4.0, 2.0, 0, 0.5, 1.0, WindowLabel.Last)]
    [InlineData("{size: 120 records, hop: 60, label: whole}", 120, null, null, 60, 0.0, null, WindowLabel.Whole)]
    [InlineData("{size: 120}", 120, null, null, 120, 0.0, null, WindowLabel.Majority)]
    public void Read_Window_IsTakenWithItsDefaults(string window, int rows, double? size, double? hop, int hopRows, double late, double? gap, WindowLabel label) =>
        ManifestReader.Read($"{Head}{Tail}window: {window}\n").Manifest!.Window.ShouldBe(new WorkflowWindow
        {
            Rows = rows,
            Size = Seconds(size),
            Hop = Seconds(hop),
            HopRows = hopRows,
            Late = TimeSpan.FromSeconds(late),
            Gap = Seconds(gap),
            Label = label,
        });

    [Fact]
    public void Read_WindowOverTexts_IsRefused() => Bad("name: a\nversion: 1.0.0\nruntime: python\noutput: {classes: []}\ninputs: [{name: a, type: text}]\nwindow: {size: 4s}\n").ShouldHaveSingleItem().Rule.ShouldBe("window-input");

    [Fact]
    public void Read_AliasBomb_CostsNothing()
    {
        string bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{(char)('b' + i)}: &{(char)('b' + i)} [*{(char)('a' + i)},*{(char)('a' + i)},*{(char)('a' + i)}]\n"));
        Bad(bomb).ShouldHaveSingleItem().Rule.ShouldBe("yaml-alias");
    }

    [Fact]
    public void Read_DeepNesting_IsRefused() => Bad("a: " + new string('[', 10_000)).ShouldHaveSingleItem().Rule.ShouldBe("yaml-depth");

    [Fact]
    public void Read_ManyNodes_AreRefused() => Bad("a: [" + string.Join(',', Enumerable.Repeat("1", 150_000)) + "]").ShouldHaveSingleItem().Rule.ShouldBe("yaml-size");

    [Fact]
    public void Read_HugeText_IsRefused() => Bad("a: " + new string('x', YamlTree.MaxLength)).ShouldHaveSingleItem().Rule.ShouldBe("yaml-size");

    [Fact]
    public void Read_HostileName_DoesNotSwellTheMessage()
    {
        Finding finding = Bad($"{Head}{Tail}{new string('x', 900)}: 1\n").ShouldHaveSingleItem();
        finding.ToString().Length.ShouldBeLessThan(500);
    }

    [Fact]
    public void Read_MutatedText_GivesManifestOrFindingsAndNeverThrows()
    {
        const string alphabet = "abz019 \t\n\r:,-[]{}\"'#&*!|>%@`~?.\\\0\u0085\u2028\uFEFFäß😀/";
        var random = new Random(20240607);
        int refused = 0;
        for (int round = 0; round < 3000; round++)
        {
            var text = new System.Text.StringBuilder(SamplePackage.Manifest);
            for (int edits = random.Next(1, 8); edits > 0; edits--)
            {
                int at = random.Next(text.Length);
                if (random.Next(3) == 0)
                    text.Remove(at, random.Next(1, Math.Min(10, text.Length - at)));
                else
                    text.Insert(at, alphabet[random.Next(alphabet.Length)]);
            }

            ManifestReading reading = ManifestReader.Read(text.ToString());
            (reading.Manifest is null).ShouldBe(reading.Findings.Count > 0, text.ToString());
            refused += reading.Manifest is null ? 1 : 0;
        }

        refused.ShouldBeInRange(1, 2999);
    }

    private static WorkflowManifest Good(string text)
    {
        ManifestReading reading = ManifestReader.Read(text);
        reading.Findings.ShouldBeEmpty();
        return reading.Manifest.ShouldNotBeNull();
    }

    private static IReadOnlyList<Finding> Bad(string text)
    {
        ManifestReading reading = ManifestReader.Read(text);
        reading.Manifest.ShouldBeNull();
        reading.Findings.ShouldAllBe(f => f.File == "workflow.yaml" && (f.Line > 0 || f.Rule == "yaml-size") && f.Problem.Length > 0 && f.Remedy.Length > 0);
        return reading.Findings;
    }

    private static void ShouldFind(string text, int line, string rule)
    {
        IReadOnlyList<Finding> findings = Bad(text);
        findings.Select(f => (f.Line, f.Rule)).ShouldContain((line, rule), string.Join('\n', findings));
        findings.Count.ShouldBeLessThanOrEqualTo(2, string.Join('\n', findings));
    }

    private static TimeSpan? Seconds(double? seconds) => seconds is { } s ? TimeSpan.FromSeconds(s) : null;
}
