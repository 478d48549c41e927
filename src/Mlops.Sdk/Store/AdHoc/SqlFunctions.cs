using System.Collections.Frozen;
using Mlops.Store.Queries;

namespace Mlops.Store.AdHoc;

/// <summary>
/// What people's SQL may call. A list of the allowed, not of the forbidden: what a later engine adds stays out until somebody has
/// looked at it. Left out is what reads files, settings or the catalog, what sleeps, and what takes memory that the engine's limit does
/// not count: texts and lists that grow from small ones, and aggregates that keep every value on the side (median, quantile, mode, histogram).
/// </summary>
internal static class SqlFunctions
{
    private static readonly string[] Scalars = [
        "acosh", "add", "age", "array_contains", "array_distance", "array_extract", "array_has", "array_length", "array_position", "ascii", "asinh", "atanh", "bit_length",
        "century", "char_length", "character_length", "chr", "concat", "cosh", "current_date", "current_localtime", "current_localtimestamp", "current_timestamp",
        "damerau_levenshtein", "date_add", "date_diff", "date_part", "date_sub", "date_trunc", "dayname", "dayofmonth", "decade", "divide", "element_at", "epoch", "era", "factorial",
        "fdiv", "fmod", "gamma", "gcd", "get_current_timestamp", "hamming", "hash", "jaccard", "jaro_similarity",
        "jaro_winkler_similarity", "json_array_length", "json_extract", "json_extract_string", "json_type", "json_valid", "json_exists", "->>", "julian", "last_day", "lcase", "lcm", "len",
        "levenshtein", "lgamma", "list_avg", "list_contains", "list_count", "list_element", "list_extract", "list_first", "list_has", "list_last", "list_max", "list_min",
        "list_position", "list_sum", "list_value", "make_date", "make_time", "make_timestamp", "make_timestamp_ms", "md5", "millennium", "monthname", "multiply", "nanosecond", "nextafter", "now",
        "octet_length", "ord", "random", "regexp_extract", "reverse", "round_even", "row", "sha256", "sinh", "split_part", "strftime", "strip_accents", "strptime", "struct_extract", "struct_pack",
        "subtract", "tanh", "time_bucket", "timezone", "to_timestamp", "today", "translate", "try_strptime", "typeof", "ucase", "unicode", "unnest", "xor", "yearweek", "array_value",
        "array_slice", "list_slice", "@", "!__postfix", "<->", "&&", "@>", "<@", "^@",
    ];

    private static readonly string[] Aggregates = [
        "any_value", "approx_count_distinct", "arbitrary", "arg_max", "arg_max_null", "arg_min", "arg_min_null", "argmax", "argmin", "array_agg", "avg", "bit_and", "bit_or", "bit_xor",
        "bool_and", "bool_or", "corr", "count", "count_if", "count_star", "countif", "covar_pop", "covar_samp", "favg", "first", "fsum", "group_concat", "kahan_sum", "kurtosis",
        "last", "list", "listagg", "max", "max_by", "mean", "min", "min_by", "product", "regr_avgx", "regr_avgy", "regr_count", "regr_intercept", "regr_r2", "regr_slope", "regr_sxx", "regr_sxy",
        "regr_syy", "sem", "skewness", "stddev", "stddev_pop", "stddev_samp", "string_agg", "sum", "sumkahan", "var_pop", "var_samp", "variance", "wavg", "weighted_avg", "geomean",
    ];

    private static readonly string[] Windows = [
        "cume_dist", "dense_rank", "fill", "first_value", "lag", "last_value", "lead", "nth_value", "ntile", "percent_rank", "rank", "rank_dense", "row_number",
    ];

    /// <summary>Functions of values and rows.</summary>
    public static readonly FrozenSet<string> Allowed = FilterFunctions.Allowed.Concat(Scalars).Concat(Aggregates).Concat(Windows).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Functions that give rows.</summary>
    public static readonly FrozenSet<string> AllowedTables = new[] { "range", "generate_series", "unnest" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Functions that join values to larger ones. Each may double a value that another made, so a statement may name few.</summary>
    public static readonly FrozenSet<string> Joining = new[] { "||", "concat", "list_value", "array_value", "row", "struct_pack", "strftime" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
