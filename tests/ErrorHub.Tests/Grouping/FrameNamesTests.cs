using static ErrorHub.Tests.Grouping.Grouped;

namespace ErrorHub.Tests.Grouping;

/// <summary>What compilers, bundlers and runtimes make up differs from build to build and must not split an issue.</summary>
public sealed class FrameNamesTests
{
    [Theory]
    [InlineData("Shop.Cart", "PayAsync", "PayAsync in Shop.Cart")]
    [InlineData("Shop.Cart+<PayAsync>d__4", "MoveNext", "PayAsync in Shop.Cart")]
    [InlineData("Shop.Cart+<PayAsync>d__4`1", "MoveNext", "PayAsync in Shop.Cart")]
    [InlineData("Shop.Cart`1+<PayAsync>d__4[T]", "MoveNext", "PayAsync in Shop.Cart")]
    [InlineData("Shop.Cart/<Pay>c__Iterator0", "MoveNext", "Pay in Shop.Cart")]
    [InlineData("Shop.Cart+<>c", "<Pay>b__2_0", "Pay.lambda in Shop.Cart")]
    [InlineData("Shop.Cart+<>c__DisplayClass7_0", "<Pay>b__1", "Pay.lambda in Shop.Cart")]
    [InlineData("Shop.Cart+<>c__3`1", "<Pay>b__3_0", "Pay.lambda in Shop.Cart")]
    [InlineData("Shop.Cart", "<Pay>m__0", "Pay.lambda in Shop.Cart")]
    [InlineData("Shop.Cart+<>c+<<Pay>b__2_0>d", "MoveNext", "Pay.lambda in Shop.Cart")]
    [InlineData("Shop.Cart.<>c__DisplayClass7_0.<<Pay>b__0>d", "MoveNext", "Pay.lambda in Shop.Cart")]
    [InlineData("Shop.Cart", "<Pay>g__Check|2_0", "Pay.Check in Shop.Cart")]
    [InlineData("Shop.Cart+<<Pay>g__Check|2_0>d", "MoveNext", "Pay.Check in Shop.Cart")]
    [InlineData("Program+<<Main>$>d__0", "MoveNext", "<Main>$ in Program")]
    [InlineData("Program", "<<Main>$>g__Pay|0_1", "<Main>$.Pay in Program")]
    [InlineData("Shop.Cart+<System.IDisposable.Dispose>d__4", "MoveNext", "System.IDisposable.Dispose in Shop.Cart")]
    [InlineData("Shop.Steps", "MoveNext", "MoveNext in Shop.Steps")]
    [InlineData("Shop.Cart", ".ctor", ".ctor in Shop.Cart")]
    [InlineData("System.Threading.Tasks.Task`1[[System.Int32, mscorlib]]", "get_Result", "get_Result in System.Threading.Tasks.Task")]
    [InlineData("Shop.Cart+Line", "Pay", "Pay in Shop.Cart.Line")]
    [InlineData("Shop.Cart", "Pay[T]", "Pay in Shop.Cart")]
    [InlineData("Shop.Cart", "Pay<T>", "Pay in Shop.Cart")]
    [InlineData("Shop.Cart+VB$StateMachine_4_PayAsync", "MoveNext", "PayAsync in Shop.Cart")]
    [InlineData("Shop.Cart+_Closure$__12-0", "_Lambda$__3", "lambda in Shop.Cart")]
    [InlineData("Shop.Cart+pay@12-3", "Invoke", "pay in Shop.Cart")]
    // Ben.Demystifier
    [InlineData("Shop.Program", "void Main(string[] args)+() => { } [2]", "Main.lambda in Shop.Program")]
    [InlineData("Shop.Program", "async Task Shop.Program.PayAsync(int id)", "PayAsync in Shop.Program")]
    [InlineData("Shop.Program", "void Main()+void Check(int id)", "Main.Check in Shop.Program")]
    // Mono and Unity, IL2CPP
    [InlineData("Shop.Cart", "Pay (System.Int32 id)", "Pay in Shop.Cart")]
    [InlineData("", "Shop.Cart:Pay (int)", "Pay in Shop.Cart")]
    [InlineData("", "(wrapper managed-to-native) Shop.Cart:Pay (int)", "Pay in Shop.Cart")]
    [InlineData("Shop.Cart", "Cart_Pay_m1A2B3C4D5E6F708192A3B4C5D6E7F8091A2B3C4D", "Cart_Pay in Shop.Cart")]
    // Lines of printed traces, in any language
    [InlineData("", "at Shop.Cart.Pay(Int32 id) in /src/Cart.cs:line 3", "Pay in Shop.Cart")]
    [InlineData("", "bei Shop.Cart.Pay(Int32 id) in C:\\\\Cart.cs:Zeile 3", "Pay in Shop.Cart")]
    [InlineData("", "場所 Shop.Cart.Pay(Int32 id) 場所 C:\\\\Cart.cs:行 3", "Pay in Shop.Cart")]
    [InlineData("", "в Shop.Cart..ctor(Int32 id)", ".ctor in Shop.Cart")]
    public void GroupingOf_DotNet_IsTheMethodAsWritten(string module, string function, string name) =>
        AssertName(name, "csharp", $$"""{"module":"{{module}}","function":"{{function}}","in_app":true}""");

