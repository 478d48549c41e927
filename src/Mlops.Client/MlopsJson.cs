using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Mlops.Client;

/// <summary>How contracts are written as JSON: camel case, nothing for <see langword="null"/>, times in UTC where they have no offset.</summary>
public static class MlopsJson
{
    // Quotes and umlauts stay readable; what is answered is never part of a page.
    private static readonly ContractJson Context = new(new JsonSerializerOptions(ContractJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Gets the options with which client and node read and write; source-generated, so that they need no reflection.</summary>
    public static JsonSerializerOptions Options => Context.Options;

    /// <summary>Returns what is known of the JSON of a contract.</summary>
    /// <typeparam name="T">A contract, or a read-only list of contracts.</typeparam>
    /// <returns>The metadata.</returns>
    /// <exception cref="NotSupportedException">The type is none of these.</exception>
    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
}
