# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""Scala source, line by line."""
import re

# A line that begins so goes on with the statement before it, although the
# parser would have been content without it.
GOES_ON = re.compile(r"\s*(\.|(?:else|catch|finally|with|extends|yield|match)\b|[)\]}])")
OPENS = re.compile(r"\s*\{")  # does so only on the very next line
NOTHING = re.compile(r"\s*(//.*)?$")
DEFINES = re.compile(r"^\s*(?:(?:abstract|final|sealed|implicit|case|private|protected)\s+)*(?:class|trait|object)\s+(\w+)", re.M)
COMPILER = re.compile(r"<console>:\d+: ")
MAGIC = re.compile(r"%(\w+)[ \t]*(\S*)[ \t]*$")


def split(code, is_incomplete):
    """Cuts code into top-level statements and magics, each with the number of its
    first line. is_incomplete(text) asks the compiler's parser."""
    parts, current = [], []
    lines = code.split("\n")
    for i, line in enumerate(lines):
        if not current and NOTHING.match(line):
            continue
        current.append(line)
        following = next((after for after in lines[i + 1:] if not NOTHING.match(after)), "")
        if GOES_ON.match(following) or i + 1 < len(lines) and OPENS.match(lines[i + 1]):
            continue
        if not MAGIC.match(line) and is_incomplete("\n".join(current)):
            continue
        parts.append((i + 2 - len(current), "\n".join(current)))
        current = []
    if current:
        parts.append((len(lines) + 1 - len(current), "\n".join(current)))
    return _join_companions(parts)


def _join_companions(parts):
    """A class and an object of one name are companions only in one piece."""
    joined = []
    for line, part in parts:
        if joined and (name := _defined(part)) and name == _defined(joined[-1][1]):
            joined[-1] = joined[-1][0], joined[-1][1] + "\n" + part
        else:
            joined.append((line, part))
    return joined


def _defined(part):
    found = DEFINES.match(part)
    return found and found.group(1)


def failure(echo, line):
    """The first line of an error, and the others. The compiler shows where it is;
    of an exception, the REPL does not tell the statement that it came from."""
    first, *rest = lines(echo) or ["the REPL gives no reason"]
    if not COMPILER.match(first):
        rest.append(f"  at <cell>:{line}\n")
    return first.rstrip("\n"), rest


def lines(text):
    """The lines of text with their ends, blank ones before the first dropped."""
    return text.lstrip("\n").splitlines(keepends=True)
