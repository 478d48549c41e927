using System.Collections.Frozen;

namespace Mlops.Store.Queries;

/// <summary>
/// What a filter may use beside fields and constants: functions of their arguments alone. Nothing that reads files or settings, tells
/// the time, rolls dice, or makes a large value from a small one.
/// </summary>
internal static class FilterFunctions
{
    /// <summary>Functions as they are written, for the message that lists them.</summary>
    public static readonly IReadOnlyList<string> Named = [
        "abs", "acos", "asin", "atan", "atan2", "bit_count", "cbrt", "ceil", "ceiling", "contains", "cos", "cot", "date_diff", "date_part",
        "date_sub", "date_trunc", "day", "dayofweek", "dayofyear", "degrees", "ends_with", "epoch", "epoch_ms", "epoch_ns", "epoch_us", "even", "exp",
        "floor", "greatest", "hour", "ifnull", "instr", "isfinite", "isinf", "isnan", "isodow", "isoyear", "least", "left", "length", "ln", "log", "log10",
        "log2", "lower", "ltrim", "make_timestamp_ns", "microsecond", "millisecond", "minute", "mod", "month", "nullif", "pi", "position", "pow", "power", "prefix", "quarter", "radians",
        "regexp_full_match", "regexp_matches", "right", "round", "rtrim", "second", "sign", "signbit", "sin", "sqrt", "starts_with",
        "strlen", "strpos", "substr", "substring", "suffix", "tan", "trim", "trunc", "upper", "week", "weekday", "weekofyear", "year",
    ];

    /// <summary>What the parser makes of operators.</summary>
    private static readonly string[] Operators = [
        "+", "-", "*", "/", "//", "%", "**", "^", "&", "|", "<<", ">>", "~", "xor", "||", "!",
        "~~", "!~~", "~~*", "!~~*", "~~~", "like_escape", "not_like_escape", "ilike_escape", "not_ilike_escape",
        "to_years", "to_months", "to_days", "to_hours", "to_minutes", "to_seconds", "to_milliseconds", "to_microseconds", "to_weeks",
        "datepart", "datetrunc", "datediff", "datesub", "constant_or_null",
    ];

    public static readonly FrozenSet<string> Allowed = Named.Concat(Operators).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>What the syntax tree calls operators that are no functions.</summary>
    public static readonly FrozenSet<string> AllowedOperators = new[]
    {
        "OPERATOR_NOT", "OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL", "COMPARE_IN", "COMPARE_NOT_IN", "OPERATOR_COALESCE", "OPERATOR_NULLIF",
    }.ToFrozenSet(StringComparer.Ordinal);
}
