"""The zygote: a process with one thread that holds the store in memory and forks workers off it.

A fork shares the memory of the store until somebody writes, so a worker costs milliseconds, may be killed at any
moment, and may even change its copy: that is a draft. POSIX only; the server never forks itself, because it has
threads.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import socket
import struct
import sys

from graph.confinement import lock_in
from graph.frames import ChannelClosed, read_frame
from graph.oxigraph import OxigraphStore
from graph.worker import Order, obey, serve

FORK = b"F"
"""Control byte: a socket comes along; fork a worker on it and answer its process id."""
FORK_REMOTE = b"R"
"""The same; the worker may open connections."""
MOST_CONNECTIONS = 64
"""Files and connections that a worker may have open which may open any."""
ORDER = b"O"
"""Control byte: a frame with an order for the zygote itself follows."""


def run(control: socket.socket) -> None:
    """Hold the store and obey the control channel until it closes."""
    store = OxigraphStore()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for workers: the kernel clears them away
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then closes the channel
    while True:
        command, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not command:
            return
        if command in (FORK, FORK_REMOTE):
            _fork(store, control, descriptors[0], remote=command == FORK_REMOTE)
        else:
            try:
                _, content = read_frame(control.recv)
            except ChannelClosed:
                return
            order: Order = pickle.loads(content)  # noqa: S301 - our own server writes it
            obey(store, order.request, control.sendall)


def _fork(store: OxigraphStore, control: socket.socket, descriptor: int, *, remote: bool) -> None:
    gc.freeze()  # what exists now is never collected, so the collector does not copy shared pages
    child = os.fork()
    if child:
        os.close(descriptor)
        control.sendall(struct.pack("<I", child))
        return
    try:
        control.close()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        channel = socket.socket(fileno=descriptor)
        lock_in(connections=MOST_CONNECTIONS if remote else 0)
        serve(store, channel.recv, channel.sendall)
    finally:
        os._exit(0)


if __name__ == "__main__":
    run(socket.socket(fileno=int(sys.argv[1])))
