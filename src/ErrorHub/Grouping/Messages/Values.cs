namespace ErrorHub.Grouping.Messages;

/// <summary>Finds a value in a text. Each kind looks a bounded way ahead, so the whole stays linear.</summary>
internal static class Values
{
    /// <summary>Length of the value that starts here, 0 for none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where.</param>
    /// <param name="name">What it is called.</param>
    internal static int LengthAt(ReadOnlySpan<char> text, int at, out string name)
    {
        name = "";
        var c = text[at];
        if (char.IsAsciiLetterOrDigit(c) || c is '_')
            return TextAt.IsInWord(text, at) ? 0 : WordAt(text, at, out name);

        return c switch
        {
            '\'' or '"' or '`' or '“' or '‘' or '«' or '„' or '「' => Named("quoted", Quoted.LengthAt(text, at), out name),
            '/' or '\\' => Named("path", Paths.LengthAt(text, at), out name),
            ':' => Named("ip", IpAddresses.LengthAt(text, at), out name),
            '-' or '+' => Named("number", Numbers.LengthAt(text, at), out name),
            _ => 0,
        };
    }

    private static int WordAt(ReadOnlySpan<char> text, int at, out string name)
    {
        // From the most particular to the least: a date is full of numbers.
        if (Named("url", Urls.LengthAt(text, at), out name) is > 0 and var url)
            return url;
        if (Named("email", Emails.LengthAt(text, at), out name) is > 0 and var email)
            return email;
        if (Named("uuid", Uuids.LengthAt(text, at), out name) is > 0 and var uuid)
            return uuid;
        if (Named("date", Dates.LengthAt(text, at), out name) is > 0 and var date)
            return date;
        if (Named("ip", IpAddresses.LengthAt(text, at), out name) is > 0 and var ip)
            return ip;
        if (Named("path", Paths.LengthAt(text, at), out name) is > 0 and var path)
            return path;
        // An id of several parts may start like a number.
        var hex = HexNumbers.LengthAt(text, at);
        var id = Ids.LengthAt(text, at);
        if (hex > 0 || id > 0)
            return id > hex ? Named("id", id, out name) : Named("hex", hex, out name);

        return Named("duration", Durations.LengthAt(text, at), out name) is > 0 and var duration ? duration : Named("number", Numbers.LengthAt(text, at), out name);
    }

    private static int Named(string kind, int length, out string name)
    {
        name = kind;
        return length;
    }
}
