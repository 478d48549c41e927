namespace Mlops.Workflows;

/// <summary>What a workflow expects of an input.</summary>
public enum InputType
{
    /// <summary>Floating point; integers are converted.</summary>
    Number,

    /// <summary>Whole numbers; with nulls they arrive as floating point with NaN.</summary>
    Integer,

    /// <summary>Text.</summary>
    Text,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A picture; records name it, the code gets its samples as uint8.</summary>
    Image,
}