    [Theory]
    [InlineData("shop.Cart", "lambda$pay$0", "lambda$pay$ in shop.Cart")]
    [InlineData("shop.Cart$$Lambda$14/0x0000000800c8", "run", "run in shop.Cart")]
    [InlineData("shop.Cart$$Lambda/0x0000000800c8", "run", "run in shop.Cart")]
    [InlineData("shop.Cart$$ExternalSyntheticLambda3", "run", "run in shop.Cart")]
    [InlineData("-$$Lambda$Cart$k4y5mNxR9q", "run", "run in Cart")]
    [InlineData("shop.Cart$$EnhancerBySpringCGLIB$$1a2b3c4d", "pay", "pay in shop.Cart")]
    [InlineData("shop.Cart_$$_javassist_3", "pay", "pay in shop.Cart")]
    [InlineData("shop.Cart$HibernateProxy$Ab3dE", "pay", "pay in shop.Cart")]
    [InlineData("shop.Cart$MockitoMock$1234", "pay", "pay in shop.Cart")]
    [InlineData("shop.Cart$1", "run", "run in shop.Cart$")]
    [InlineData("shop.Cart$Line", "pay", "pay in shop.Cart$Line")]
    [InlineData("app//shop.Cart", "pay", "pay in shop.Cart")]
    // Kotlin
    [InlineData("shop.CartKt", "pay$default", "pay in shop.CartKt")]
    [InlineData("shop.Cart", "pay-0d7_KjU", "pay in shop.Cart")]
    [InlineData("shop.Cart$pay$1", "invokeSuspend", "invokeSuspend in shop.Cart$pay$")]
    // Scala, Clojure
    [InlineData("shop.Cart", "$anonfun$pay$1", "$anonfun$pay$ in shop.Cart")]
    [InlineData("shop.cart$fn__1234", "invoke", "invoke in shop.cart$fn__")]
    public void GroupingOf_Java_HasNoGeneratedNumbers(string module, string function, string name) =>
        AssertName(name, "java", $$"""{"module":"{{module}}","function":"{{function}}","in_app":true}""");

    [Theory]
    [InlineData("jdk.internal.reflect.GeneratedMethodAccessor12", "jdk.internal.reflect.GeneratedMethodAccessor")]
    [InlineData("com.sun.proxy.$Proxy12", "com.sun.proxy.$Proxy")]
    public void GroupingOf_JavasGeneratedClasses_HaveNoNumbers(string module, string name) =>
        AssertName("invoke in " + name, "java", $$"""{"module":"{{module}}","function":"invoke","in_app":true}""");

    [Theory]
    [InlineData("pay", "https://shop/static/main-4e1d2a90b3.chunk.js?v=3", "pay in main.chunk.js")]
    [InlineData("pay", "app:///dist/App.3f9c2b71.js", "pay in app.js")]
    [InlineData("pay", "https://shop/assets/index-B2x9Kd0a.js", "pay in index.js")]
    [InlineData("pay", "webpack:///./src/cart.js?a1b2", "pay in cart.js")]
    [InlineData("pay", "webpack-internal:///./src/cart.js", "pay in cart.js")]
    [InlineData("Object.pay", "/srv/cart.js", "pay in cart.js")]
    [InlineData("async Cart.pay", "/srv/cart.js", "pay in cart.js")]
    [InlineData("async*pay", "/srv/cart.js", "pay in cart.js")]
    [InlineData("new Cart", "/srv/cart.js", "Cart in cart.js")]
    [InlineData("Cart.pay [as handler]", "/srv/cart.js", "pay in cart.js")]
    [InlineData("cart/pay", "/srv/cart.js", "pay in cart.js")]
    [InlineData("renew", "/srv/cart.js", "renew in cart.js")]
    [InlineData("Object.<anonymous>", "/srv/cart.js", "<anonymous> in cart.js")]
    [InlineData("pay/<", "/srv/cart.js", "<anonymous> in cart.js")]
    [InlineData("eval code", "/srv/cart.js", "<anonymous> in cart.js")]
    [InlineData("pay", "eval at start (https://shop/cart.js:1:1), <anonymous>", "pay")]
    public void GroupingOf_JavaScript_IsTheSameInEveryEngineAndBundle(string function, string filename, string name) =>
        AssertName(name, "javascript", $$"""{"function":"{{function}}","filename":"{{filename}}","in_app":true}""");

