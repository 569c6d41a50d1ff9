using ErrorHub.Protocol.Events;

namespace ErrorHub.Demo;

/// <summary>The customers of the made-up apps. The same number is the same person in every app.</summary>
internal static class DemoPeople
{
    private static readonly string[] GivenNames =
    [
        "Ada", "Alan", "Barbara", "Claude", "Donald", "Dorothy", "Edsger", "Frances", "Grace", "Hedy", "Jean", "John", "Karen",
        "Katherine", "Leslie", "Linus", "Margaret", "Mary", "Niklaus", "Radia", "Shafi", "Sophie", "Tim", "Yukihiro",
    ];

    private static readonly string[] FamilyNames =
    [
        "Almeida", "Bauer", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Haas", "Ivanova", "Jansen", "Keller", "Lindqvist",
        "Moreau", "Novak", "Olsen", "Petrov", "Rossi", "Santos", "Tanaka", "Ueda", "Vries", "Weber", "Yilmaz", "Zhang",
    ];

    private static readonly string[] Browsers =
    [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    ];

    // RFC 5737: addresses for documentation, which belong to nobody.
    private static readonly string[] Networks = ["192.0.2", "198.51.100", "203.0.113"];

    public static SentryUser User(int number)
    {
        var given = GivenNames[number % GivenNames.Length];
        var family = FamilyNames[number / GivenNames.Length % FamilyNames.Length];
        return new SentryUser
        {
            Id = $"cus_{10_000 + number}",
            Name = $"{given} {family}",
            Email = $"{given}.{family}@example.com".ToLowerInvariant(),
            IpAddress = $"{Networks[number % Networks.Length]}.{1 + (number % 250)}",
        };
    }

    public static string Browser(int number) => Browsers[number % Browsers.Length];
}
