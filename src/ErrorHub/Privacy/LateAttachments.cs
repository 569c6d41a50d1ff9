using System.Security.Cryptography;
using ErrorHub.Attachments;
using ErrorHub.Scrubbing;

namespace ErrorHub.Privacy;

/// <summary>Scrubs an attachment again, its file in its place.</summary>
internal static class LateAttachments
{
    /// <summary>
    /// Replaces the file when something is found in it. Whatever ends between that and the row, the next call finds a file that differs from
    /// its row, and says what the row must be.
    /// </summary>
    /// <returns>True when the row is another one now; false when it stays, or when the file is gone.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static bool Scrub(AttachmentFiles files, Attachment attachment, ScrubbingPolicy policy)
    {
        if (files.ReadAll(attachment.ProjectId, attachment.Id) is not { } stored)
            return false;

        var bytes = AttachmentScrubber.Scrub(stored, attachment.ContentType, policy, Rescrubbing.Budget);
        if (!bytes.Span.SequenceEqual(stored))
            files.Replace(attachment.ProjectId, attachment.Id, bytes.Span);

        var (name, hash) = (AttachmentText.FilenameOf(TextScrubber.Scrub(attachment.Filename, TextPlace.Prose, policy.Rules, null)), SHA256.HashData(bytes.Span));
        if (name == attachment.Filename && hash.AsSpan().SequenceEqual(attachment.Sha256))
            return false;

        (attachment.Filename, attachment.Bytes, attachment.Sha256) = (name, bytes.Length, hash);
        return true;
    }
}
