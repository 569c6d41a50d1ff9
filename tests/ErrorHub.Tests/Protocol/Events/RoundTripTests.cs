using System.Text;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Tests.Protocol.Events;

/// <summary>What is stored must read back as what was understood.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public void Write_Event_HasSentrysNamesAndShapes()
    {
        var e = Event.Parse("""
            {"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","timestamp":1782900000,"platform":"python","exception":{"type":"T"},
             "tags":{"a":"b"},"message":"hi","breadcrumbs":[{"message":"x"}],"request":{"headers":{"A":"b"}},"wat":1}
            """);

        Assert.Equal(
            """
            {"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","timestamp":"2026-07-01T10:00:00.000000Z","platform":"python","level":"error",
            "logentry":{"formatted":"hi"},"exception":{"values":[{"type":"T"}]},"request":{"headers":[["A","b"]]},"tags":[["a","b"]],
            "breadcrumbs":{"values":[{"type":"default","level":"info","message":"x"}]},"wat":1}
            """.Replace("\n", "", StringComparison.Ordinal),
            Encoding.UTF8.GetString(Event.Write(e)));
    }

    [Fact]
    public void TryParse_ValidJsonOfTheTestSuite_IsAlwaysAccepted()
    {
        foreach (var file in Directory.EnumerateFiles(SharedData.PathOf("badinput/json-nst/test_parsing"), "y_*.json"))
        {
            byte[] json = [.. "{\"extra\":{\"a\":"u8, .. File.ReadAllBytes(file), .. "}}"u8];
            Assert.True(EventJson.TryParse(json, out _), file);
        }
    }

    [Fact]
    public void TryParse_EventBitByBit_NeverThrows()
    {
        // Every prefix, and every byte replaced by one that means something to JSON.
        var json = """{"a":"\ud83d\ude00é","exception":[{"type":"T","value":-1.5e3}],"tags":[["k",null]],"user":{"id":true}}"""u8.ToArray();
        for (var i = 0; i < json.Length; i++)
        {
            Assert.False(EventJson.TryParse(json.AsMemory(0, i), out _));
            foreach (var replacement in (byte[])[0, 0x22, 0x5c, 0x7b, 0x5d, 0x31, 0xed, 0xff])
            {
                var changed = json.ToArray();
                changed[i] = replacement;
                if (EventJson.TryParse(changed, out var e))
                    Assert.Equal(Event.Write(e), Event.Write(Event.Parse(Event.Write(e))));
            }
        }
    }
}
