# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Stands in for the parts of matplotlib that the helper has to do with."""
import sys
import types


class Settings(dict):
    pass


class Figure:
    axes, lines = [1], []

    def __init__(self, name="figure"):
        self.name = name

    def get_facecolor(self):
        return "white"

    def savefig(self, image, **_):
        image.write(self.name.encode())

    def __repr__(self):
        return "<Figure>"


Figure.__module__ = "matplotlib.figure"


class Gcf:
    managers = []

    @classmethod
    def get_all_fig_managers(cls):
        return list(cls.managers)

    @classmethod
    def destroy_all(cls):
        cls.managers.clear()


class Manager:
    def __init__(self, canvas, number):
        self.canvas, self.number = canvas, number


def module(name, **names):
    made = types.ModuleType(name)
    made.__dict__.update(names, __path__=[])
    sys.modules[name] = made
    return made


module("matplotlib", rcParams=Settings(backend=object()))
module("matplotlib.figure", Figure=Figure)
module("matplotlib.backends")
module("matplotlib.backends.backend_agg", FigureCanvasAgg=lambda figure: types.SimpleNamespace(figure=figure))
module("matplotlib.backend_bases", FigureManagerBase=Manager)
module("matplotlib._pylab_helpers", Gcf=Gcf)


def figure(name):
    """What plt.figure() does."""
    backend = sys.modules["livy_kernel_matplotlib"]
    Gcf.managers.append(backend.new_figure_manager_given_figure(1, Figure(name)))


def show():
    sys.modules["livy_kernel_matplotlib"].show()


def get_fignums():
    return [m.number for m in Gcf.managers]
