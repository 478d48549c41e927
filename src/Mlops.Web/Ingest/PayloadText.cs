using System.Text;

namespace Mlops.Web.Ingest;

/// <summary>Payloads for people: as text, or in base64 when they are none.</summary>
internal static class PayloadText
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static (string? Text, string? Base64) Of(ReadOnlySpan<byte> payload, bool isWhole)
    {
        // What was cut may end within a character.
        for (int cut = 0; cut <= (isWhole ? 0 : Math.Min(3, payload.Length)); cut++)
        {
            try
            {
                return (Strict.GetString(payload[..^cut]), null);
            }
            catch (DecoderFallbackException)
            {
                // Not text, or one byte less is.
            }
        }

        return (null, Convert.ToBase64String(payload));
    }
}
