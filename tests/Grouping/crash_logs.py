"""Reads the stack out of a crash log, whatever printed it: sanitizers, gdb, cdb, V8, Chromium, Android, the kernel, Java, Go, Python.

Test code: ErrorHub itself gets stacks from SDKs, as frames. A frame here is {function, package?, filename?}, the crash site first.
"""
import re

ADDRESS = r"(?:0x)?[0-9a-fA-F`]{6,}"
# What follows a function: its file with a line, or its module with an offset, in brackets.
PLACE = r"(?:\s+(?P<filename>(?:/|\.\./|\.\\|[A-Za-z]:[\\/]|[\w.+-]+/)?[^\s()]*\.\w{1,6}(?::\d+){1,2}|(?:/|[A-Za-z]:\\)\S+)|\s+\((?P<package>[^()]+?)\+0x[0-9a-f]+\))?"

FRAMES = [re.compile(pattern) for pattern in (
    # #0 0x7f161a913b13 in blink::f(int) /src/f.cc:1:2        sanitizers
    rf"^\s*#(?P<n>\d+)\s+{ADDRESS}\s+in\s+(?P<function>.+?){PLACE}(?:\s+\(BuildId: \w+\))?\s*$",
    # #0 0x7f161a913b13  (/usr/lib/libshop.so+0x123)          sanitizers, without a name
    rf"^\s*#(?P<n>\d+)\s+{ADDRESS}\s+\((?P<package>[^()]+?)\+0x[0-9a-f]+\)",
    # #0  pay (order=0x0) at shop.c:1                           gdb
    rf"^\s*#(?P<n>\d+)\s+(?:{ADDRESS}\s+in\s+)?(?P<function>[\w:~<>,*& ]+?\S*)\s+\(.*\)\s+(?:at|from)\s+(?P<filename>\S+)\s*$",
    # #00 pc 0001c9f8  /system/lib/libc.so (abort+4)           Android
    r"^.*#(?P<n>\d+)\s+pc\s+[0-9a-f]+\s+(?P<package>\S+)(?:\s+\((?P<function>.+?)(?:\+\d+)?\))?",
    # #0 0x7f161a913b13 base::debug::StackTrace::StackTrace()  Chromium; 1   0x7f161a913b13 WTFReportBacktrace(int)
    rf"^\s*(?:\[[^\]]*\]\s*)?#?(?P<n>\d+)\s+{ADDRESS}\s+(?P<function>[^\s\[(].*?)(?:\s*\[{ADDRESS}\+\d+\]|\s+\+\s+\d+)?{PLACE}\s*$",
    # 00 0018f8d0 00fd13e8 shop!pay+0x1e                       cdb
    rf"^\s*(?:(?P<n>[0-9a-f]{{2}})\s+)?(?:{ADDRESS}\s+)+(?P<package>[\w.]+)!(?P<function>[^+\[]+?)(?:\+0x[0-9a-f]+)?(?:\s+\[.*\])?\s*$",
    #     at shop.Cart.pay(Cart.java:1)                        Java
    r"^(?:.*?:\s)?\s*at\s+(?P<function>[\w$.<>-]+)\((?P<filename>[^()]*)\)\s*$",
    #     at pay (/src/cart.js:1:2)                            JavaScript
    r"^\s*at\s+(?P<function>[\w$.<> \[\]]+)\s+\((?P<filename>[^()]+:\d+:\d+)\)\s*$",
    # [<ffffffff81>] pay+0x10/0x20                             kernels
    r"^.*?(?:\[<[0-9a-f]+>\]\s*|\[\s*[\d.]+\]\s*(?:\[\s*[TC]\d+\]\s*)?\s+)\(?(?P<function>[a-z_][\w.]*)\)?(?:\+0x|\s*\+).*$",
)]
GO_FRAME = re.compile(r"^(?P<function>[\w./-]+\.(?:\(\*?\w+\)\.)?[\w.{}]+)\((?:0x|\.\.\.|\)|\{|\w).*$")
GO_PLACE = re.compile(r"^\s+/\S+:\d+")
PYTHON_FRAME = re.compile(r'^\s*File "(?P<filename>[^"]+)", line \d+, in (?P<function>\S+)')


def frames_of(log):
    """All stacks of a log, each a list of frames; a stack ends where the numbers start anew or other text comes."""
    lines = log.splitlines()
    stacks, current, gap = [], [], 0

    def end():
        nonlocal current
        if current:
            stacks.append(current)
        current = []

    for i, line in enumerate(lines):
        python = PYTHON_FRAME.match(line)
        if python:
            if not (current and current[-1].get("python")):
                end()
            current.append({**python.groupdict(), "python": True})
            gap = -1
            continue
        go = GO_FRAME.match(line)
        if go and i + 1 < len(lines) and GO_PLACE.match(lines[i + 1]):
            if not (current and current[-1].get("go")):
                end()
            # Their last folder is the package's name.
            current.append({"function": go["function"].rsplit("/", 1)[-1], "go": True})
            gap = -1
            continue
        found = next((match for match in (pattern.match(line) for pattern in FRAMES) if match), None)
        if found:
            frame = {key: value for key, value in found.groupdict().items() if value}
            # "in (libpthread.so.0+0x1)", "in libclang_rt.asan.so": a function without a name.
            if module := re.fullmatch(r"<?\(?([^\s()<>]+\.(?:so|dylib|dll|exe)[\d.]*)(?::\w+)?(?:\+0x[0-9a-f]+\)?)?>?", frame.get("function", "")):
                frame["package"] = module[1]
                del frame["function"]
            elif frame.get("function") == "??:?":
                del frame["function"]
            # libc++ prints the path behind a name without brackets.
            elif frame.get("function", "").startswith("operator") and " " in frame["function"] and "/" in frame["function"]:
                frame["function"] = frame["function"].split(" ")[0]
            number = frame.pop("n", None)
            if number is not None and current and int(number, 16) <= current[-1].get("number", -1) and int(number, 16) <= 1:
                end()
            current.append({**frame, "number": int(number, 16) if number else -1})
            gap = 0
        elif current:
            gap += 1
            # Kernels and panics print registers and places between the frames.
            if gap > 2:
                end()
    end()
    return [list(reversed(stack)) if stack[0].get("python") else stack for stack in stacks]


def platform_of(stack):
    return "python" if stack[0].get("python") else "go" if stack[0].get("go") else "native"
