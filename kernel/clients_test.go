// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// Ten clients get their own replies and see one order on iopub.
func TestRow87TenFrontEnds(t *testing.T) {
	const clients, cells = 10, 20
	r := start(t, newEcho())
	all := []*kerneltest.Client{r.client}
	for len(all) < clients {
		c := dial(t, r.Kernel)
		if _, err := c.WaitIOPub(deadline(t), "iopub_welcome"); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	requests := make([][]*wire.Message, clients)
	for i := range cells {
		for n, c := range all {
			m, err := c.Send(deadline(t), kerneltest.Shell, code(fmt.Sprintf("echo %d of %d", i, n)))
			if err != nil {
				t.Fatal(err)
			}
			requests[n] = append(requests[n], m)
		}
	}
	for n, c := range all {
		for i, request := range requests[n] {
			x, err := c.Wait(deadline(t), request, kerneltest.Exchange.Served)
			if err != nil {
				t.Fatal(err)
			}
			checkBalanced(t, x)
			want := fmt.Sprintf(`{"text/plain":"%d of %d"}`, i, n)
			if m := x.Find("execute_result"); m == nil || !strings.Contains(string(m.Content), want) {
				t.Errorf("client %d got %v for cell %d", n, m, i)
			}
		}
	}
	// Its idle is the last message of all.
	last := r.send(t, kerneltest.Shell, wire.KernelInfoRequest{})
	want := ""
	for n, c := range all {
		if _, err := c.Wait(deadline(t), last, kerneltest.Exchange.Idle); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			if replies := len(c.Transcript(kerneltest.Shell)); replies != cells {
				t.Errorf("client %d got %d replies", n, replies)
			}
		}
		var order strings.Builder
		for _, m := range c.Transcript(kerneltest.IOPub) {
			if string(m.ParentHeader) != "{}" {
				order.WriteString(m.Header.MsgID + "\n")
			}
		}
		if n == 0 {
			want = order.String()
		} else if order.String() != want {
			t.Errorf("client %d saw another order", n)
		}
	}
}
