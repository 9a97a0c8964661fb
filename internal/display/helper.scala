// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// display and displayHTML for Scala. It is one definition without a line on
// which the REPL of Apache Livy, which reads line by line, could take it for done.
object LivyKernelDisplay {
  private val nonce = NONCE

  def displayHTML(html: String): Unit = send("{\"text/html\":" + quoted(html) + "}")

  def display(frame: org.apache.spark.sql.Dataset[_]): Unit = display(frame, 1000)

  def display(frame: org.apache.spark.sql.Dataset[_], limit: Int): Unit = {
    val rows = frame.toDF().limit(limit + 1).collect()
    val texts = rows.take(limit).map(row => row.toSeq.map(cell).mkString("[", ",", "]"))
    val sizes = texts.scanLeft(0L)((size, text) => size + text.length)
    val kept = texts.indices.takeWhile(i => sizes(i + 1) <= 8000000L).map(i => texts(i))
    send("{\"application/vnd.livy-kernel.table+json\":{\"schema\":" + ascii(frame.schema.json) + ",\"data\":" +
      kept.mkString("[", ",", "]") + ",\"more\":" + (kept.size < rows.length) + "}}")
  }

  def display(value: Any): Unit = send("{\"text/plain\":" + quoted(String.valueOf(value)) + "}")

  private def send(data: String): Unit = println(nonce + "{\"type\":\"display_data\",\"data\":" + data + "}")

  private def cell(value: Any): String = value match {
    case null => "null"
    case number: java.math.BigDecimal => number.toPlainString
    case number: Double if number.isNaN || number.isInfinite => quoted(number.toString)
    case number: Float if number.isNaN || number.isInfinite => quoted(number.toString)
    case number: Number => number.toString
    case truth: Boolean => truth.toString
    case bytes: Array[Byte] => bytes.map(b => (b & 255).toString).mkString("[", ",", "]")
    case row: org.apache.spark.sql.Row if row.schema != null =>
      "{\"schema\":" + row.schema.fieldNames.map(n => "{\"name\":" + quoted(n) + "}").mkString("[", ",", "]") +
        ",\"values\":" + row.toSeq.map(cell).mkString("[", ",", "]") + "}"
    case items: scala.collection.Seq[_] => items.map(cell).mkString("[", ",", "]")
    case pairs: scala.collection.Map[_, _] =>
      pairs.map(p => quoted(String.valueOf(p._1)) + ":" + cell(p._2)).mkString("{", ",", "}")
    case other => quoted(other.toString)
  }

  private def quoted(text: String): String = ascii("\"" + text.flatMap((c: Char) => c match {
    case '"' => "\\\""
    case '\\' => "\\\\"
    case c if c < ' ' => "\\u%04x".format(c.toInt)
    case c => c.toString
  }) + "\"")

  private def ascii(json: String): String =
    json.flatMap((c: Char) => if (c < 127) c.toString else "\\u%04x".format(c.toInt))
}
import LivyKernelDisplay.{display, displayHTML}
