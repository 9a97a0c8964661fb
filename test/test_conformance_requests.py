# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Requests as the kernels of each language answer them. The names of the tests
hold the ids of docs/protocol.md."""
import pytest

from standin import PATIENCE, livytest, reply_to, run, standin  # noqa: F401: fixtures among them


def content(client, request, *args, **kw):
    return getattr(client, request)(*args, reply=True, timeout=PATIENCE, **kw)["content"]


@pytest.mark.parametrize("kind, samples", [
    ("pyspark", {"1": "complete", "def f():": "incomplete", "f(1,": "incomplete", "'''a": "incomplete", "x = (1, 2)": "complete", "x = )": "invalid"}),
    ("spark", {"val x = 1": "complete", "def f(x: Int) = {": "incomplete", '"""a': "incomplete"}),
    ("sql", {"select 1;": "complete", "select 'a": "incomplete", "select (1": "incomplete"}),
], ids=["pyspark", "spark", "sql"])
def test_R4_is_complete(standin, kind, samples):
    _, client = standin.start(kind)
    replies = {code: reply_to(client, client.is_complete(code)) for code in samples}
    assert {code: reply["status"] for code, reply in replies.items()} == samples
    for reply in replies.values():
        assert ("indent" in reply) == (reply["status"] == "incomplete") and isinstance(reply.get("indent", ""), str)
    assert standin.server.sessions() == [], "nothing of that starts a session"


@pytest.mark.parametrize("kind", ["pyspark", "spark", "sql"])
def test_R2_R3_cursors_count_code_points(standin, kind):
    """An emoji is one, a letter with an accent of its own is two; what lies
    outside the code is its border."""
    _, client = standin.start(kind)
    before = "e\u0301🦀 "
    code = before + "%%sq"
    reply = content(client, "complete", "%%sq", cursor_pos=4)
    assert "%%sql" in reply["matches"] and (reply["cursor_start"], reply["cursor_end"]) == (0, 4)
    for cursor in (0, 3, len(code), 10_000, -5):
        reply = content(client, "complete", code, cursor_pos=cursor)
        assert reply["status"] == "ok"
        assert 0 <= reply["cursor_start"] <= reply["cursor_end"] <= len(code), reply
        assert content(client, "inspect", code, cursor_pos=cursor)["status"] == "ok"
    assert content(client, "inspect", "%%sql", cursor_pos=3)["found"]
    assert standin.server.sessions() == []


def test_R5_history(standin):
    _, client = standin.start("sql")
    for code in ("11", "22", "11", "3\n3"):
        run(client, code)
    run(client, "unstored", store_history=False)
    run(client, "silent", silent=True)
    ask = lambda **kw: [entry[2] for entry in content(client, "history", raw=True, **kw)["history"]]  # noqa: E731
    assert ask(hist_access_type="tail", n=2, output=False) == ["11", "3\n3"]
    assert ask(hist_access_type="range", session=0, start=1, stop=3, output=False) == ["11", "22"]
    assert ask(hist_access_type="range", output=False) == ["11", "22", "11", "3\n3"]
    assert ask(hist_access_type="search", pattern="1*", unique=True, n=9, output=False) == ["11"]
    inputs, outputs = zip(*ask(hist_access_type="tail", n=2, output=True))
    assert inputs == ("11", "3\n3") and all("bytes" in o for o in outputs), outputs


def test_X9_housekeeping_of_VS_Code(standin):
    """Hidden code of the client is answered at once, and starts no session."""
    _, client = standin.start()
    for code in ("__vsc_ipynb_file__ = '/n.ipynb'", "import ipywidgets as _VSCODE_ipywidgets\nprint(1)"):
        reply, published = run(client, code, store_history=False, stop_on_error=False, allow_stdin=True)
        assert reply["status"] == "ok" and not {"stream", "execute_result", "error"} & set(published)
    assert standin.server.sessions() == []
    reply, _ = run(client, "1")
    assert reply["execution_count"] == 1 and len(standin.server.sessions()) == 1


def test_X5_user_expressions_have_a_result_each(standin):
    _, client = standin.start()
    reply, _ = run(client, "1", user_expressions={"a": "1 + 1", "b": "2"})
    assert reply["status"] == "ok" and set(reply["user_expressions"]) == {"a", "b"}
    for result in reply["user_expressions"].values():
        assert result["status"] in ("ok", "error")
        assert {"data", "metadata"} <= set(result) or {"ename", "evalue", "traceback"} <= set(result)


def test_I2_result_has_text(standin):
    _, client = standin.start("sql")
    _, published = run(client, "select 1")
    [output] = published["execute_result"]
    assert output["data"]["text/plain"] and all("/" in mime for mime in output["data"])


def test_X8_R8_a_kernel_never_asks_unbidden(standin):
    """Nothing is asked of a client that takes no questions."""
    _, client = standin.start()
    reply, _ = run(client, "raise EOFError x", allow_stdin=False)
    assert reply["ename"] == "EOFError"
    assert not client.stdin_channel.msg_ready()
