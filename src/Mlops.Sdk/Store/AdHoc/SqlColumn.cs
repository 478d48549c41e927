using Mlops.Data;

namespace Mlops.Store.AdHoc;

/// <summary>A column of a result.</summary>
/// <param name="Name">Its name; a second column of a name has a number behind it.</param>
/// <param name="Type">How its values are given. Dates, decimals beyond double, intervals and nested values are text, the last as JSON.</param>
public sealed record SqlColumn(string Name, FieldType Type);
