// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"encoding/json"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy"
)

// kindOfLanguage maps the language of a VS Code cell to a kind; "" where Livy
// has none for it.
func kindOfLanguage(id string) livy.Kind {
	switch id {
	case "python":
		return livy.KindPySpark
	case "scala":
		return livy.KindSpark
	case "sql":
		return livy.KindSQL
	case "r":
		return livy.KindSparkR
	}
	return ""
}

// title is a kind in words.
func title(kind livy.Kind) string {
	switch kind {
	case livy.KindSpark:
		return "Spark Scala"
	case livy.KindSQL:
		return "Spark SQL"
	case livy.KindSparkR:
		return "SparkR"
	}
	return "PySpark"
}

// languageInfo describes a kind's language to clients. The names are plain
// ones: clients match them against kernelspecs, lexers and exporters. The
// version cannot be known before there is a session, and clients require one:
// it is that of Spark 3's languages.
func languageInfo(kind livy.Kind) wire.LanguageInfo {
	switch kind {
	case livy.KindSpark:
		return wire.LanguageInfo{
			Name: "scala", Version: "2.12", MIMEType: "text/x-scala", FileExtension: ".scala",
			PygmentsLexer: "scala", CodeMirrorMode: json.RawMessage(`"text/x-scala"`), NbconvertExporter: "script",
		}
	case livy.KindSQL:
		return wire.LanguageInfo{
			Name: "sql", Version: "3", MIMEType: "text/x-sql", FileExtension: ".sql",
			PygmentsLexer: "sql", CodeMirrorMode: json.RawMessage(`"text/x-sql"`), NbconvertExporter: "script",
		}
	case livy.KindSparkR:
		return wire.LanguageInfo{
			Name: "R", Version: "4", MIMEType: "text/x-rsrc", FileExtension: ".r",
			PygmentsLexer: "r", CodeMirrorMode: json.RawMessage(`"text/x-rsrc"`), NbconvertExporter: "script",
		}
	}
	return wire.LanguageInfo{
		Name: "python", Version: "3", MIMEType: "text/x-python", FileExtension: ".py",
		PygmentsLexer: "ipython3", CodeMirrorMode: json.RawMessage(`{"name":"ipython","version":3}`), NbconvertExporter: "python",
	}
}

// Info describes the kernel of this backend's kind.
func (b *Bridge) Info() kernel.Info {
	return kernel.Info{
		Implementation:        "livy-kernel",
		ImplementationVersion: b.version,
		Banner: title(b.kind) + " through Livy, profile " + b.profile.Name +
			". Cells run on Spark; the session starts with the first. %%help lists the magics.",
		Language: languageInfo(b.kind),
		HelpLinks: []wire.HelpLink{
			{Text: "Spark documentation", URL: "https://spark.apache.org/docs/latest/"},
			{Text: "Livy REST API", URL: "https://livy.apache.org/docs/latest/rest-api.html"},
		},
		Explain: explained,
	}
}
