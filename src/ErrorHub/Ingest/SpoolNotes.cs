using Microsoft.Extensions.Logging;

namespace ErrorHub.Ingest;

/// <summary>Something that came beside an event and waits in the spool: the row of an attachment, a user's words.</summary>
/// <param name="Kind">Whose it is; 64 or more, which is no version of an event's format.</param>
/// <param name="Bytes">What its store wrote, and reads again.</param>
public sealed record SpoolNote(byte Kind, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The least kind.</summary>
    public const byte FirstKind = 64;
}

/// <summary>Puts the notes of one kind into the database once it is back.</summary>
public interface ISpoolNoteStore
{
    /// <summary>The kind.</summary>
    byte Kind { get; }

    /// <summary>Stores a note. It may come again after a crash, and must not be stored twice then.</summary>
    Task StoreAsync(ReadOnlyMemory<byte> note, CancellationToken cancellationToken);
}

/// <summary>
/// Keeps notes while the database is away. They give way to events: once half of the spool is taken, none is kept any more.
/// </summary>
public sealed partial class SpoolNotes(IEventSpool spool, DatabaseLink database, ILogger<SpoolNotes> logger)
{
    /// <summary>True while it would be in vain to ask the database first.</summary>
    public bool IsDatabaseAway => database.IsAway;

    /// <summary>Keeps a note; when it returns true, the note is on disk.</summary>
    public Task<bool> TryKeepAsync(byte kind, byte[] bytes) => Task.Run(() =>
    {
        if (spool.State is { IsFilling: true } or { Problem: not null })
            return false;

        try
        {
            spool.Append(new SpoolNote(kind, bytes));
            return true;
        }
        catch (Exception e)
        {
            // Whatever it is: it costs the note, and nothing else.
            Log.Refused(logger, e.Message);
            return false;
        }
    });

    private static partial class Log
    {
        [LoggerMessage(1209, LogLevel.Error, "What came beside an event could not be spooled: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
