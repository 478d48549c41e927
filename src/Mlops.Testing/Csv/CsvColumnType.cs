namespace Mlops.Testing.Csv;

/// <summary>What all values of a column are.</summary>
public enum CsvColumnType
{
    /// <summary>Anything, and also digits with leading zeros: they are names, not numbers.</summary>
    Text,

    /// <summary>Whole numbers of 64 bits.</summary>
    Integer,

    /// <summary>Numbers with a decimal point or an exponent, perhaps beside whole ones.</summary>
    Decimal,

    /// <summary><c>true</c> and <c>false</c> in any case.</summary>
    Boolean,
}
