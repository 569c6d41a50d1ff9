using ErrorHub.Protocol.Envelopes;

namespace ErrorHub.Fuzz.Targets;

/// <summary>
/// A body of the store endpoint: JSON, base64, zlib inside base64, or a form field with one of these. What comes out is the event
/// target's.
/// </summary>
internal static class StoreTarget
{
    // Small, so that the fuzzer meets the limit as often as what is below it.
    private const int MaxBytes = 16 * 1024;

    /// <summary>Runs the bytes; false when there is no JSON to be found in them.</summary>
    internal static bool Run(byte[] body)
    {
        if (!StoreBody.TryDecode(body, MaxBytes, out var json, out var error))
        {
            Promise.Holds(error.Detail.Length > 0, "a refusal says why");
            return false;
        }

        Promise.Holds(json.Length is > 0 and <= MaxBytes, "what is inflated keeps to the limit");
        return true;
    }
}
