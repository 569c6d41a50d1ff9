using static ErrorHub.Tests.Grouping.Grouped;

namespace ErrorHub.Tests.Grouping;

/// <summary>What compilers, bundlers and runtimes make up differs from build to build and must not split an issue.</summary>
public sealed class FrameNamesTests
{
    [Theory]
    [InlineData("Shop.Cart+<PayAsync>d__4", "MoveNext", "PayAsync in Shop.Cart")]
    [InlineData("Shop.Cart", "PayAsync", "PayAsync in Shop.Cart")]
    [InlineData("Shop.Cart+<PayAsync>d__4`1", "MoveNext", "PayAsync in Shop.Cart")]
    [InlineData("Shop.Cart+<>c", "<Pay>b__2_0", "Pay.lambda in Shop.Cart")]
    [InlineData("Shop.Cart+<>c__DisplayClass7_0", "<Pay>b__1", "Pay.lambda in Shop.Cart")]
    [InlineData("Shop.Cart+<>c__3`1", "<Pay>b__3_0", "Pay.lambda in Shop.Cart")]
    [InlineData("Shop.Cart+<>c+<<Pay>b__2_0>d", "MoveNext", "Pay.lambda in Shop.Cart")]
    [InlineData("Shop.Cart.<>c__DisplayClass7_0.<<Pay>b__0>d", "MoveNext", "Pay.lambda in Shop.Cart")]
    [InlineData("Shop.Cart", "<Pay>g__Check|2_0", "Pay.Check in Shop.Cart")]
    [InlineData("Shop.Cart+<<Pay>g__Check|2_0>d", "MoveNext", "Pay.Check in Shop.Cart")]
    [InlineData("Program+<<Main>$>d__0", "MoveNext", "<Main>$ in Program")]
    [InlineData("Program", "<<Main>$>g__Pay|0_1", "<Main>$.Pay in Program")]
    [InlineData("Shop.Cart+<System.IDisposable.Dispose>d__4", "MoveNext", "System.IDisposable.Dispose in Shop.Cart")]
    [InlineData("Shop.Steps", "MoveNext", "MoveNext in Shop.Steps")]
    [InlineData("Shop.Program", "void Main(string[] args)+() => { } [2]", "void Main(string[] args)+() => { } in Shop.Program")]
    public void GroupingOf_CSharp_IsTheMethodAsWritten(string module, string function, string name) =>
        AssertName(name, "csharp", $$"""{"module":"{{module}}","function":"{{function}}","in_app":true}""");

    [Theory]
    [InlineData("shop.Cart", "lambda$pay$0", "lambda$pay$ in shop.Cart")]
    [InlineData("shop.Cart", "access$100", "access$ in shop.Cart")]
    [InlineData("shop.Cart$$Lambda$14/0x0000000800c8", "run", "run in shop.Cart")]
    [InlineData("shop.Cart$$EnhancerBySpringCGLIB$$1a2b3c4d", "pay", "pay in shop.Cart")]
    [InlineData("jdk.internal.reflect.GeneratedMethodAccessor12", "invoke", "invoke in jdk.internal.reflect.GeneratedMethodAccessor")]
    public void GroupingOf_Java_HasNoGeneratedNumbers(string module, string function, string name) =>
        AssertName(name, "java", $$"""{"module":"{{module}}","function":"{{function}}","in_app":true}""");

    [Theory]
    [InlineData("pay", "https://shop/static/main-4e1d2a90b3.chunk.js?v=3", "pay in main.chunk.js")]
    [InlineData("pay", "app:///dist/App.3f9c2b71.js", "pay in app.js")]
    [InlineData("Object.pay", "/srv/cart.js", "pay in cart.js")]
    [InlineData("async Cart.pay", "/srv/cart.js", "pay in cart.js")]
    [InlineData("new Cart", "/srv/cart.js", "Cart in cart.js")]
    [InlineData("Cart.pay [as handler]", "/srv/cart.js", "pay in cart.js")]
    [InlineData("renew", "/srv/cart.js", "renew in cart.js")]
    [InlineData("Object.<anonymous>", "/srv/cart.js", "<anonymous> in cart.js")]
    [InlineData("pay/<", "/srv/cart.js", "<anonymous> in cart.js")]
    public void GroupingOf_JavaScript_IsTheSameInEveryEngineAndBundle(string function, string filename, string name) =>
        AssertName(name, "javascript", $$"""{"function":"{{function}}","filename":"{{filename}}","in_app":true}""");

    [Fact]
    public void GroupingOf_SafarisNativeFrame_IsSkipped()
    {
        const string Pay = """{"function":"pay","filename":"cart.js"}""";
        const string Native = """{"function":"map","filename":"[native code]"}""";
        const string Main = """{"function":"main","filename":"cart.js"}""";

        AssertSame(Frames("javascript", Main, Pay), Frames("javascript", Main, Native, Pay));
    }

    [Fact]
    public void GroupingOf_AnonymousFunctions_DifferByTheirSourceLine()
    {
        AssertName("<anonymous> retry(<number>, \"pay\") in cart.js", "javascript", Anonymous("  retry(3, \\\"pay\\\") "));
        AssertDifferent(Frames("javascript", Anonymous("pay()")), Frames("javascript", Anonymous("refund()")));

        static string Anonymous(string line) => $$"""{"function":"?","filename":"cart.js","context_line":"{{line}}","in_app":true}""";
    }

    [Theory]
    [InlineData("native", "shop::pay::h0123456789abcdef", "shop::pay")]
    [InlineData("native", "pay [clone .isra.0]", "pay")]
    [InlineData("native", "shop::pay()::{lambda(int)#2}::operator()", "shop::pay()::{lambda(int)}::operator()")]
    [InlineData("native", "lambda_0123456789abcdef0123456789abcdef::operator()", "lambda::operator()")]
    [InlineData("go", "Pay.func1.2", "Pay.func")]
    [InlineData("go", "func1", "func1")]
    public void GroupingOf_Native_HasNoGeneratedNumbers(string platform, string function, string name) =>
        AssertName(name, platform, $$"""{"function":"{{function}}","in_app":true}""");

    [Fact]
    public void GroupingOf_FileOfAnotherFolder_IsTheSame() => AssertSame(
        Frames("python", """{"function":"pay","filename":"/releases/41/Shop/Cart.py","in_app":true}"""),
        Frames("python", """{"function":"pay","filename":"C:\\releases\\42\\shop\\cart.py","in_app":true}"""));

    [Fact]
    public void GroupingOf_FrameOfAnotherPlatform_IsReadByItsOwn() => AssertName(
        "PayAsync in Cart", "javascript", """{"platform":"csharp","module":"Cart+<PayAsync>d__4","function":"MoveNext","in_app":true}""");

    private static void AssertName(string name, string platform, string frame) =>
        Assert.Equal("frame: " + name, Frames(platform, frame).Why[1]);
}
