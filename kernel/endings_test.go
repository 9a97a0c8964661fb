// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// The kernel's end is quiet when nobody is there any more, or nobody ever was.
func TestC4EndWithoutClients(t *testing.T) {
	t.Run("all have gone", func(t *testing.T) {
		b := newEcho()
		r := start(t, b)
		r.send(t, kerneltest.Shell, code("wait"))
		<-b.begun
		r.client.Close()
		r.stop()
		if err := <-r.served; err != nil {
			t.Error(err)
		}
		checkQuiet(t, r)
	})
	t.Run("nobody ever was", func(t *testing.T) {
		r := listen(t, newEcho())
		r.stop()
		if err := <-r.served; err != nil {
			t.Error(err)
		}
		checkQuiet(t, r)
	})
}

func checkQuiet(t *testing.T, r *running) {
	t.Helper()
	if log := r.log.String(); strings.Contains(log, "level=WARN") || strings.Contains(log, "level=ERROR") {
		t.Error(log)
	}
}

// The last messages arrive, however often: the reply, shutdown_reply on iopub
// and the idle, with a cell that runs and cells that wait.
func TestC4Trap05NothingIsLostAtTheEnd(t *testing.T) {
	for i := range 30 {
		b := newEcho()
		r := start(t, b)
		cell := r.send(t, kerneltest.Shell, code("wait"))
		<-b.begun
		queued := r.send(t, kerneltest.Shell, code("echo never"))
		info := r.send(t, kerneltest.Shell, wire.KernelInfoRequest{})
		x, err := r.client.Request(deadline(t), kerneltest.Control, wire.ShutdownRequest{})
		if err != nil {
			t.Fatalf("shutdown %d: %v", i, err)
		}
		if x.Find("shutdown_reply") == nil {
			t.Errorf("shutdown %d: no shutdown_reply on iopub", i)
		}
		for _, request := range []*wire.Message{cell, queued, info} {
			// What the kernel had read by then is answered; what it had not is not.
			x, err := r.client.Wait(deadline(t), request, kerneltest.Exchange.Served)
			if err != nil && (request == cell || len(x.IOPub) > 0) {
				t.Errorf("shutdown %d: %v", i, err)
			}
		}
		if err := <-r.served; err != nil {
			t.Error(err)
		}
		r.client.Close()
	}
}

// A second shutdown_request is answered as the first one was, if it comes in
// time, and does no harm. What was accepted has its answer, however late.
func TestC4ShutdownTwice(t *testing.T) {
	for range 30 {
		b := newEcho()
		r := start(t, b)
		first := r.send(t, kerneltest.Control, wire.ShutdownRequest{Restart: true})
		second, err := r.client.Send(deadline(t), kerneltest.Control, wire.ShutdownRequest{})
		if err == nil { // the kernel has not gone already
			x, err := r.client.Wait(deadline(t), second, kerneltest.Exchange.Served)
			if err != nil && len(x.IOPub) > 0 {
				t.Error(err)
			}
		}
		r.wait(t, first, kerneltest.Exchange.Served)
		if err := <-r.served; err != nil {
			t.Error(err)
		}
		if got := <-b.closed; !got.restart || len(b.closed) != 0 {
			t.Errorf("Close: %+v, and %d times more", got, len(b.closed))
		}
		r.client.Close()
	}
}

// The kernel listens on IPv6 too.
func TestW10IPv6(t *testing.T) {
	for _, ip := range []string{"::1", "[::1]"} {
		info := anyPorts
		info.IP = ip
		r := listenOn(t, info, newEcho())
		r.client = dial(t, r.Kernel)
		checkBalanced(t, r.request(t, code("echo 1")))
		if log := r.log.String(); strings.Contains(log, "level=WARN") {
			t.Error(log)
		}
	}
}

// The socket files of a kernel that was killed do not hinder the next one.
func TestW10W11StaleIPCFiles(t *testing.T) {
	info := ipcInfo(t)
	for port := 1; port <= 5; port++ {
		path := fmt.Sprintf("%s-%d", info.IP, port)
		killed, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
		if err != nil {
			t.Fatal(err)
		}
		killed.SetUnlinkOnClose(false)
		killed.Close()
	}
	r := listenOn(t, info, newEcho())
	r.client = dial(t, r.Kernel)
	checkBalanced(t, r.request(t, code("echo 1")))
}
