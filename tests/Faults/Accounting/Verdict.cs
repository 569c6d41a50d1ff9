using System.Globalization;
using System.Text.Json;

namespace ErrorHub.Faults.Accounting;

/// <summary>The account of one fault (reliability-security.md 4.3). It passes when nothing is lost, doubled, a ghost or corrupt.</summary>
internal sealed record Verdict(string Fault, string Database)
{
    public int Seed { get; init; }

    public int Sent { get; init; }

    public int Ack { get; init; }

    public int Nak { get; init; }

    public int Unk { get; init; }

    /// <summary>Acknowledged, and not there.</summary>
    public int Lost { get; init; }

    /// <summary>There more than once.</summary>
    public int Dup { get; init; }

    /// <summary>There, and refused or never sent.</summary>
    public int Ghost { get; init; }

    /// <summary>There with another body than was sent.</summary>
    public int Corrupt { get; init; }

    /// <summary>Acknowledged, and kept as dead letters.</summary>
    public int DeadLetters { get; init; }

    /// <summary>From the end of the fault until the spool was empty.</summary>
    public double RecoverySeconds { get; init; }

    /// <summary>The wait that 99 of 100 acknowledged events did not pass.</summary>
    public double AckP99Milliseconds { get; init; }

    /// <summary>The same of those sent from the first moment of the fault on; null when it has no such moment.</summary>
    public double? FaultAckP99Milliseconds { get; init; }

    /// <summary>Counts that disagree with the rows, and whatever else is wrong.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    private string FaultFigure =>
        FaultAckP99Milliseconds is { } p99 ? string.Create(CultureInfo.InvariantCulture, $",\"fault_ack_p99_ms\":{p99:f0}") : "";

    public bool Passes => (Lost, Dup, Ghost, Corrupt, Faults.Count) == (0, 0, 0, 0, 0);

    /// <summary>One line of JSON, as scripts read it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $$"""
        {"fault":{{JsonSerializer.Serialize(Fault)}},"database":"{{Database}}","seed":{{Seed}},"sent":{{Sent}},"ack":{{Ack}},"nak":{{Nak}},"unk":{{Unk}},"lost":{{Lost}},"dup":{{Dup}},"ghost":{{Ghost}},"corrupt":{{Corrupt}},"dead_letters":{{DeadLetters}},"recovery_s":{{RecoverySeconds:f1}},"ack_p99_ms":{{AckP99Milliseconds:f0}}{{FaultFigure}}}
        """);
}
