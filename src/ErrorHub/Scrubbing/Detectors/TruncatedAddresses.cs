using System.Net;
using System.Net.Sockets;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>IP addresses of which the network stays: 24 bits of IPv4, 48 of IPv6, the usual sizes that name a provider and no household.</summary>
internal sealed class TruncatedAddresses : IpAddresses
{
    private const int KeptBytes4 = 3;
    private const int KeptBytes6 = 6;

    /// <summary>An address without its end; null for a text that is none.</summary>
    internal static string? Truncate(ReadOnlySpan<char> text)
    {
        if (!IPAddress.TryParse(text, out var address))
            return null;

        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(address.AddressFamily == AddressFamily.InterNetwork ? KeptBytes4 : KeptBytes6).Clear();
        return new IPAddress(bytes).ToString();
    }

    protected override void Add(ReadOnlySpan<char> text, int start, int end, List<Finding> found)
    {
        // 010.1.2.3 is an address to this detector, and none to the parser.
        var truncated = Truncate(text[start..end]) ?? Replacement;
        if (!text[start..end].SequenceEqual(truncated))
            found.Add(new Finding(start, end, truncated, Rule, RemovalAction.Masked));
    }
}
