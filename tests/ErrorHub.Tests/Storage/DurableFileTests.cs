using ErrorHub.Storage;

namespace ErrorHub.Tests.Storage;

public sealed class DurableFileTests
{
    [Fact]
    public void Flush_FileThatCannotBeSynced_Throws()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no /dev/null.");
        // fsync of a device without a disk is EINVAL; FileStream.Flush(true) says nothing of it.
        using var file = new FileStream("/dev/null", FileMode.Open, FileAccess.Write);

        Assert.Throws<IOException>(() => DurableFile.Flush(file));
    }

    [Fact]
    public void FlushDirectory_ThatIsNotThere_Throws()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no fsync of directories.");
        Assert.Throws<IOException>(() => DurableFile.FlushDirectory(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"))));
    }
}
