// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package pyenv

import (
	"errors"
	"io/fs"
	"syscall"
	"testing"
)

func TestPipErrors(t *testing.T) {
	for _, c := range []struct{ name, printed, want string }{
		{"no network", "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<pip._vendor>: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/pyspark/\nERROR: Could not find a version that satisfies the requirement pyspark==3.5.7 (from versions: none)\nERROR: No matching distribution found for pyspark==3.5.7",
			"the Python package index cannot be reached; Spark 3.5.7 is installed from it once, so connect to the network, or name your mirror with PIP_INDEX_URL, and try again"},
		{"no network and no second try", "ERROR: Could not find a version that satisfies the requirement pyspark==3.5.7 (from versions: none)\nERROR: No matching distribution found for pyspark==3.5.7",
			"the Python package index cannot be reached, or has nothing for this Python; Spark 3.5.7 is installed from it once, so check the network and PIP_INDEX_URL, and try again"},
		{"proxy", "'ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407 Proxy Authentication Required'))'\nMax retries exceeded", "the proxy refuses pip's connection to the package index; check HTTPS_PROXY"},
		{"certificate", "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in certificate chain')) Max retries exceeded", "pip does not trust the certificate of the package index; give it your proxy's certificate with PIP_CERT"},
		{"disk", "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n", "the disk with /cache/venv is full; free about 1 GB there"},
		{"rights", "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: '/cache/venv/lib'\n", "the folder /cache/venv cannot be written; make it writable, or name another one"},
		{"unknown version", "ERROR: Could not find a version that satisfies the requirement pyspark==3.5.7 (from versions: 3.4.0)\nERROR: No matching distribution found for pyspark==3.5.7\n", "the Python package index does not have what Spark 3.5.7 needs: No matching distribution found for pyspark==3.5.7"},
		{"something else", "Collecting pyspark\nerror: subprocess-exited-with-error\n  bye\n", "pip could not install Spark 3.5.7: subprocess-exited-with-error"},
		{"nothing", "", "pip could not install Spark 3.5.7: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			behind := errors.New("exit status 1")
			if err := pipError("Spark 3.5.7", "/cache/venv", c.printed, behind); err.Error() != c.want {
				t.Errorf("error is %q,\nwant %q", err, c.want)
			}
		})
	}
}

func TestFolderErrors(t *testing.T) {
	for err, want := range map[error]string{
		&fs.PathError{Op: "mkdir", Path: "/c", Err: syscall.ENOSPC}: "the disk with /c is full; free about 1 GB there",
		&fs.PathError{Op: "mkdir", Path: "/c", Err: syscall.EACCES}: "the folder /c cannot be written; make it writable, or name another one",
		&fs.PathError{Op: "mkdir", Path: "/c", Err: syscall.EIO}:    "the folder /c cannot be used: mkdir /c: input/output error",
	} {
		if got := FolderError("/c", err); got.Error() != want || !errors.Is(got, err) {
			t.Errorf("%v gives %q", err, got)
		}
	}
}
