using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Mlops.Workflows.Manifests;

/// <summary>
/// Reads a YAML document into nodes with positions. Nothing in it can grow: anchors, aliases and tags are refused, and size,
/// depth and number of nodes are bounded, so a hostile document costs no more than its own length.
/// </summary>
internal sealed class YamlTree
{
    public const int MaxLength = 1024 * 1024;
    private const int MaxDepth = 16;
    private const int MaxNodes = 100_000;
    private const string SyntaxRemedy = "Correct the line or the one before; indentation is by blanks, and text with ': ' or a leading '*' needs quotes.";
    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly FindingList _findings;
    private int _nodes;

    private YamlTree(string text, FindingList findings)
    {
        _scanner = new Scanner(new StringReader(text));
        _parser = new Parser(_scanner);
        _findings = findings;
    }

    /// <summary>Reads the one document of a text.</summary>
    /// <returns>Its root; <see langword="null"/> when it cannot be read, then a finding says why.</returns>
    public static YamlNode? Read(string text, FindingList findings)
    {
        if (text.Length > MaxLength)
        {
            findings.Add(null, "yaml-size", $"The file has {text.Length} characters, more than {MaxLength}.", "Shorten it; data belongs into other files of the package.");
            return null;
        }

        var tree = new YamlTree(text, findings);
        try
        {
            return tree.Document();
        }
        catch (Refused e)
        {
            findings.Add(e.Line, e.Rule, e.Message, e.Remedy);
            return null;
        }
        catch (YamlException e)
        {
            findings.Add(Line(e.End), "yaml-syntax", $"This is not YAML: {e.Message.TrimEnd('.')}.", SyntaxRemedy);
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // On some broken texts the scanner fails by other exceptions than its own (InvalidOperationException from plain scalars).
            findings.Add(Line(tree._scanner.CurrentPosition), "yaml-syntax", "This is not YAML.", SyntaxRemedy);
            return null;
        }
    }

    private YamlNode? Document()
    {
        Next<StreamStart>();
        if (!_parser.MoveNext() || _parser.Current is StreamEnd)
        {
            _findings.Add(1, "yaml-empty", "The file is empty.", "Write at least name, version, runtime, inputs and output.");
            return null;
        }

        _parser.MoveNext();
        YamlNode root = Node(0);
        Next<DocumentEnd>();
        if (_parser.MoveNext() && _parser.Current is DocumentStart second)
            throw new Refused(second.Start, "yaml-documents", "A second document begins here.", "Keep one document a file; remove '---'.");
        return root;
    }

    private void Next<T>()
        where T : ParsingEvent
    {
        if (!_parser.MoveNext() || _parser.Current is not T)
            throw new Refused(_parser.Current?.Start ?? Mark.Empty, "yaml-syntax", "The document is not complete.", "Correct the line.");
    }

    /// <summary>Reads the node that begins at the current event; leaves the parser on its last one.</summary>
    private YamlNode Node(int depth)
    {
        ParsingEvent start = _parser.Current!;
        int line = Line(start.Start);
        if (depth > MaxDepth)
            throw new Refused(start.Start, "yaml-depth", $"The document is nested more than {MaxDepth} deep.", "A manifest needs 4 levels.");
        if (++_nodes > MaxNodes)
            throw new Refused(start.Start, "yaml-size", $"The document has more than {MaxNodes} values.", "Shorten it; data belongs into other files of the package.");
        if (start is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
            throw new Refused(start.Start, "yaml-alias", "Anchors (&) and aliases (*) are not supported.", "Write the value out, and text that begins with '*' or '&' in quotes.");
        if (start is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } tag })
            throw new Refused(start.Start, "yaml-tag", $"Tags such as {FindingList.Quote(tag.Value)} are not supported.", "Remove the tag.");

        switch (start)
        {
            case Scalar scalar:
                return new YamlScalar(line, scalar.Value, scalar.Style != ScalarStyle.Plain);
            case SequenceStart:
                var items = new List<YamlNode>();
                while (_parser.MoveNext() && _parser.Current is not SequenceEnd)
                    items.Add(Node(depth + 1));
                return new YamlSequence(line, items);
            case MappingStart:
                var entries = new List<(YamlScalar, YamlNode)>();
                while (_parser.MoveNext() && _parser.Current is not MappingEnd)
                {
                    Mark at = _parser.Current!.Start;
                    if (Node(depth + 1) is not YamlScalar key)
                        throw new Refused(at, "yaml-key", "A key is a list or a mapping.", "Keys are plain names.");
                    _parser.MoveNext();
                    entries.Add((key, Node(depth + 1)));
                }

                return new YamlMapping(line, entries);
            default:
                throw new Refused(start.Start, "yaml-syntax", "The document is not complete.", "Correct the line.");
        }
    }

    private static int Line(Mark mark) => (int)Math.Max(1, mark.Line);

    private sealed class Refused(Mark at, string rule, string problem, string remedy) : Exception(problem)
    {
        public int Line { get; } = Line(at);

        public string Rule { get; } = rule;

        public string Remedy { get; } = remedy;
    }
}
