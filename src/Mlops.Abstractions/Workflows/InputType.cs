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

    /// <summary>An image, by reference to a blob.</summary>
    Image,
}
