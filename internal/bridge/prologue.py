# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
def _livy_kernel_prologue(nonce):
    import os, sys, traceback
    shell = sys.modules["__main__"]
    if not hasattr(shell, "execute_reply_error") or not hasattr(shell, "clearOutputs"):
        return  # another interpreter, without these faults
    plain, clear = traceback.format_exception, shell.clearOutputs
    if hasattr(plain, "nonce"):
        plain.nonce = nonce  # it has run before, for another kernel
        return

    # The interpreter answers over file descriptor 1. What a child process
    # writes there would be taken for the answer to the next statement.
    answers = os.dup(1)
    raw = getattr(sys.__stdout__.buffer, "raw", sys.__stdout__.buffer)
    raw.__init__(answers, "wb", closefd=False)
    os.dup2(2, 1)

    # What was printed before an exception is not in the answer. It goes along
    # with the traceback, whether it is cleared before that is made or not.
    kept = []

    def printed():
        return sys.stdout.getvalue() + sys.stderr.getvalue()

    def clear_outputs():
        if sys.exc_info()[1] is not None:
            kept.append(printed())
        clear()

    # The interpreter takes the cell's own frame off a traceback, and leaves out
    # what caused the error. It is given the frame twice, its own ones not at all.
    own_file = shell.execute_reply_error.__code__.co_filename

    def framed(lines):
        lines = [line for line in lines if not line.startswith('  File "%s"' % own_file)]
        of_cells = [line for line in lines if line.startswith('  File "<stdin>"') and line.endswith("in <module>\n")]
        return lines[:1] + of_cells[:1] + lines[1:]

    def format_exception(*args, **kwargs):
        if sys._getframe(1).f_code is not shell.execute_reply_error.__code__:
            return plain(*args, **kwargs)
        if "chain" in kwargs and len(args) > 2 and args[2] is not None:
            kwargs["chain"] = True
        lines = plain(*args, **kwargs)
        if lines and lines[0].startswith("Traceback"):
            lines = framed(lines)
        text = "".join(kept) + printed()
        kept.clear()
        clear()
        if text:
            lines.append(format_exception.nonce + text)
        return lines

    format_exception.nonce = nonce
    traceback.format_exception = format_exception
    shell.clearOutputs = clear_outputs


try:
    _livy_kernel_prologue(NONCE)
finally:
    del _livy_kernel_prologue