    [Fact]
    public void GroupingOf_MinifiedNames_AreNone()
    {
        AssertSame(Frames("javascript", Minified("e")), Frames("javascript", Minified("t")));
        AssertName("<anonymous> in main.js", "javascript", Minified("e"));
        AssertName("e in main.js", "javascript", """{"function":"e","filename":"main.js","lineno":20,"colno":5,"in_app":true}""");

        static string Minified(string name) => $$"""{"function":"{{name}}","filename":"main.4e1d2a90.js","lineno":1,"colno":20411,"in_app":true}""";
    }

    [Fact]
    public void GroupingOf_SafarisNativeFrame_IsSkipped()
    {
        const string Pay = """{"function":"pay","filename":"cart.js"}""";
        const string Native = """{"function":"map","filename":"[native code]"}""";
        const string Main = """{"function":"main","filename":"cart.js"}""";

        AssertSame(Frames("javascript", Main, Pay), Frames("javascript", Main, Native, Pay));
        AssertSame(Frames("javascript", Main, Pay), Frames("javascript", Main, Pay, Native));
    }

    [Fact]
    public void GroupingOf_AnonymousFunctions_DifferByTheirSourceLine()
    {
        AssertName("<anonymous> retry(<number>, \"pay\") in cart.js", "javascript", Anonymous("  retry(3, \\\"pay\\\") "));
        AssertDifferent(Frames("javascript", Anonymous("pay()")), Frames("javascript", Anonymous("refund()")));

        static string Anonymous(string line) => $$"""{"function":"?","filename":"cart.js","context_line":"{{line}}","in_app":true}""";
    }

    [Theory]
    [InlineData("python", "Cart.pay", "pay")]
    [InlineData("python", "Cart.pay.<locals>.check", "check")]
    [InlineData("python", "<module>", "<module>")]
    [InlineData("go", "Pay.func1.2", "Pay.func")]
    [InlineData("go", "(*Cart).Pay.func1", "(*Cart).Pay.func")]
    [InlineData("go", "Pay.gowrap1", "Pay.gowrap")]
    [InlineData("go", "Cart[...].Pay", "Cart.Pay")]
    [InlineData("go", "func1", "func1")]
    [InlineData("ruby", "block (2 levels) in pay", "block in pay")]
    [InlineData("ruby", "rescue in pay", "pay")]
    [InlineData("ruby", "Shop::Cart#pay", "pay")]
    [InlineData("ruby", "_app_views_orders_show_html_erb__1234_5678", "_app_views_orders_show_html_erb")]
    [InlineData("php", "Shop\\\\Cart::pay", "Shop\\Cart::pay")]
    [InlineData("php", "class@anonymous\\u0000/srv/shop.php:12$0::pay", "class@anonymous::pay")]
    [InlineData("php", "{closure:Shop\\\\Cart::pay():12}", "{closure} in Shop\\Cart::pay()")]
    [InlineData("dart", "Cart.pay.<anonymous closure>", "Cart.pay")]
    [InlineData("dart", "new Cart", "Cart")]
    [InlineData("elixir", "anonymous fn/1 in Shop.Cart.pay/2", "anonymous fn/ in Shop.Cart.pay/2")]
    [InlineData("elixir", "-pay/2-fun-0-", "-pay/2-fun--")]
    public void GroupingOf_OtherLanguages_HaveNoGeneratedNumbers(string platform, string function, string name) =>
        AssertName(name + " in shop", platform, $$"""{"module":"shop","function":"{{function}}","in_app":true}""");

    [Fact]
    public void GroupingOf_FileOfAnotherFolder_IsTheSame() => AssertSame(
        Frames("python", """{"function":"pay","filename":"/releases/41/Shop/Cart.py","in_app":true}"""),
        Frames("python", """{"function":"pay","filename":"C:\\releases\\42\\shop\\cart.py","in_app":true}"""));

    [Fact]
    public void GroupingOf_FrameOfAnotherPlatform_IsReadByItsOwn() => AssertName(
        "PayAsync in Cart", "javascript", """{"platform":"csharp","module":"Cart+<PayAsync>d__4","function":"MoveNext","in_app":true}""");

    internal static void AssertName(string name, string platform, string frame) =>
        Assert.Equal("frame: " + name, Frames(platform, frame).Why[1]);
}
