using ErrorHub.Ingest;
using ErrorHub.Privacy;
using ErrorHub.Storage.Sqlite.Spool;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ErrorHub.Storage.Tests;

/// <summary>What lies in the spool survives, in order; what is damaged costs only itself; what does not fit is refused.</summary>
public sealed class SqliteEventSpoolTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("errorhub-spool-").FullName;
    private readonly SpoolOptions _options = new() { MinFreeBytes = 0 };
    private readonly List<SqliteEventSpool> _open = [];

    public void Dispose()
    {
        _open.ForEach(spool => spool.Dispose());
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public void ReadOldest_AfterARestart_GivesEveryEventAsItWasInOrder()
    {
        var events = Events(5);
        events[0] = events[0] with { Removals = [new RemovalCount("email", "user.email", 300)] };
        var first = Open();
        first.Append(events[..2]);
        first.Append(events[2..]);
        first.Dispose();

        var batch = Open().ReadOldest(100);

        Assert.Equal(events.Select(ProcessedEventFormat.Write), batch!.Events.Select(ProcessedEventFormat.Write));
        Assert.Equivalent(events[0] with { Body = default, Tags = [] }, batch.Events[0] with { Body = default, Tags = [] });
        Assert.Equal(events[0].Body.ToArray(), batch.Events[0].Body.ToArray());
        Assert.Equal(events[0].Tags, batch.Events[0].Tags);
        Assert.Equal(events[0].Removals, batch.Events[0].Removals);
    }

    [Fact]
    public void ReadOldest_NoteBetweenEvents_ComesWithThemAlsoAfterARestart()
    {
        var events = Events(2);
        var first = Open();
        first.Append(events[..1]);
        first.Append(new SpoolNote(SpoolNote.FirstKind, (byte[])[1, 2, 3]));
        first.Append(events[1..]);
        first.Dispose();

        var spool = Open();
        var batch = spool.ReadOldest(100)!;

        Assert.Equal(events.Select(e => e.Id), batch.Events.Select(e => e.Id));
        var note = Assert.Single(batch.Notes).Note;
        Assert.Equal((SpoolNote.FirstKind, "010203"), (note.Kind, Convert.ToHexString(note.Bytes.Span)));
        spool.Remove(batch);
        Assert.Equal(0, spool.State.Events);
    }

    [Fact]
    public void First_OfABatch_RemovesThatPartAlone()
    {
        var events = Events(3);
        var spool = Open();
        spool.Append(events[..1]);
        spool.Append(new SpoolNote(SpoolNote.FirstKind, (byte[])[1]));
        spool.Append(events[1..2]);
        spool.Append(new SpoolNote(SpoolNote.FirstKind, (byte[])[2]));
        spool.Append(events[2..]);

        var first = spool.ReadOldest(100)!.First(2);
        spool.Remove(first);

        Assert.Equal([1], Assert.Single(first.Notes).Note.Bytes.ToArray());
        var rest = spool.ReadOldest(100)!;
        Assert.Equal([2], Assert.Single(rest.Notes).Note.Bytes.ToArray());
        Assert.Equal(events[2].Id, Assert.Single(rest.Events).Id);
    }

    [Fact]
    public void Remove_PartOfASegment_LeavesTheRestAlsoAfterARestart()
    {
        var events = Events(5);
        var spool = Open();
        spool.Append(events);

        spool.Remove(spool.ReadOldest(2)!);

        Assert.Equal(3, spool.State.Events);
        spool.Dispose();
        var again = Open();
        Assert.Equal(3, again.State.Events);
        Assert.Equal(events[2..].Select(e => e.Id), again.ReadOldest(100)!.Events.Select(e => e.Id));
    }

    [Fact]
    public void Remove_LastEvent_LeavesNoFile()
    {
        var spool = Open();
        spool.Append(Events(3));

        spool.Remove(spool.ReadOldest(100)!);

        Assert.Null(spool.ReadOldest(100));
        Assert.Equal(new SpoolState(0, 0, null), spool.State);
        Assert.Empty(Files("*.spool*"));
    }

    [Fact]
    public void Append_BeyondTheSizeOfASegment_IsReadInOrderAcrossFiles()
    {
        _options.SegmentBytes = 64 * 1024;
        var events = Events(6).ConvertAll(e => e with { Body = new byte[40 * 1024] });
        var spool = Open();
        events.ForEach(e => spool.Append([e]));

        Assert.Equal(3, Files("*.spool").Length);
        Assert.Equal(events.Select(e => e.Id), ReadAll(spool));
    }

    [Fact]
    public void Append_BeyondItsBound_IsRefusedAndKeepsWhatItHas()
    {
        _options.MaxBytes = 100 * 1024;
        var spool = Open();
        var kept = Events(1).ConvertAll(e => e with { Body = new byte[60 * 1024] });
        spool.Append(kept);

        var refused = Assert.Throws<SpoolException>(() => spool.Append(Events(1).ConvertAll(e => e with { Body = new byte[60 * 1024] })));

        Assert.Contains("ErrorHub__Spool__MaxBytes", refused.Message, StringComparison.Ordinal);
        Assert.Equal(kept.Select(e => e.Id), ReadAll(spool));
        spool.Append(Events(1));
    }

    [Fact]
    public void Append_TooLittleFreeDisk_IsRefusedAndSaidInAdvance()
    {
        _options.MinFreeBytes = long.MaxValue / 2;
        var spool = Open();

        Assert.Throws<SpoolException>(() => spool.Append(Events(1)));

        Assert.Contains("ErrorHub__Spool__MinFreeBytes", spool.State.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Append_FolderGone_IsRefusedAndNotKeptInMemory()
    {
        var spool = Open();
        Directory.Delete(Folder(1), recursive: true);

        Assert.Throws<SpoolException>(() => spool.Append(Events(1)));

        Assert.Equal(0, spool.State.Events);
        Assert.NotNull(spool.State.Problem);
    }

    [Fact]
    public void ReadOldest_ARecordWithAFlippedBit_IsSetAsideAndTheOthersCome()
    {
        var events = Events(3);
        var spool = Open();
        spool.Append(events);
        spool.Dispose();
        Change("UPDATE records SET bytes = CAST(bytes || x'00' AS BLOB) WHERE id = 2");

        var again = Open();

        Assert.Equal([events[0].Id, events[2].Id], ReadAll(again));
        Assert.Single(Directory.GetFiles(Path.Combine(Folder(1), "damaged"), "*-2.record"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public void Open_AFileFullOfRubbish_IsSetAsideAndTheOthersCome(int offset)
    {
        _options.SegmentBytes = 64 * 1024;
        var events = Events(2).ConvertAll(e => e with { Body = new byte[70 * 1024] });
        var spool = Open();
        events.ForEach(e => spool.Append([e]));
        spool.Dispose();
        var file = Files("*.spool").Order().First();
        using (var stream = File.OpenWrite(file))
        {
            stream.Position = offset;
            stream.Write(Enumerable.Repeat((byte)0xA5, 60 * 1024).ToArray());
        }

        var again = Open();

        Assert.Equal([events[1].Id], ReadAll(again));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(Folder(1), "damaged")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(700)]
    [InlineData(5000)]
    public void Open_ALogTornAtItsEnd_KeepsWhatWasCommittedBefore(int torn)
    {
        var events = Events(40);
        var spool = Open();
        spool.Append(events[..20]);
        // A power cut while the second append is written: the file is as the first one left it, and the log ends too early.
        Copy("*.spool");
        spool.Append(events[20..]);
        var log = Copy("*-wal");
        using (var stream = File.OpenWrite(log))
            stream.SetLength(stream.Length - torn);

        spool.Dispose();
        Directory.Delete(Folder(1), recursive: true);

        Assert.Equal(events[..20].Select(e => e.Id), ReadAll(Open()));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(50)]
    [InlineData(2_000)]
    public void Open_AFlippedBitInTheLog_LosesNothingThatWasAppended(int offset)
    {
        var events = Events(40);
        var spool = Open();
        spool.Append(events[..20]);
        spool.Append(events[20..]);
        Copy("*.spool");
        var log = Copy("*-wal");
        var bytes = File.ReadAllBytes(log);
        bytes[offset] ^= 0x10;
        File.WriteAllBytes(log, bytes);

        spool.Dispose();
        Directory.Delete(Folder(1), recursive: true);

        Assert.Equal(events.Select(e => e.Id), ReadAll(Open()));
    }

    [Fact]
    public void Open_TwoProcesses_EachHasItsOwnAndTheNextTakesOverWhatIsLeft()
    {
        var (first, second) = (Open(), Open());
        var (a, b) = (Events(1), Events(1));
        first.Append(a);
        second.Append(b);
        Assert.Equal(a.Select(e => e.Id), ReadAll(first, remove: false));
        first.Dispose();
        second.Dispose();

        Assert.Equivalent(a.Concat(b).Select(e => e.Id), ReadAll(Open()));
    }

    [Fact]
    public void Read_ANewerFormat_SaysSo()
    {
        var bytes = ProcessedEventFormat.Write(Events(1)[0]);
        bytes[0] = 99;

        Assert.Contains("99", Assert.Throws<InvalidDataException>(() => ProcessedEventFormat.Read(bytes)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => ProcessedEventFormat.Read(ProcessedEventFormat.Write(Events(1)[0])[..40]));
    }

    [Fact]
    public void Read_TheFormatBeforeRemovals_GivesTheEventWithoutThem()
    {
        var e = Events(1)[0];
        var bytes = ProcessedEventFormat.Write(e).ToList();
        // The rules, which are none, and the number of removals stand before the codec, two lengths and the body.
        bytes.RemoveRange(bytes.Count - (e.Body.Length + (2 * sizeof(int)) + 3), 2);
        bytes[0] = 1;

        Assert.Equal(ProcessedEventFormat.Write(e), ProcessedEventFormat.Write(ProcessedEventFormat.Read([.. bytes])));
    }

    private static List<ProcessedEvent> Events(int count) =>
        [.. Enumerable.Range(0, count).Select(i => TestEvents.Of(1, $"Fault{i}", TestDatabase.Now.AddSeconds(i), user: i % 2 == 0 ? "ada" : null))];

    private static List<Guid> ReadAll(SqliteEventSpool spool, bool remove = true)
    {
        var ids = new List<Guid>();
        while (spool.ReadOldest(2) is { } batch)
        {
            ids.AddRange(batch.Events.Select(e => e.Id));
            if (!remove)
                break;

            spool.Remove(batch);
        }

        return ids;
    }

    private SqliteEventSpool Open()
    {
        var spool = new SqliteEventSpool(_root, Options.Create(_options), NullLogger<SqliteEventSpool>.Instance);
        _open.Add(spool);
        return spool;
    }

    private string Folder(int number) => Path.Combine(_root, $"{number:D4}");

    private string[] Files(string pattern) => Directory.GetFiles(Folder(1), pattern);

    // Into the folder that the next process takes over.
    private string Copy(string pattern)
    {
        var file = Files(pattern).Single();
        return new FileInfo(file).CopyTo(Path.Combine(Directory.CreateDirectory(Folder(2)).FullName, Path.GetFileName(file))).FullName;
    }

    private void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Files("*.spool").Single()};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
