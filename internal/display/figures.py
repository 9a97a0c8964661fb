# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

# Figures and charts. Nothing of this is done before their library is imported.
import importlib.util, io

last_figure = []  # that was shown and closed


def figure_data(figure):
    """A figure as PNG; nothing where it is empty."""
    if not figure.axes and not figure.lines:
        return {}
    image = io.BytesIO()
    figure.savefig(image, format="png", facecolor=figure.get_facecolor(), bbox_inches="tight")
    figure._livy_kernel_shown = True
    return {"image/png": image.getvalue()}


def show_figures(*_, **__):
    """Shows the figures that are open and closes them: plt.show()."""
    managers = sys.modules["matplotlib._pylab_helpers"].Gcf
    for manager in managers.get_all_fig_managers():
        figure = manager.canvas.figure
        if not getattr(figure, "_livy_kernel_shown", False) and (figure.axes or figure.lines):
            display(figure)
        last_figure[:] = [figure]
    managers.destroy_all()


def current_figure(pyplot):
    """What %matplot shows: of figures that are closed, the last one."""
    return last_figure[0] if last_figure and not pyplot.get_fignums() else pyplot.gcf()


def use_backend():
    """Has pyplot, which is about to be imported, use our backend unless the
    user has named one. Agg in the environment is no user's choice: it stands
    there where there is no screen."""
    settings = sys.modules["matplotlib"].rcParams
    chosen = dict.__getitem__(settings, "backend")
    if isinstance(chosen, str) and (chosen.lower(), os.environ.get("MPLBACKEND", "").lower()) != ("agg", "agg"):
        return
    from matplotlib.backend_bases import FigureManagerBase
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    backend = sys.modules["livy_kernel_matplotlib"] = types.ModuleType("livy_kernel_matplotlib")

    def new_figure_manager_given_figure(num, figure):
        if not state["flushes"]:
            write(encode({"type": "flush"}))  # nobody else tells of the end of the cell
        return FigureManagerBase(FigureCanvasAgg(figure), num)

    def new_figure_manager(num, *args, **kwargs):
        return new_figure_manager_given_figure(num, kwargs.pop("FigureClass", Figure)(*args, **kwargs))

    backend.__dict__.update(
        FigureCanvas=FigureCanvasAgg, FigureManager=FigureManagerBase, new_figure_manager=new_figure_manager,
        new_figure_manager_given_figure=new_figure_manager_given_figure, show=show_figures,
        draw_if_interactive=lambda: None, backend_version="1")
    settings["backend"] = "module://livy_kernel_matplotlib"


def flush(magic=False):
    """The end of a cell. Figures that a magic has shown are closed only."""
    if "matplotlib._pylab_helpers" in sys.modules and "livy_kernel_matplotlib" in sys.modules:
        if magic:
            sys.modules["matplotlib._pylab_helpers"].Gcf.destroy_all()
        else:
            show_figures()


def use_plotly(module):
    """Makes ours the renderer of plotly's figures, beside which IPython is
    needed. The HTML is for where nothing knows plotly's own MIME type."""
    renderers = importlib.import_module("plotly.io._renderers")

    class Renderer(renderers.ExternalRenderer):
        def render(self, figure):
            data = dict(renderers.renderers["plotly_mimetype"].to_mimebundle(figure))
            data["text/plain"] = "Figure of plotly"
            data["text/html"] = module.to_html(figure, include_plotlyjs="cdn", full_html=False, validate=False)
            publish(data)

    renderers.renderers["livy_kernel"] = Renderer()
    if not os.environ.get("PLOTLY_RENDERER"):
        renderers.renderers.default = "livy_kernel"


def chart_data(chart, known):
    """A chart of altair by its own MIME type, whatever renderer is enabled."""
    if any(m.startswith("application/vnd.vega") for m in known) or not callable(getattr(chart, "to_dict", None)):
        return {}
    mime = "application/vnd.vegalite.v5+json"
    for kind in type(chart).__mro__:  # Chart of altair.vegalite.v5.api
        own_display = sys.modules.get(kind.__module__.rpartition(".")[0] + ".display")
        mime = getattr(own_display, "VEGALITE_MIME_TYPE", mime)
    try:
        return {mime: chart.to_dict(context={"pre_transform": False})}
    except Exception as e:
        sys.stderr.write("%s: %s\n" % (type(e).__name__, e))
        return {}


def use_ipython(module):
    """IPython's own display does nothing outside of IPython."""
    module.display, module.update_display, module.publish_display_data = display, update_display, publish
    module.clear_output = clear_output
