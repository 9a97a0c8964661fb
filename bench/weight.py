# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Weight: binary, resident memory, processor time while nothing happens, and
200 kernels at once. Beside sparkmagic and ipykernel, on a scripted server that
answers at once."""
import concurrent.futures
import threading
import time

import room
from client import Kernel
from record import quick, save, say, summary

KERNELS = {"livy-kernel": room.OURS, "sparkmagic": room.THEIRS, "ipykernel": "python3"}
SLEEP = {"ipykernel": "import time; time.sleep({})"}  # the others: words of the scripted server


def processor(kernel, label, seconds):
    """Milliseconds of processor time in a second, idle and while a cell runs."""
    began, used = time.perf_counter(), kernel.cpu_ms()
    time.sleep(seconds / 2)
    idle = (kernel.cpu_ms() - used) / (time.perf_counter() - began)
    began, used = time.perf_counter(), kernel.cpu_ms()
    kernel.execute(SLEEP.get(label, "sleep {}").format(seconds))
    return {"idle": round(idle, 3), "waiting": round((kernel.cpu_ms() - used) / (time.perf_counter() - began), 3)}


def one(label, name, place, cells, seconds):
    """A kernel's memory in MiB as it works, and its use of the processor."""
    kernel = Kernel(name, place)
    time.sleep(1)
    found = {"start": kernel.memory()}
    kernel.execute("1+1")
    found["first cell"] = kernel.memory()
    for _ in range(cells):
        kernel.execute("1+1")
    time.sleep(1)  # what the last cell left is done
    found["cells"], found["after cells"] = cells, kernel.memory()
    found["processor"] = processor(kernel, label, seconds)
    kernel.close()
    return found


def many(n, place):
    """n kernels started as fast as can be, each with a session and a cell."""
    failures, kernels, lock = [], [], threading.Lock()

    def start(i):
        try:
            kernel = Kernel(room.OURS, place)
            with lock:
                kernels.append(kernel)
            kernel.execute(f"cell {i}")
        except Exception as failure:  # whatever it is, it is counted
            failures.append(repr(failure))
    began = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        list(pool.map(start, range(n)))
    seconds = time.perf_counter() - began
    time.sleep(2)
    used, began = sum(k.cpu_ms() for k in kernels), time.perf_counter()
    time.sleep(5)
    idle = (sum(k.cpu_ms() for k in kernels) - used) / (time.perf_counter() - began)
    result = {"n": n, "seconds": seconds, "failures": failures, "memory": sum(k.memory() for k in kernels), "own memory": own_memory(kernels),
              "start": summary([k.start_ms for k in kernels]), "idle": idle}
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda kernel: kernel.close(), kernels))
    return result


def own_memory(kernels):
    """MiB that no other process shares."""
    return sum(k.process.memory_full_info().uss for k in kernels) / 2**20


def main():
    few = quick(__doc__)
    room.build()
    result = {"binary": room.BINARY.stat().st_size / 2**20, "kernels": {}}
    with room.Scripted() as place:
        for label, name in KERNELS.items():
            say(f"weight: {label}")
            cells = 50 if few else 10_000 if label == "livy-kernel" else 1_000
            result["kernels"][label] = one(label, name, place, cells, 2 if few else 30)
        n = 10 if few else 200
        say(f"weight: {n} kernels")
        result["many"] = many(n, place)
    save("weight", result)


if __name__ == "__main__":
    main()
