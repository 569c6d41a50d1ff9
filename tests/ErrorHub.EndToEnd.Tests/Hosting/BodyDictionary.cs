namespace ErrorHub.EndToEnd.Tests.Hosting;

/// <summary>What the program compresses the bodies of events with. It is part of the format on disk; frames without it are read with it, too.</summary>
internal static class BodyDictionary
{
    internal static readonly byte[] Bytes = Load();

    private static byte[] Load()
    {
        using var stream = typeof(BodyDictionary).Assembly.GetManifestResourceStream("bodies-1.zdict")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
