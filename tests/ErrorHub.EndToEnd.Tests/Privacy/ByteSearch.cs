using System.Text;
using System.Text.RegularExpressions;
using ErrorHub.EndToEnd.Tests.Hosting;
using ZstdSharp;

namespace ErrorHub.EndToEnd.Tests.Privacy;

/// <summary>Looks for secrets in bytes, whatever they are, and in what zstd frames among them hold.</summary>
public sealed partial class ByteSearch
{
    private const int LargestFrame = 16 * 1024 * 1024;

    private static readonly byte[] Magic = [0x28, 0xB5, 0x2F, 0xFD];

    private static readonly IReadOnlyList<byte[]> Marker = Canary.NeedlesOf(CanaryEvent.Marker);

    private readonly SortedSet<string> _leaks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _markers = [];

    /// <summary>What was found, and where.</summary>
    public IReadOnlyCollection<string> Leaks => _leaks;

    /// <summary>In how many pieces of a place the marker was: a search that cannot see would not have found it either.</summary>
    public int MarkersIn(string place) => _markers.GetValueOrDefault(place);

    /// <summary>Searches a text.</summary>
    public void Look(string place, string text) => Look(place, Encoding.UTF8.GetBytes(text));

    /// <summary>Searches bytes.</summary>
    public void Look(string place, ReadOnlySpan<byte> bytes)
    {
        LookAt(place, bytes);
        for (var at = bytes.IndexOf(Magic); at >= 0 && at < bytes.Length;)
        {
            if (Inflate(bytes[at..]) is { } inner)
                LookAt($"{place}, inflated", inner);

            var next = bytes[(at + Magic.Length)..].IndexOf(Magic);
            at = next < 0 ? -1 : at + Magic.Length + next;
        }
    }

    /// <summary>Searches the text of a dump, in which bytes are hex.</summary>
    public void LookInDump(string place, string dump)
    {
        LookAt(place, Encoding.UTF8.GetBytes(dump));
        foreach (Match match in Hex().Matches(dump))
            Look(place, Convert.FromHexString(match.Groups[1].ValueSpan));
    }

    /// <summary>Searches every file below a folder; those that are being written, too.</summary>
    public void LookInFiles(string place, string folder)
    {
        // A lock file is empty, and nobody else may open it.
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(p => new FileInfo(p).Length > 0))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            file.CopyTo(copy);
            Look(place, copy.GetBuffer().AsSpan(0, (int)copy.Length));
        }
    }

    private void LookAt(string place, ReadOnlySpan<byte> bytes)
    {
        foreach (var canary in Canary.All)
            foreach (var needle in canary.Needles)
                if (bytes.IndexOf(needle) is >= 0 and var at)
                    _leaks.Add($"{place}: {canary.Secret} in …{Around(bytes, at)}…");

        foreach (var needle in Marker)
            if (bytes.IndexOf(needle) >= 0)
            {
                _markers[place] = _markers.GetValueOrDefault(place) + 1;
                return;
            }
    }

    private static string Around(ReadOnlySpan<byte> bytes, int at)
    {
        var from = Math.Max(0, at - 80);
        return Encoding.Latin1.GetString(bytes[from..Math.Min(bytes.Length, at + 40)]);
    }

    // What begins like a frame may be something else, and what is behind it is not ours to know.
    private static byte[]? Inflate(ReadOnlySpan<byte> bytes)
    {
        try
        {
            using var from = new MemoryStream(bytes.ToArray());
            using var inflating = new DecompressionStream(from);
            inflating.LoadDictionary(BodyDictionary.Bytes);
            using var to = new MemoryStream();
            var buffer = new byte[64 * 1024];
            while (to.Length < LargestFrame && inflating.Read(buffer) is > 0 and var read)
                to.Write(buffer.AsSpan(0, read));

            return to.ToArray();
        }
        catch (Exception e) when (e is ZstdException or EndOfStreamException or IOException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\\\\x((?:[0-9a-f]{2})+)")]
    private static partial Regex Hex();
}
