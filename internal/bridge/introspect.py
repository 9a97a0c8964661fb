# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

# Answers a question about the names of a session. It runs with names of its
# own; given are names, the user's globals, and request and mark. Nothing of the
# user's is called and no property is read but those known to be harmless. So
# isinstance is not used: it reads __class__.
import inspect, json, sys, types

OURS = ("pyspark.", "pandas.")
# These methods of a DataFrame keep its columns.
KEEPING = {"filter", "where", "limit", "orderBy", "sort", "distinct", "dropDuplicates", "cache", "persist",
           "repartition", "coalesce", "sample", "alias", "hint", "dropna", "fillna"}
LIMIT = 3000
# Their names in types are younger than some Pythons that Spark runs on.
ROUTINES = tuple(map(type, (str.join, object.__init__, dict.__dict__["fromkeys"], len, "".__str__))) + (types.MethodType,)
unknown = object()


def is_a(value, kind):
    return issubclass(type(value), kind)


def is_function(value):
    return type(value) is types.FunctionType


def is_module(value):
    return is_a(value, types.ModuleType)


def is_class(value):
    return is_a(value, type)


def is_routine(value):
    return is_function(value) or type(value) in ROUTINES or type(value).__name__ == "cython_function_or_method"


class Kind:
    """Stands for any object of a class."""

    def __init__(self, of):
        self.of = of


class Method:
    """A function, and what it was looked up in."""

    def __init__(self, function, of):
        self.function, self.of = function, of


def trusted(kind):
    return any(type(c.__module__) is str and c.__module__.startswith(OURS) for c in kind.__mro__)


def is_frame(value):
    return type(value).__name__ == "DataFrame" and trusted(type(value))


def columns(value):
    return [str(c) for c in value.columns] if is_frame(value) else []


def column_kind():
    found = vars(sys.modules.get("pyspark.sql", sys)).get("Column")
    return Kind(found) if is_class(found) else unknown


def returned(function):
    """What a call of function returns, by its annotation."""
    if is_function(function):
        function = inspect.unwrap(function)
    if not is_function(function):
        return unknown
    annotation = function.__annotations__.get("return")
    if type(annotation) is str:
        name = annotation.strip("\"'").partition("[")[0]
        annotation = function.__globals__.get(name) or vars(sys.modules.get("pyspark.sql", sys)).get(name)
    return Kind(annotation) if is_class(annotation) else unknown


def attribute(value, name):
    if is_a(value, Method):
        return unknown
    holder = value.of if is_a(value, Kind) else value
    if is_module(holder):
        return vars(holder).get(name, unknown)
    try:
        found = inspect.getattr_static(holder, name)
    except AttributeError:
        return column_kind() if name in columns(value) else unknown
    if is_a(found, property):
        return found if is_class(value) else returned(found.fget)
    if is_a(found, (staticmethod, classmethod)):
        found = found.__func__
    if is_routine(found):
        return Method(found, value)
    if hasattr(type(found), "__get__") and not is_class(found):
        return unknown
    return found


def called(value):
    if is_a(value, Method):
        if value.function.__name__ in KEEPING and is_frame(value.of):
            return value.of
        return returned(value.function)
    if is_class(value):
        return Kind(value)
    return returned(value) if is_function(value) else unknown


def item(value):
    kind = value.of if is_a(value, Kind) else type(value)
    return column_kind() if kind.__name__ == "DataFrame" and kind.__module__.startswith("pyspark.") else unknown


def look(chain):
    value = unknown
    for step in chain:
        if step["op"] == "name":
            value = names.get(step["name"], unknown)
            if value is unknown:
                value = vars(sys.modules["builtins"]).get(step["name"], unknown)
        elif step["op"] == "type":
            value = Kind(vars(sys.modules["builtins"])[step["name"]])
        elif step["op"] == "attr":
            value = attribute(value, step["name"])
        else:
            value = called(value) if step["op"] == "call" else item(value)
        if value is unknown:
            break
    return value


def attributes(value):
    if value is unknown or is_a(value, Method):
        return []
    if is_a(value, Kind):
        return dir(value.of)
    if is_module(value):
        return list(vars(value))
    if is_class(value):
        return type.__dir__(value)
    if type(value).__getattribute__ is not object.__getattribute__ and not trusted(type(value)):
        return dir(type(value))
    return object.__dir__(value)


def complete():
    if "module" in request:
        module = sys.modules.get(request["module"])
        return {"names": list(vars(module))[:LIMIT] if module else []}
    if "of" in request:
        value = look(request["of"])
        return {"names": attributes(value)[:LIMIT], "columns": [c for c in columns(value) if c.isidentifier()][:LIMIT]}
    if "strings" not in request:
        return {"names": list(names)[:LIMIT]}
    for chain in request["strings"]:
        value = look(chain)
        found = [k for k in value if type(k) is str] if type(value) is dict else columns(value)
        if found:
            return {"names": found[:LIMIT]}
    return {"names": []}


def signature(value):
    try:
        return str(inspect.signature(value))
    except Exception:
        return "(...)"


def source(value):
    try:
        return inspect.getsource(value)[:20000]
    except Exception:
        return ""  # it was typed into a cell, or is not written in Python


def describe():
    value, of, said = look(request["of"]), "", {}
    if value is unknown:
        return said
    if is_a(value, Method):
        holder = value.of.of if is_a(value.of, Kind) else value.of
        of = (holder if is_class(holder) else type(holder)).__name__ + "."
        value = value.function
    if is_a(value, Kind):
        value = value.of
        said["type"] = value.__name__
        documented = value
    elif is_routine(value) or is_class(value):
        said["type"] = "class" if is_class(value) else "function"
        said["signature"] = of + value.__name__ + signature(value)
        documented = value
    elif is_a(value, property) or is_module(value):
        said["type"] = type(value).__name__
        documented = value
    else:
        said.update(facts(value))
        documented = type(value)
        if not (request["detail"] or trusted(documented)):
            documented = None
    doc = inspect.getdoc(documented) if documented else None
    if type(doc) is str:
        said["doc"] = doc[:20000]
    if request["detail"] and (is_function(value) or is_class(value)):
        said["source"] = source(value)
    return said


def facts(value):
    said = {"type": type(value).__name__}
    if type(value) in (int, float, bool, complex, str, bytes) and len(str(value)) < 500:
        said["value"] = repr(value)
    elif type(value) in (list, tuple, dict, set, frozenset):
        said["value"] = f"{len(value)} items"
    elif is_frame(value):
        pairs = value.dtypes if type(value.dtypes) is list else value.dtypes.items()
        said["fields"] = [[str(n), str(t)] for n, t in list(pairs)[:1000]]
    return said


try:
    answer = describe() if request["op"] == "inspect" else complete()
except Exception as e:
    answer = {"failed": type(e).__name__}
print(mark + json.dumps(answer) + mark)
