# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Names that a session may have: a stand-in for PySpark's classes, and objects
that notice when something of theirs is called."""
import sys
import types

touched = []


def module(name, **members):
    made = types.ModuleType(name)
    for key, value in members.items():
        if isinstance(value, type):
            value.__module__ = name
        setattr(made, key, value)
    sys.modules[name] = made
    return made


class Column:
    """A column of a frame."""

    def isNotNull(self):
        """True where there is a value."""


class GroupedData:
    def pivot(self, column):
        pass


class DataFrame:
    """Rows with columns."""

    def __init__(self, *columns):
        self.columns = list(columns)
        self.dtypes = [(c, "double") for c in columns]

    @property
    def rdd(self):
        touched.append("rdd")

    def __getattr__(self, name):
        touched.append(name)
        raise AttributeError(name)

    def filter(self, condition):
        """Keeps the rows where condition holds.

        More of it."""
        touched.append("filter")

    def groupBy(self, *columns) -> "GroupedData":
        touched.append("groupBy")


module("pyspark")
module("pyspark.sql", DataFrame=DataFrame, Column=Column, GroupedData=GroupedData)
del Column, GroupedData


class Nosy:
    """Notices."""

    limit = 3

    def __getattribute__(self, name):
        touched.append(name)
        return object.__getattribute__(self, name)

    def __dir__(self):
        touched.append("__dir__")
        return []

    def method(self, *, deep=True):
        touched.append("method")

    @property
    def costly(self):
        touched.append("costly")


class Liar:
    def __class_getitem__(cls, name):
        touched.append("item")

    def __repr__(self):
        touched.append("repr")
        return "x" * 10**9

    __str__ = __len__ = __repr__


def fare(distance, *, per_km=2.0):
    """What a ride costs."""
    touched.append("fare")


df = DataFrame("fare_amount", "fare class", "day")
nosy, liar = Nosy(), Liar()
prices = {"small": 1, "large": 2, 3: 4}
answer, text, many = 42, "né", list(range(1000))
