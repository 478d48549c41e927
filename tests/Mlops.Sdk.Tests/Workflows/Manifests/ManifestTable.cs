namespace Mlops.Workflows.Manifests;

/// <summary>Manifests, good and bad, that every reader of them must take for the same.</summary>
internal static class ManifestTable
{
    private const string Head = "name: a\nversion: 1.0.0\nruntime: python\n";
    private const string Tail = "inputs: \"*\"\noutput: {classes: []}\n";

    public static IReadOnlyList<string> All { get; } =
    [
        SamplePackage.Manifest,
        Head + Tail,
        "",
        "# only a comment\n",
        "- a\n- b\n",
        "just text",
        "---\n" + Head + Tail,
        Head + Tail + "---\nname: b\n",
        "name: &x a\nversion: *x\n",
        "name: a\nversion: *x\n",
        "name: !!python/object:os.system a\n",
        "? [a]\n: b\n",
        "name: a\n\tversion: b\n",
        "name: [a\nversion: 1.0.0\n",
        "a: " + new string('[', 100),
        "name: Side Of Cut\nversion: 1.0\ninptus: \"*\"\ninputs:\n  - {name: a, type: numbr}\n  - {name: b, type: number}\n  - {name: b, type: number}\n  - c\nlabel: b\noutput: {classes: [left], fields: []}\nfill: sometimes\ntimeouts: {train: 30, predict: 0s, other: 1s}\nwindow: {size: 10, each: 5}\n",
        "name: x\nversion: 1.0.0\nruntime: python\ndescription: >-\n  folded\n  text\n\n  more\ninputs:\n- name: 'a b'\n  type: integer   # comment\n  unit: \"\\u00b5m\"\n- {name: b, type: boolean,\n   unit: mm}\noutput:\n  fields:\n  - name: score\n    type: number\nlabel: truth\n",
        "name: x\nversion: 1.0.0\nruntime: python\ninputs: '*'\noutput: {classes: [yes, no, 'it''s', \"a\\tb\"]}\ndescription: |\n  two\n  lines\nparameters:\n  a: 1\n  b: text with spaces\n    on two lines\n  c: [1]\n",
        .. Names("name:", "name: -a", "name: a_b", "name: a/b", "name: con", "name: com7.x", "name: [a]", "name: " + new string('a', 70), "name: \"quoted\"", "name: 7"),
        .. Tails(Head, "output: {classes: []}\n", "inputs: []", "inputs: all", "inputs: {a: number}", "inputs: [{type: number}]", "inputs: [{name: a}]", "inputs: [{name: ' ', type: number}]", "inputs: [{name: a, type: float}]",
            "inputs: [{name: a, type: number, typ: x}]", "inputs: [{name: a, type: number, unit: [mm]}]", "inputs: [{name: a, type: image}]", "inputs:", "inputs: [[a]]", "inputs: [{name: a, type: number, default: 0}, {name: b, type: number, default: 0.5}, {name: c, type: integer, default: 7}, {name: d, type: boolean, default: true}, {name: e, type: text, default: none yet}, {name: f, type: text, default: \"7\"}, {name: g, type: text, default: null}]",
            "inputs: [{name: a, type: number, default: high}]", "inputs: [{name: a, type: integer, default: 0.5}]", "inputs: [{name: a, type: boolean, default: 1}]", "inputs: [{name: a, type: text, default: 7}]", "inputs: [{name: a, type: number, default: [1]}]", "inputs: [{name: a, type: number, default: .nan}]",
            "fill: default\ninputs: [{name: a, type: number, default: 1}]", "fill: default\ninputs: [{name: a, type: number, default: 1}, {name: b, type: number}, {name: c, type: text}]", "fill: default\ninputs: '*'", "inputs: \"[*]\"",
            "window: {size: 4s}\ninputs: [{name: a, type: number}, {name: b, type: boolean}, {name: c, type: integer}]", "window: {size: 4s}\ninputs: [{name: a, type: number}, {name: b, type: text}]", "window: {size: 4s}\ninputs: [{name: b, type: image}]"),
        .. Tails(Head + "inputs: '*'\n", "", "output: left", "output: {}", "output: {classes: [a], fields: [{name: x, type: number}]}", "output: {classes: left}", "output: {classes: [a, [b]]}", "output: {classes: [a, a]}", "output: {fields: []}",
            "output: {fields: [{name: x, type: image}]}", "output: {fields: [{name: x, type: number}, {name: x, type: text}]}", "output: {klasses: [a], classes: [a]}", "output: {fields: [{name: x, type: text}]}", "output: {classes: ['']}"),
        .. Tails("name: a\nversion: 1.0.0\n", Tail, "runtime: pythn x", "runtime: [python, onnx]", "runtime: onnx", "runtime: Python"),
        .. Tails("name: a\nruntime: python\n", Tail, "version: 1", "version: 1.0", "version: 01.0.0", "version: 1.0.0-rc.1+build.7", "version: 1.0.0-01", "version: v1.0.0"),
        .. Tails(Head + Tail, "", "parameters: [a]", "parameters: {a: [1]}", "parameters: {a: .nan}", "parameters: {a: 1e999}", "parameters: {a: 99999999999999999999}", "parameters: {a: 1, a: 2}", "parameters: {'': 1}",
            "parameters: {trees: 100, rate: 0.1, big: 1e3, deep: true, kind: fast, quoted: \"7\", none: null}", "parameters:", "isolation: maybe", "isolation: 'true'", "isolation: true", "isolation: worker", "fill:", "fill: last", "fill: 'null'", "fill: skip",
            "timeouts: 2h", "timeouts: {train: 2}", "timeouts: {train: 2 weeks}", "timeouts: {train: -2h}", "timeouts: {train: 1.5h, predict: 500ms}", "timeouts: {train: [2h]}", "timeouts: {trian: 2h}",
            "requirements: requirements.txt", "requirements: [[a]]", "requirements: [numpy]", "requirements: ['scikit-learn>=1.2,<2', numpy ~= 1.24]", "requirements: ['git+https://x/y']", "requirements: ['a[b]>=1']", "requirements: ['numpy=1']",
            "golden: golden.parquet", "golden: cases.CSV", "sample: rows.csv", "sample: rows.txt", "name: again", "descripton: typo", "label: [a]", "label: side",
            "window:", "window: 4s", "window: {}", "window: {size: 4s}", "window: {size: 120 records}", "window: {size: 120, hop: 60records}", "window: {size: 4s, hop: 2s, step: 20ms, late: 500ms, gap: 1s, label: last}", "window: {size: 4s, label: whole}",
            "window: {size: [4s]}", "window: {size: four seconds}", "window: {size: 0}", "window: {size: 10001 records}", "window: {size: 99999999999}", "window: {size: 4s, hop: 60 records}", "window: {size: 120, hop: 2s}", "window: {size: 4s, hop: soon}",
            "window: {size: 4s, step: 30ms}", "window: {size: 1h, step: 1ms}", "window: {size: 10ms, step: 1s}", "window: {size: 120, step: 20ms, late: 1s}", "window: {size: 4s, late: 0s}", "window: {size: 4s, gap: never}", "window: {size: 4s, gap: [1s]}", "window: {size: 4s, label: first}",
            "window: {size: 4s, label: [last]}", "window: {size: 4s, slide: 2s}", "window: {size: 4.5, hop: 1}", "window: {size: 1.5 h}",
            "split: {}", "split: {kind: time, heldOut: 0.3}", "split: {kind: group, field: board, seed: 7}", "split:", "split: time", "split: {kind: newest}", "split: {kind: [time]}", "split: {heldOut: 1}", "split: {heldOut: 0}", "split: {heldOut: a fifth}", "split: {heldOut: [0.2]}",
            "split: {seed: 0.5}", "split: {seed: x}", "split: {kind: group}", "split: {kind: time, field: board}", "split: {by: time}", "split: {kind: group, field: [a]}", "split: {heldOut: .nan}", "split: {heldOut: true, seed: true}"),
    ];

    private static IEnumerable<string> Names(params string[] lines) => lines.Select(l => $"{l}\nversion: 1.0.0\nruntime: python\n{Tail}");

    private static IEnumerable<string> Tails(string before, string after, params string[] lines) => lines.Select(l => $"{before}{l}\n{after}");
}
