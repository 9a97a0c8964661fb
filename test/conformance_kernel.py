# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""jupyter_kernel_test, a class for each language; run by test_conformance.py."""
import unittest

import jupyter_kernel_test


class Warm(jupyter_kernel_test.KernelTests):
    """The suite gives a reply 15 s, and a session's start takes longer on a
    busy machine: one cell comes first."""

    warm_up = "1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kc.execute_interactive(cls.warm_up, timeout=300, output_hook=lambda message: None)


class PySpark(Warm):
    kernel_name = "livy-local-pyspark"
    language_name = "python"
    file_extension = ".py"
    code_hello_world = "print('hello, world')"
    completion_samples = [{"text": "impor", "matches": {"import"}}, {"text": "%%sq", "matches": {"%%sql"}}]
    complete_code_samples = ["1", "print('hello, world')", "def f(x):\n    return x * 2\n\n", "%%sql\nselect 1;"]
    incomplete_code_samples = ["def f(x):", "print('''hello", "for i in range(3):\n    print(i)", "f(1,"]
    invalid_code_samples = ["x = )", "print(]"]
    code_generate_error = "raise ValueError('on purpose')"
    code_display_data = [{"code": "%%info", "mime": "text/html"}]
    code_inspect_sample = "%%sql"
    supported_history_operations = ()


class Scala(Warm):
    kernel_name = "livy-local-spark"
    language_name = "scala"
    file_extension = ".scala"
    code_hello_world = 'println("hello, world")'
    completion_samples = [{"text": "%%py", "matches": {"%%pyspark"}}]
    complete_code_samples = ["1", "val x = 1", "def f(x: Int) = x * 2"]
    incomplete_code_samples = ["def f(x: Int) = {", "val x =", 'println("""hello']
    code_generate_error = 'throw new IllegalStateException("on purpose")'
    code_display_data = [{"code": "%%info", "mime": "text/html"}]
    code_inspect_sample = "%%sql"


class SQL(Warm):
    kernel_name = "livy-local-sql"
    language_name = "sql"
    file_extension = ".sql"
    warm_up = "select 1"
    completion_samples = [{"text": "selec", "matches": {"select"}}]
    complete_code_samples = ["select 1;", "select 'a;b';"]
    incomplete_code_samples = ["select 1", "select 'a;", "select (1"]
    code_generate_error = "select nothing from nowhere"
    code_execute_result = [
        {"code": "select 42 as answer", "mime": "text/html"},
        {"code": "select 43 as answer", "mime": "text/html"},
        {"code": "select 44 as answer", "mime": "text/html"},
    ]
    code_history_pattern = "select 42*"
    supported_history_operations = ("tail", "range", "search")
    code_display_data = [{"code": "%%info", "mime": "text/html"}]
    code_inspect_sample = "%%sql"


class Welcome(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "livy-local-pyspark"
    support_iopub_welcome = True


del Warm  # it is no kernel

if __name__ == "__main__":
    unittest.main()
