# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
def _livy_kernel_sql(frame, name, rows, quiet, fraction):
    import sys

    if name:
        globals()[name] = frame
        print(name + " is a Spark DataFrame in the Python cells of this session; " + name + ".toPandas() makes one of pandas.")
    chosen = frame if fraction == 1 else frame.sample(fraction)
    helper = sys.modules.get("livy_kernel_display")
    if quiet:
        if not name:
            chosen.take(1)  # it shows nothing but its errors
    elif not frame.columns:
        pass  # a command without a result
    elif helper:
        helper.send("execute_result", data={helper.TABLE: helper.spark_table(chosen, rows)}, metadata={})
    else:
        chosen.show(rows, truncate=False)


