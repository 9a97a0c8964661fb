# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""What the same notebook shows here and on a local ipykernel with PySpark: cells of both, by topic.

Each topic is a title, the cell here, and what people write for the same there.
"""
import sysconfig

TRIPS = """trips = spark.range(2000).selectExpr(
    "id", "id % 5 AS payment", "round(2.5 + id % 60, 2) AS fare", "date_add(DATE'2022-08-01', int(id % 31)) AS day")
trips.createOrReplaceTempView("trips")"""

EXACT = """SELECT 9007199254740993L AS big, 1.10BD AS price, TIMESTAMP'2022-08-01 12:30:00' AS time,
       double('NaN') AS nan, CAST(NULL AS INT) AS nothing, float(1.1) AS float,
       named_struct('x', 1, 'at', array(TIMESTAMP'2022-08-01 12:30:00')) AS nested,
       X'CAFE' AS bytes, '<b>é😀</b>' AS text, repeat('long ', 100) AS long"""

PLOT = """import matplotlib.pyplot as plt
rows = trips.groupBy("payment").avg("fare").orderBy("payment").collect()
plt.figure(figsize=(5, 2))
plt.bar([r[0] for r in rows], [float(r[1]) for r in rows])
_ = plt.ylabel("fare")"""

UDF = """from pyspark.sql.functions import udf

@udf("double")
def tip(fare):
    return 1 / (fare - fare)

trips.select(tip("fare")).show()"""

BAR = """import time
from tqdm import tqdm
for _ in tqdm(range(40)):
    time.sleep(0.02)"""

CHART = """display({"application/vnd.vegalite.v5+json": {
    "data": {"values": [{"payment": r[0], "fare": float(r[1])} for r in rows]}, "mark": "bar", "height": 90,
    "encoding": {"x": {"field": "payment", "type": "nominal"}, "y": {"field": "fare", "type": "quantitative"}}},
    "text/plain": "fares"}, raw=True)"""

START = """from pyspark.sql import SparkSession
spark = SparkSession.builder.master("local[2]").getOrCreate()
"""

# name, title, here, there; None where there is no such thing, and for a title where there is nothing to see.
TOPICS = [
    ("start", "The first cell", TRIPS, START + TRIPS),
    ("sql", "SQL", "%%sql\nSELECT payment, count(*) AS trips, round(avg(fare), 2) AS fare\nFROM trips GROUP BY payment ORDER BY payment",
     'spark.sql("""\nSELECT payment, count(*) AS trips, round(avg(fare), 2) AS fare\nFROM trips GROUP BY payment ORDER BY payment""").show()'),
    ("dataframe", "A DataFrame", "display(trips, limit=5)", "display(trips)\ntrips.show(5)"),
    ("exact", "Exact values", f"%%sql\n{EXACT}", f'spark.sql("""{EXACT}""").show()'),
    ("pandas", "pandas", "trips.limit(3).toPandas()", "trips.limit(3).toPandas()"),
    ("figure", "A figure, without a magic", PLOT, PLOT),
    ("chart", "A chart by its own MIME type", CHART, "from IPython.display import display\n" + CHART),
    ("html", "HTML", "displayHTML(\"<p style='border-left: 4px solid #e25a1c; padding: .5em'>HTML</p>\")",
     "from IPython.display import HTML\nHTML(\"<p style='border-left: 4px solid #e25a1c; padding: .5em'>HTML</p>\")"),
    ("error-python", "An error of Python", "def fare(trip):\n    return trip[\"price\"]\n\nfare({\"fare\": 2.5})",
     "def fare(trip):\n    return trip[\"price\"]\n\nfare({\"fare\": 2.5})"),
    ("error-column", "A column that does not exist", 'spark.table("trips").select("fair")', 'spark.table("trips").select("fair")'),
    ("error-udf", "A function that fails on an executor", UDF, UDF),
    ("error-sql", "An error of SQL", "%%sql\nSELECT payment\nFROM trips\nWHERE fare >> 3 ORDER BY",
     'spark.sql("""SELECT payment\nFROM trips\nWHERE fare >> 3 ORDER BY""")'),
    ("error-scala", "An error of Scala", '%%spark\nval n = 3\nval fare: Int = "three"', None),
    ("error-scala-run", "An exception of Scala", "%%spark\ndef share(a: Int, b: Int): Int = {\n  val rest = a - b\n  b / rest\n}\n\nshare(2, 2)", None),
    ("path", None, f"import sys; sys.path.append({sysconfig.get_paths()['purelib']!r})", None),
    ("progress", "A progress bar", BAR, BAR),
    ("magics", "The magics", "%%help", "%lsmagic"),
    ("configure", "Settings", '%%configure\n{"driverMemory": "2g", "conf": {"spark.sql.shuffle.partitions": "16"}}', None),
    ("elsewhere", "A magic of another kernel", "%%local\n1 + 1", None),
]
