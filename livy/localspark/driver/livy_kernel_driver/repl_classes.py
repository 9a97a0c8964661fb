# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""The class loader through which Spark finds the classes of Scala cells.

Executors keep the class loader of the thread that made the SparkContext. The
REPL's own would do, but only once the REPL is up, seconds later; and for
every name that it does not know, which Spark's generated code asks for by the
hundred, it asks the compiler, which is not made for many threads. So Spark
gets this loader: the REPL is put behind it when it is up, and is asked for
the names that it alone can know, those of its lines.
"""

SOURCE = """
public class ReplClasses extends ClassLoader {
    private volatile ClassLoader repl;

    public ReplClasses() { super(Thread.currentThread().getContextClassLoader()); }

    public void setRepl(ClassLoader loader) { repl = loader; }

    protected Class findClass(String name) throws ClassNotFoundException {
        ClassLoader loader = repl;
        if (loader == null || !name.startsWith("$line")) throw new ClassNotFoundException(name);
        return loader.loadClass(name);
    }

    public java.io.InputStream getResourceAsStream(String name) {
        ClassLoader loader = repl;
        if (loader == null || !name.startsWith("$line")) return super.getResourceAsStream(name);
        return loader.getResourceAsStream(name);
    }
}
"""


def make(gateway):
    """Returns the loader, compiled by the Janino that Spark itself uses."""
    jvm = gateway.jvm
    compiler = jvm.org.codehaus.janino.SimpleCompiler()
    compiler.cook(SOURCE)
    constructor = compiler.getClassLoader().loadClass("ReplClasses").getDeclaredConstructor(gateway.new_array(jvm.Class, 0))
    return constructor.newInstance(gateway.new_array(jvm.Object, 0))
