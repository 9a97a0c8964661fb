// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Runs what the Scala interpreter of Apache Livy is given. Livy feeds it a cell
// line by line, gives the output out at the end, and none of it where a line
// fails. The REPL's own execution wrapper has each line come here, where what it
// prints is kept for an error and, where asked for, written into the session's
// log while it runs. Like the helper, it is one definition for Livy.
object LivyKernelCells {
  private val nonce = Option(System.getProperty("livy-kernel.nonce")).getOrElse(NONCE)
  private val live = LIVE || System.getProperty("livy-kernel.live") != null
  private val kept = 4000000 // bytes of a statement that an error brings along
  private val most = 18000000 // bytes of a statement; Livy takes no text above 20 MB
  private val (part, parts, frame, told) = (4000, 16, 16000, 1000000) // as for Python, see live.py
  private val err = System.err

  // Livy sets the job group of each statement by a line of its own.
  private val begins = "_livyJobGroup(\\d+): ".r

  private class Statement(val group: String) {
    private val bytes = new java.io.ByteArrayOutputStream
    private var (size, sent, at) = (0L, 0, 0)
    private var pending = ""
    private var tells = live && group != ""

    def text: String = synchronized(bytes.toString("UTF-8") + (if (size > kept) "\n[cut: the rest of what this cell printed is lost with the error]\n" else ""))

    // Keeps what comes, and returns how much of it may be shown.
    def add(more: Array[Byte], from: Int, n: Int): Int = synchronized {
      bytes.write(more, from, math.max(0L, math.min(n, kept - size)).toInt)
      val room = math.max(0L, math.min(n, most - size)).toInt
      size += n
      room
    }

    def full: Boolean = synchronized(size > most)

    // The next lines for the log: each tells the statement and the place of a text.
    def lines(): Seq[String] = synchronized {
      if (tells && bytes.size > sent) {
        pending += new String(bytes.toByteArray.drop(sent), "UTF-8")
        sent = bytes.size
        val large = Iterator.iterate(pending.indexOf(nonce))(i => pending.indexOf(nonce, i + 1)).takeWhile(_ >= 0)
          .find(i => pending.substring(i).takeWhile(_ != '\n').length > frame)
        if (large.nonEmpty || at + pending.length > told) {
          tells = false // the rest comes at the end
          pending = pending.take(large.getOrElse(0))
        }
      }
      Iterator.continually(next()).takeWhile(_ != "").take(parts).toList
    }

    private def next(): String = if (pending == "") "" else {
      val n = if (pending.length > part && pending(part - 1).isHighSurrogate) part + 1 else part
      val text = pending.take(n)
      val line = nonce + "{\"group\":\"" + group + "\",\"at\":" + at + ",\"text\":" + quoted(text) + "}"
      at += text.codePointCount(0, text.length)
      pending = pending.drop(n)
      line
    }
  }
  @volatile private var (now, before) = (new Statement(""), new Statement(""))

  private class Tee(outs: java.io.PrintStream*) extends java.io.OutputStream {
    override def write(b: Int): Unit = write(Array(b.toByte), 0, 1)
    override def write(bytes: Array[Byte], from: Int, n: Int): Unit = {
      val cut = now.full
      val room = now.add(bytes, from, n)
      outs.head.write(bytes, from, room)
      if (now.full && !cut) outs.head.println("\n[cut: the rest of this output is left out; print less in one cell, or write it to a file]")
      outs.tail.foreach(_.write(bytes, from, n))
    }
    override def flush(): Unit = outs.foreach(_.flush())
  }

  // Runs a line, and returns what the REPL says to it.
  def run(line: => String): String = {
    val (console, system) = (Console.out, System.out)
    val mine = new java.io.PrintStream(new Tee(console, system), true)
    try {
      System.setOut(mine)
      val echo = Console.withOut(new java.io.PrintStream(new Tee(console), true))(line)
      begins.findPrefixMatchOf(echo) match {
        case Some(found) => before = now; now = new Statement(found.group(1))
        case None if echo != "" => keep(echo.stripSuffix("\n"))
        case None => ()
      }
      echo
    } catch {
      case e: Throwable => console.println(printed(now)); throw e
    } finally if (System.out eq mine) System.setOut(system)
  }

  private def keep(echo: String): Unit = {
    val (short, limit) = (repl.get.naming.unmangle(echo), repl.get.isettings.maxPrintString)
    val bytes = ((if (limit > 3 && short.length > limit) short.take(limit - 3) + "..." else short) + "\n").getBytes("UTF-8")
    now.add(bytes, 0, bytes.length)
  }

  // Tells what a statement of late has printed.
  def printed(group: String): Unit = Seq(now, before).find(_.group == group).foreach(s => println(printed(s)))

  private def printed(s: Statement): String = nonce + "{\"type\":\"printed\",\"text\":" + quoted(s.text) + "}"

  private def quoted(text: String): String = {
    val json = new StringBuilder("\"")
    for (c <- text) if (c == '"' || c == '\\' || c < ' ' || c > '~') json ++= "\\u%04x".format(c.toInt) else json += c
    json += '"'
    json.toString
  }

  // The interpreter is the one whose class loader has loaded this.
  private lazy val repl: Option[scala.tools.nsc.interpreter.IMain] = {
    val loader = getClass.getClassLoader
    loader.getClass.getDeclaredFields.find(_.getType == classOf[scala.tools.nsc.interpreter.IMain]).map { outer =>
      outer.setAccessible(true)
      outer.get(loader).asInstanceOf[scala.tools.nsc.interpreter.IMain]
    }
  }

  def start(): Unit = for (repl <- this.repl if scala.util.Properties.versionNumberString.startsWith("2.12.")) {
    System.setProperty("livy-kernel.nonce", nonce)
    if (live) System.setProperty("livy-kernel.live", "true")
    if (nonce != NONCE) println(NONCE + "{\"type\":\"nonce\",\"text\":" + quoted(nonce) + "}")
    val path = "_root_." + getClass.getName.stripSuffix("$").replace("$$iw", ".$iw").replace("$LivyKernelCells", ".LivyKernelCells").replace("$read.", "$read.INSTANCE.")
    repl.setExecutionWrapper(path + ".run")
    if (live) {
      val thread = new Thread("livy-kernel-live") {
        override def run(): Unit = while (repl.executionWrapper == path + ".run") {
          now.lines().foreach(line => err.println(line))
          Thread.sleep(250)
        }
      }
      thread.setDaemon(true)
      thread.start()
    }
  }
}; LivyKernelCells.start()
