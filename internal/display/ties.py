# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

# Where all this is tied to: imports, the interpreter, Livy's own magics.
import ast, importlib, os, types

WATCHED = {  # by what to do before, and after, the import
    "matplotlib.pyplot": (lambda: use_backend(), None),
    "plotly.io": (None, lambda module: use_plotly(module)),
    "IPython.core.display_functions": (None, lambda module: use_ipython(module)),
}


def quietly(function, *args):
    """What fails here must not fail a cell."""
    try:
        function(*args)
    except Exception as e:
        sys.stderr.write("display: %s: %s\n" % (type(e).__name__, e))


class Imports(object):
    """Stands first in sys.meta_path."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name not in WATCHED:
            return None
        before, after = WATCHED.pop(name)
        if before:
            quietly(before)
        if not after:
            return None
        spec = importlib.util.find_spec(name)
        if spec and spec.loader:
            load = spec.loader.exec_module

            def exec_module(module):
                load(module)
                quietly(after, module)

            spec.loader.exec_module = exec_module
        return spec


def begin_cell():
    state["spent"] = 0
    if state["live"]:
        quietly(state["live"].begin)


def end_cell(magic=False):
    quietly(flush, magic)
    quietly(cut_printed)


class Node(object):
    """A part of a cell as Apache Livy runs it; the last one ends the cell."""

    def __init__(self, node, last, magic):
        self.node, self.last, self.magic = node, last, magic

    def execute(self):
        try:
            result = self.node.execute()
        except BaseException:
            end_cell()
            raise
        if self.last:
            end_cell(self.magic)
        return result


def place(nodes, code):
    """Has what stands between magics bear the numbers of its lines in the cell."""
    firsts, within = [], False
    for number, line in enumerate(code.rstrip().split("\n")):
        magic = line.startswith("%")
        if magic or not within:
            firsts.append(number)
        within = not magic
    for node, first in zip(nodes, firsts):
        if isinstance(getattr(node, "code", None), ast.AST):
            ast.increment_lineno(node.code, first)


def tie_shell(shell):
    """Apache Livy's interpreter: a cell is a list of nodes."""
    parse = shell.parse_code_into_nodes

    def parse_code_into_nodes(code):
        nodes = parse(code)
        quietly(place, nodes, code)
        begin_cell()
        magic = any(getattr(n, "magic", "") == "matplot" for n in nodes)
        return [Node(n, n is nodes[-1], magic) for n in nodes]

    shell.parse_code_into_nodes = parse_code_into_nodes
    for name, handler in shell.magic_router.items():
        shell.magic_router[name] = guarded(shell, name, handler)


def guarded(shell, name, handler):
    """A magic whose failure is an error of the cell, not the interpreter's end."""

    def magic(*rest):
        key = rest[0].strip() if rest else ""
        try:
            if not key:
                raise TypeError("%%%s needs the name of a variable" % name)
            if key not in shell.global_dict:
                raise NameError("name %r is not defined" % key)
            value = shell.global_dict[key]
            if name == "json":
                return {"application/json": json.loads(encode(value))}
            if name == "table":
                if shows_frame(value):
                    return None
                check_types(value)
            if name == "matplot" and last_figure:
                return {"image/png": encode(figure_data(current_figure(value))["image/png"])[1:-1], "text/plain": ""}
            return handler(key)
        except Exception as e:
            raise shell.ExecutionError((type(e), e, None))

    return magic


def check_types(rows):
    """Livy's %table takes one type a column, and one in a list."""
    kinds = {}
    for row in rows if isinstance(rows, (list, tuple)) and not hasattr(rows, "asDict") else [rows]:
        row = row.asDict() if hasattr(row, "asDict") else row
        cells = row.items() if isinstance(row, dict) else enumerate(row if isinstance(row, (list, tuple)) else [row])
        for name, value in cells:
            if value is not None and kinds.setdefault(name, type(value)) is not type(value):
                raise TypeError("%%table takes one type a column, and column %r has %s and %s; display() shows any" % (
                    name, kinds[name].__name__, type(value).__name__))


def start(nonce):
    """Runs once for each kernel that uses the interpreter. The nonce of the
    first one stays; the others are told."""
    if state["nonce"]:
        sys.stdout.write(nonce + encode({"type": "nonce", "text": state["nonce"]}) + "\n")
        if hasattr(traceback.format_exception, "nonce"):  # of the prologue
            traceback.format_exception.nonce = state["nonce"]
        return
    state["nonce"] = nonce
    shell = sys.modules.get("__main__")
    if hasattr(shell, "parse_code_into_nodes") and hasattr(shell, "magic_router"):
        quietly(tie_shell, shell)
        state["flushes"] = True
    elif "livy_kernel_driver.python_language" in sys.modules:
        state["flushes"] = True
    for name in list(WATCHED):
        module = sys.modules.get(name)
        if module:
            before, after = WATCHED.pop(name)
            quietly(after, module) if after else quietly(before)
    sys.meta_path.insert(0, Imports)
    sys.displayhook = show_value
    for function in (display, update_display, displayHTML):
        if not hasattr(builtins, function.__name__):
            setattr(builtins, function.__name__, function)


plain_hook = sys.displayhook
