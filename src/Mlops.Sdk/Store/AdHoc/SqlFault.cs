namespace Mlops.Store.AdHoc;

/// <summary>Why a statement has no result.</summary>
public enum SqlFault
{
    /// <summary>It is no SELECT, cannot be parsed, names what does not exist, or its types do not fit.</summary>
    Wrong,

    /// <summary>It asks for something that is not offered: files, settings, other functions than the known.</summary>
    Refused,

    /// <summary>It failed on a record, for example in a CAST.</summary>
    Failed,

    /// <summary>It needs more memory, disk or time than allowed.</summary>
    Limit,
}
