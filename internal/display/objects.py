# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

# display and its kin, for any object that has a rich form.
import builtins, re, traceback

METHODS = (
    ("_repr_html_", "text/html"), ("_repr_markdown_", "text/markdown"), ("_repr_svg_", "image/svg+xml"),
    ("_repr_png_", "image/png"), ("_repr_jpeg_", "image/jpeg"), ("_repr_latex_", "text/latex"),
    ("_repr_json_", "application/json"), ("_repr_javascript_", "application/javascript"),
    ("_repr_pdf_", "application/pdf"),
)

MISNAMED = re.compile(r"\.json$")  # of altair 6; notebooks hold JSON under +json alone


def is_of(obj, name, package):
    """Whether obj is of a class of that name and package, without importing it."""
    return any(c.__name__ == name and (c.__module__ + ".").startswith(package + ".") for c in type(obj).__mro__)


def own(obj, name):
    """A method of the object's class: __getattr__ may make up any name."""
    return getattr(obj, name) if callable(getattr(type(obj), name, None)) else None


def asked(method, *args, **kwargs):
    """The data and the metadata that a method returns. Its failure is told."""
    try:
        found = method(*args, **kwargs)
    except Exception as e:
        if not isinstance(e, NotImplementedError):
            sys.stderr.write("%s failed: %s" % (method.__name__, traceback.format_exception_only(type(e), e)[-1]))
        return None, {}
    if isinstance(found, tuple) and len(found) == 2:
        return found[0], found[1] or {}
    return found, {}


def rich(obj, include=None, exclude=None):
    """What obj looks like: data and metadata by MIME type, both empty for
    objects that are text alone."""
    data, metadata = {}, {}
    if isinstance(obj, type):
        return data, metadata
    for name, mime in METHODS:
        method = own(obj, name)
        if method:
            found, about = asked(method)
            if found is not None:
                data[mime] = found
                if about:
                    metadata[mime] = about
    method = own(obj, "_repr_mimebundle_")
    if method:
        found, about = asked(method, include=include, exclude=exclude)
        data.update(found or {})
        metadata.update(about)
    if is_of(obj, "Figure", "matplotlib.figure"):
        data.update(figure_data(obj))
    if is_of(obj, "TopLevelMixin", "altair"):
        data.update(chart_data(obj, data))
        data = {MISNAMED.sub("+json", m): data[m] for m in data}
    keep = [m for m in data if m == "text/plain" or (not include or m in include) and m not in (exclude or ())]
    return {m: data[m] for m in keep}, {m: metadata[m] for m in keep if m in metadata}


class DisplayHandle(object):
    def __init__(self, display_id=None):
        if display_id is None:
            import uuid
            display_id = uuid.uuid4().hex
        self.display_id = display_id

    def __repr__(self):
        return "<DisplayHandle display_id=%s>" % self.display_id

    def display(self, obj, **kwargs):
        display(obj, display_id=self.display_id, **kwargs)

    def update(self, obj, **kwargs):
        update_display(obj, display_id=self.display_id, **kwargs)


def publish(data, metadata=None, transient=None, update=False, **_):
    send("update_display_data" if update else "display_data", data=data, metadata=metadata or {},
         display_id=str((transient or {}).get("display_id") or ""))


def display(*objs, **options):
    """Shows objects: display(obj, …, display_id=None, include=None, exclude=None,
    metadata=None, raw=False, clear=False, limit=1000). Of a Spark DataFrame
    the first limit rows are fetched."""
    display_id, update = options.get("display_id"), options.get("update", False)
    handle = None
    if display_id is not None:
        handle = DisplayHandle(None if display_id is True else str(display_id))
    if options.get("clear"):
        clear_output(wait=True)
    for obj in objs:
        transient = dict(options.get("transient") or {}, **({"display_id": handle.display_id} if handle else {}))
        if options.get("raw"):
            publish(obj, options.get("metadata"), transient, update)
        elif is_of(obj, "DataFrame", "pyspark.sql") and not obj.isStreaming:
            publish({TABLE: spark_table(obj, options.get("limit") or 1000)}, options.get("metadata"), transient, update)
        elif not handle and own(obj, "_ipython_display_"):
            obj._ipython_display_()
        else:
            data, metadata = rich(obj, options.get("include"), options.get("exclude"))
            data.setdefault("text/plain", repr(obj))
            publish(data, dict(metadata, **(options.get("metadata") or {})), transient, update)
    return handle


def shows_frame(value):
    """Displays a DataFrame, of Spark or of pandas, in place of Livy's %table,
    which makes one cell of text of it."""
    if not is_of(value, "DataFrame", "pyspark.sql") and not is_of(value, "DataFrame", "pandas"):
        return False
    display(value)
    return True


def update_display(obj, display_id=None, **options):
    """Shows obj in place of what was displayed with that display_id."""
    if display_id is None:
        raise TypeError("update_display needs a display_id")
    display(obj, display_id=display_id, update=True, **options)


def displayHTML(html):
    """Shows HTML."""
    publish({"text/html": str(html)})


def clear_output(wait=False):
    """Clears the output of the cell."""
    send("clear_output", wait=bool(wait))


def show_value(value):
    """Shows the value of a cell's last expression; stands for sys.displayhook."""
    if type(value) not in (type(None), str, int, float, bool, list, tuple, dict, set):
        if own(value, "_ipython_display_"):
            builtins._ = value
            value._ipython_display_()
            return
        data, metadata = rich(value)
        if data:
            data.setdefault("text/plain", repr(value))
            builtins._ = value
            send("execute_result", data=data, metadata=metadata)
            return
    plain_hook(value)
