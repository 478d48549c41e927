namespace Mlops.Workflows.Manifests;

/// <summary>A node of a YAML document with the line it starts on, from 1.</summary>
internal abstract record YamlNode(int Line)
{
    /// <summary>Gets what the node is, for messages.</summary>
    public abstract string What { get; }
}

/// <summary>A scalar. Plain ones have the type that YAML's core schema gives their text, quoted ones are text.</summary>
internal sealed record YamlScalar(int Line, string Text, bool Quoted) : YamlNode(Line)
{
    public bool IsNull => !Quoted && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string What => IsNull ? "nothing" : FindingList.Quote(Text);
}

/// <summary>A list.</summary>
internal sealed record YamlSequence(int Line, IReadOnlyList<YamlNode> Items) : YamlNode(Line)
{
    public override string What => "a list";
}

/// <summary>Keys with values, in the order of the file, duplicates included.</summary>
internal sealed record YamlMapping(int Line, IReadOnlyList<(YamlScalar Key, YamlNode Value)> Entries) : YamlNode(Line)
{
    public override string What => "a mapping";
}
