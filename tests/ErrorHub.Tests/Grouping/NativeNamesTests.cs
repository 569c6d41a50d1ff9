namespace ErrorHub.Tests.Grouping;

/// <summary>Functions of C, C++, Rust, Swift and Objective-C by their names in the source.</summary>
public sealed class NativeNamesTests
{
    [Theory]
    [InlineData("pay", "pay")]
    [InlineData("shop::pay(int, char const*)", "shop::pay")]
    [InlineData("shop::Cart::pay(int) const", "shop::Cart::pay")]
    [InlineData("void shop::pay<int>(int)", "shop::pay")]
    [InlineData("std::map<int, std::pair<int, int> > shop::all<int>()", "shop::all")]
    [InlineData("shop::Cart<shop::Line<int> >::pay(std::vector<int>&)", "shop::Cart::pay")]
    [InlineData("shop::Cart<shop::Line<int", "shop::Cart")]
    [InlineData("pay (order=0x0, text=0x1 \\\"(\\\")", "pay")]
    [InlineData("shop::(anonymous namespace)::pay()", "shop::(anonymous)::pay")]
    [InlineData("shop::`anonymous namespace'::pay", "shop::(anonymous)::pay")]
    [InlineData("shop::?A0x1a2b3c4d::pay", "shop::(anonymous)::pay")]
    [InlineData("shop::pay()::{lambda(int)#2}::operator()(int) const", "shop::pay::lambda::operator()")]
    [InlineData("shop::pay()::$_3::operator()() const", "shop::pay::lambda::operator()")]
    [InlineData("lambda_0123456789abcdef0123456789abcdef::operator()", "lambda::operator()")]
    [InlineData("shop::<lambda_0123456789abcdef>::operator()", "shop::lambda::operator()")]
    [InlineData("shop::Cart::operator<<(int)", "shop::Cart::operator<<")]
    [InlineData("shop::Cart::operator->()", "shop::Cart::operator->")]
    [InlineData("shop::Cart::operator()(int)", "shop::Cart::operator()")]
    [InlineData("operator new(unsigned long)", "operator new", true)]
    [InlineData("shop::Cart::operator bool() const", "shop::Cart::operator bool")]
    [InlineData("shop::Cart::~Cart()", "shop::Cart::~Cart")]
    [InlineData("pay [clone .isra.0]", "pay")]
    [InlineData("pay.constprop.3", "pay")]
    [InlineData("pay.cold", "pay")]
    [InlineData("pay@@SHOP_1.2", "pay")]
    [InlineData("pay+0x1f", "pay")]
    [InlineData("pay + 31", "pay")]
    // Rust
    [InlineData("shop::pay::h0123456789abcdef", "shop::pay")]
    [InlineData("shop::pay::{{closure}}::h0123456789abcdef", "shop::pay::closure")]
    [InlineData("<shop::Cart as core::fmt::Display>::fmt::h0123456789abcdef", "shop::Cart::fmt")]
    [InlineData("shop[1a2b3c4d5e6f7081]::pay::{closure#3}", "shop::pay::closure")]
    [InlineData("_ZN4shop3pay17h0123456789abcdefE", "shop::pay")]
    [InlineData("_ZN4shop13Cart$LT$T$GT$3pay17h0123456789abcdefE", "shop::Cart::pay")]
    [InlineData("_RNvNtCs1234_7mycrate4cart3pay", "mycrate::cart::pay")]
    [InlineData("_RNvNtCsAbCd9_7mycrate4cart3pay", "mycrate::cart::pay")]
    // Objective-C
    [InlineData("-[Cart payWithOrder:amount:]", "-[Cart payWithOrder:amount:]")]
    [InlineData("__45-[Cart payWithOrder:]_block_invoke_2", "block in -[Cart payWithOrder:]")]
    [InlineData("__pay_block_invoke.12", "block in pay")]
    // Swift
    [InlineData("closure #1 (Swift.Int) -> () in Shop.Cart.pay(id: Swift.Int) -> ()", "closure in Shop.Cart.pay")]
    [InlineData("closure #2 in closure #1 in Cart.pay(id:)", "closure in Cart.pay")]
    [InlineData("partial apply for closure #1 in Cart.pay(id:)", "closure in Cart.pay")]
    [InlineData("static Shop.Cart.pay(id: Swift.Int) -> Swift.Bool", "Shop.Cart.pay")]
    [InlineData("specialized Cart.pay(id:)", "Cart.pay")]
    [InlineData("@objc Cart.pay()", "Cart.pay")]
    public void GroupingOf_Native_IsTheFunctionAsWritten(string function, string name, bool isNoise = false)
    {
        var inApp = isNoise ? ",\"in_app\":true" : "";
        Assert.Equal("frame: " + name, Grouped.Frames("native", $$"""{"function":"{{function}}"{{inApp}}}""").Why[1]);
    }

    [Theory]
    [InlineData("/usr/lib/x86_64-linux-gnu/libshop-1.0.so.2.3", "libshop-1.0.so")]
    [InlineData("C:\\\\Program Files\\\\Shop\\\\Shop.dll", "shop.dll")]
    public void GroupingOf_FunctionWithoutAName_IsItsLibraryWithoutAVersion(string package, string library) => Assert.Equal(
        ["type: T", $"frame: <anonymous> in {library}", "frame: pay"],
        Grouped.Frames("native", """{"function":"pay"}""", $$"""{"package":"{{package}}"}""").Why);
}
