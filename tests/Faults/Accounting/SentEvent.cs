using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ErrorHub.Faults.Accounting;

/// <summary>What a sender knows of its event.</summary>
internal enum Fate
{
    /// <summary>200: it must be there once.</summary>
    Ack,

    /// <summary>Any other status: it must not be there.</summary>
    Nak,

    /// <summary>No answer, or half of one: it may be there, once.</summary>
    Unknown,
}

/// <summary>An event that its number tells whole: which issue, user, release, and a note whose hash travels with it in a tag.</summary>
internal sealed class SentEvent
{
    private const int Users = 100;

    private SentEvent(Guid id, int issue, string sum, byte[] envelope) => (Id, Issue, Sum, Envelope) = (id, issue, sum, envelope);

    public Guid Id { get; }

    /// <summary>Number of its issue.</summary>
    public int Issue { get; }

    /// <summary>SHA-256 of the note, in hex.</summary>
    public string Sum { get; }

    public byte[] Envelope { get; }

    public Fate Fate { get; private set; } = Fate.Unknown;

    /// <summary>Status of the answer; 0 without one.</summary>
    public int Status { get; private set; }

    /// <summary>When it was made to be sent, by <see cref="Stopwatch"/>.</summary>
    public long SentAt { get; } = Stopwatch.GetTimestamp();

    /// <summary>From the request to the answer.</summary>
    public TimeSpan Wait { get; private set; }

    /// <summary>The event of a number; the same for the same seed.</summary>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="number">Number in it.</param>
    /// <param name="noteBytes">Length of the note.</param>
    /// <param name="issue">Number of its issue.</param>
    /// <param name="members">Further members of its JSON, each with its comma; not always text.</param>
    public static SentEvent Of(int seed, int number, int noteBytes, int issue, ReadOnlySpan<byte> members)
    {
        var id = new Guid(HMACSHA256.HashData(BitConverter.GetBytes(seed), BitConverter.GetBytes(number)).AsSpan(0, 16));
        var note = NoteOf(id, noteBytes);
        var sum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(note)));
        var user = number % Users;
        var envelope = string.Create(CultureInfo.InvariantCulture, $$$"""
            {"event_id":"{{{id:n}}}"}
            {"type":"event"}
            {"event_id":"{{{id:n}}}","platform":"python","release":"shop@{{{number % 3}}}","environment":"{{{(number % 2 == 0 ? "production" : "staging")}}}","user":{"id":"u{{{user}}}"},"tags":{"sum":"{{{sum}}}"},"extra":{"note":"{{{note}}}"},"exception":{"values":[{"type":"Fault{{{issue}}}","value":"Order {{{id}}} failed","stacktrace":{"frames":[{"filename":"shop.py","module":"shop","function":"charge_{{{issue}}}","lineno":7,"in_app":true}]}}]}}
            """);
        var bytes = Encoding.UTF8.GetBytes(envelope);
        var head = bytes.AsSpan().IndexOf("\"platform\""u8);
        return new SentEvent(id, issue, sum, [.. bytes[..head], .. members, .. bytes[head..]]);
    }

    /// <summary>It was acknowledged, and then a test destroyed it on disk.</summary>
    public void Destroyed() => Fate = Fate.Unknown;

    public void Answered(int status, TimeSpan wait) => (Fate, Status, Wait) = (status == 200 ? Fate.Ack : Fate.Nak, status, wait);

    // Letters that do not compress, and some of two and four bytes.
    private static string NoteOf(Guid id, int bytes)
    {
        var random = new byte[bytes / 2];
        new Random(id.GetHashCode()).NextBytes(random);
        return "Grüße 🛒 " + Convert.ToHexStringLower(random);
    }
}
