// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// What runs Scala in a session of Apache Livy, as far as its users can see it:
// Spark's REPL, given a statement line by line, and one line more as long as it
// is incomplete; all that is printed while a line runs is kept, together with
// what the REPL says, and dropped where a later line fails. Statements come as
// lines of JSON, {"id", "code"}, and so do the answers go.
import java.io._
import org.apache.spark.repl.SparkILoop
import org.json4s._
import org.json4s.jackson.JsonMethods._
import org.json4s.jackson.Serialization
import scala.tools.nsc.Settings
import scala.tools.nsc.interpreter.Results

case class Answer(status: String, text: String, evalue: String = "", traceback: Seq[String] = Nil)

object Interpreter {
  private val said = new ByteArrayOutputStream
  private val dir = java.nio.file.Files.createTempDirectory("repl").toString

  private lazy val repl: SparkILoop = {
    val options = new Settings
    options.processArguments(List("-Yrepl-class-based", "-Yrepl-outdir", dir), true)
    options.usejavacp.value = true
    val repl = new SparkILoop(None, new PrintWriter(said, true))
    repl.settings = options
    repl.createInterpreter()
    repl.initializeSynchronous()
    repl
  }

  private def interpret(code: String): (Results.Result, String) = scala.Console.withOut(said) {
    val result = repl.interpret(code)
    val text = said.toString("UTF-8")
    said.reset()
    (result, text)
  }

  private def statement(code: String): Answer = {
    var (lines, shown) = (code.trim.split("\n").toList, "")
    while (lines.nonEmpty) interpret(lines.head) match {
      case (Results.Success, text) => shown += text; lines = lines.tail
      case (Results.Error, text) =>
        val parts = text.split("(?<=\n)")
        return Answer("error", "", parts.head.trim, parts.tail)
      case (_, _) if lines.tail.nonEmpty => lines = lines.take(2).mkString("\n") :: lines.drop(2)
      case _ if interpret("{\n" + lines.head + "\n}")._1 == Results.Success => lines = Nil // a comment
      case _ => return Answer("error", "", "incomplete statement")
    }
    Answer("ok", shown)
  }

  def main(args: Array[String]): Unit = {
    implicit val formats: Formats = DefaultFormats
    val answers = System.out
    System.setOut(new PrintStream(new ByteArrayOutputStream)) // is not seen of a session
    val spark = org.apache.spark.sql.SparkSession.builder.master("local[2]").appName("interpreter").config("spark.ui.enabled", "false")
      .config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
      .config("spark.repl.class.outputDir", dir).getOrCreate()
    repl.beQuietDuring {
      repl.bind("spark", "org.apache.spark.sql.SparkSession", spark, List("@transient"))
      repl.bind("sc", "org.apache.spark.SparkContext", spark.sparkContext, List("@transient"))
    }
    statement("import spark.implicits._\nimport org.apache.spark.sql.functions._")
    for (line <- scala.io.Source.fromInputStream(System.in, "UTF-8").getLines) {
      val request = parse(line)
      val id = (request \ "id").extract[Int]
      statement("val _livyJobGroup" + id + " = sc.setJobGroup(\"" + id + "\",\"Job group for statement " + id + "\")")
      answers.println(Serialization.write(statement((request \ "code").extract[String])))
    }
    spark.stop()
    System.exit(0)
  }
}
