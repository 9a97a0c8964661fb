// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// display and displayHTML for Scala. It is one definition without a line on
// which the REPL of Apache Livy, which reads line by line, could take it for done.
object LivyKernelDisplay {
  private val nonce = NONCE

  def displayHTML(html: String): Unit = send("{\"text/html\":" + quoted(html) + "}")

  def display(frame: org.apache.spark.sql.Dataset[_]): Unit = display(frame, 1000)

  def display(frame: org.apache.spark.sql.Dataset[_], limit: Int): Unit = {
    val fields = frame.schema.fields
    val numbered = frame.toDF(fields.indices.map(i => "c" + i): _*)
    val columns = fields.indices.map(i => numbered.col("c" + i).cast(inWords(fields(i).dataType)).as("c" + i))
    val rows = numbered.select(columns: _*).limit(limit + 1).collect()
    val texts = rows.take(limit).map(row => row.toSeq.map(cell(_, false)).mkString("[", ",", "]"))
    val sizes = texts.scanLeft(0L)((size, text) => size + text.length)
    val kept = texts.indices.takeWhile(i => sizes(i + 1) <= 8000000L).map(i => texts(i))
    val zone = frame.sparkSession.conf.get("spark.sql.session.timeZone")
    send("{\"application/vnd.livy-kernel.table+json\":{\"schema\":" + ascii(frame.schema.json) + ",\"data\":" +
      kept.mkString("[", ",", "]") + ",\"more\":" + (kept.size < rows.length) +
      (if (frame.schema.json.contains("\"timestamp\"")) ",\"zone\":" + quoted(zone) else "") + "}}")
  }

  // Times and their like as text, in the session's time zone, at any depth.
  private def inWords(kind: org.apache.spark.sql.types.DataType): org.apache.spark.sql.types.DataType = kind match {
    case org.apache.spark.sql.types.ArrayType(element, nulls) => org.apache.spark.sql.types.ArrayType(inWords(element), nulls)
    case org.apache.spark.sql.types.MapType(key, value, nulls) => org.apache.spark.sql.types.MapType(inWords(key), inWords(value), nulls)
    case org.apache.spark.sql.types.StructType(fields) =>
      org.apache.spark.sql.types.StructType(fields.map(f => f.copy(dataType = inWords(f.dataType))))
    case other if Seq("timestamp", "interval", "void", "null", "variant").exists(name => other.typeName.startsWith(name)) =>
      org.apache.spark.sql.types.StringType
    case other => other
  }

  def display(value: Any): Unit = send("{\"text/plain\":" + quoted(String.valueOf(value)) + "}")

  private def send(data: String): Unit = println(nonce + "{\"type\":\"display_data\",\"data\":" + data + "}")

  private def cell(value: Any, nested: Boolean): String = value match {
    case null => "null"
    case number: java.math.BigDecimal => number.toPlainString
    case number: Double if number.isNaN || number.isInfinite => quoted(number.toString)
    case number: Float if number.isNaN || number.isInfinite => quoted(number.toString)
    case number: Number => number.toString
    case truth: Boolean => truth.toString
    case bytes: Array[Byte] if nested => quoted(bytes.map("%02X".format(_)).mkString("[", " ", "]"))
    case bytes: Array[Byte] => bytes.map(b => (b & 255).toString).mkString("[", ",", "]")
    case row: org.apache.spark.sql.Row if row.schema != null =>
      "{\"schema\":" + row.schema.fieldNames.map(n => "{\"name\":" + quoted(n) + "}").mkString("[", ",", "]") +
        ",\"values\":" + row.toSeq.map(cell(_, true)).mkString("[", ",", "]") + "}"
    case items: scala.collection.Seq[_] => items.map(cell(_, true)).mkString("[", ",", "]")
    case pairs: scala.collection.Map[_, _] =>
      pairs.map(p => key(cell(p._1, true)) + ":" + cell(p._2, true)).mkString("{", ",", "}")
    case other => quoted(other.toString)
  }

  private def key(text: String): String = if (text.startsWith("\"")) text else quoted(text)

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
