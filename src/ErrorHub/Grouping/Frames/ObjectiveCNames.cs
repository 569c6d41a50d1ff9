namespace ErrorHub.Grouping.Frames;

/// <summary>Methods of Objective-C keep their selector whole; blocks belong to the function they were written in.</summary>
internal static class ObjectiveCNames
{
    internal static bool TryRead(ReadOnlySpan<char> name, out string read)
    {
        read = "";
        var block = name.IndexOf("_block_invoke", StringComparison.Ordinal);
        if (block > 0)
        {
            // __45-[Cart payWithOrder:]_block_invoke_2, __pay_block_invoke.12
            var owner = name[..block].TrimStart('_').TrimStart("0123456789");
            read = $"block in {(owner.IsEmpty ? name[..block] : owner)}";
            return true;
        }

        if (name.Length > 2 && name[0] is '-' or '+' && name[1] == '[' && name.IndexOf(']') is > 0 and var end)
        {
            read = name[..(end + 1)].ToString();
            return true;
        }

        return false;
    }
}
