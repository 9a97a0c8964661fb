// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package complete

import "strings"

// The words of Python.
var (
	pythonKeywords = strings.Fields(`False None True and as assert async await break class continue def del elif else except finally for
		from global if import in is lambda nonlocal not or pass raise return try while with yield`)
	pythonBuiltins = strings.Fields(`ArithmeticError AssertionError AttributeError BaseException BlockingIOError BrokenPipeError
		BufferError BytesWarning ChildProcessError ConnectionError DeprecationWarning EOFError Ellipsis EnvironmentError Exception
		FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError IndentationError IndexError
		InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError
		NotADirectoryError NotImplemented NotImplementedError OSError OverflowError PermissionError ProcessLookupError RecursionError
		ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError
		SystemExit TabError TimeoutError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError
		UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError abs aiter all anext any ascii bin bool
		bytearray bytes callable chr classmethod compile complex delattr dict dir divmod enumerate eval exec filter
		float format frozenset getattr globals hasattr hash help hex id int isinstance issubclass iter len list locals map max
		memoryview min next object oct open ord pow print property range repr reversed round set setattr slice sorted staticmethod
		str sum super tuple type vars zip`)
	// blockWords begin statements that end with a colon.
	blockWords = strings.Fields("async class def elif else except finally for if try while with")
)

// The words of Scala, and the names that a session begins with.
var (
	scalaKeywords = strings.Fields(`abstract case catch class def do else extends false final finally for forSome if implicit import
		lazy match new null object override package private protected return sealed super this throw trait true try type
		val var while with yield`)
	scalaNames = strings.Fields(`println sc spark sqlContext Any AnyRef Array Boolean Byte Char Double Either Float Int Iterator List Long Map None Nil Option Seq Set Short Some String Unit Vector`)
)

// The words of Spark SQL.
var (
	sqlKeywords = strings.Fields(`ADD ALL ALTER ANALYZE AND ANTI ANY AS ASC BETWEEN BY CACHE CASE CAST CLUSTER COLUMN COLUMNS COMMENT
		CREATE CROSS CUBE CURRENT DATABASE DATABASES DELETE DESC DESCRIBE DISTINCT DISTRIBUTE DROP ELSE END ESCAPE EXCEPT EXISTS
		EXPLAIN EXTENDED EXTERNAL FALSE FIRST FOLLOWING FORMATTED FROM FULL FUNCTION FUNCTIONS GLOBAL GROUP GROUPING HAVING IF ILIKE IN
		INNER INSERT INTERSECT INTERVAL INTO IS JOIN LAST LATERAL LEFT LIKE LIMIT LOCATION MATCHED MERGE MINUS NATURAL NOT NULL NULLS
		OFFSET ON OPTIONS OR ORDER OUTER OVER OVERWRITE PARTITION PARTITIONED PARTITIONS PERCENT PIVOT PRECEDING QUALIFY RANGE REFRESH
		REPLACE RIGHT RLIKE ROLLUP ROW ROWS SCHEMA SCHEMAS SELECT SEMI SET SETS SHOW SORT STORED TABLE TABLES TABLESAMPLE TBLPROPERTIES
		TEMP TEMPORARY THEN TO TRUE TRUNCATE UNBOUNDED UNCACHE UNION UNPIVOT UPDATE USE USING VALUES VIEW VIEWS WHEN WHERE WINDOW WITH`)
	sqlFunctions = strings.Fields(`abs acos add_months aggregate approx_count_distinct array array_contains array_distinct array_join
		array_sort ascii avg base64 bin bool_and bool_or bround cardinality cast cbrt ceil char coalesce collect_list collect_set concat
		concat_ws contains conv corr cos count count_if crc32 cume_dist current_catalog current_database current_date current_timestamp
		date date_add date_format date_part date_sub date_trunc datediff day dayofmonth dayofweek dayofyear decode dense_rank element_at
		encode endswith exists exp explode explode_outer expr extract filter find_in_set first first_value flatten floor forall format_number
		format_string from_json from_unixtime from_utc_timestamp get get_json_object greatest hash hex hour if ifnull initcap inline instr
		isnan isnotnull isnull json_tuple kurtosis lag last last_day last_value lcase lead least left length levenshtein ln locate log log10
		log2 lower lpad ltrim make_date map map_from_arrays map_keys map_values max max_by md5 mean median min min_by minute mod month
		months_between named_struct nanvl next_day now nth_value ntile nullif nvl nvl2 parse_url percent_rank percentile percentile_approx pi
		pmod posexplode position pow power quarter radians rand randn rank regexp_extract regexp_extract_all regexp_like regexp_replace repeat
		replace reverse right round row_number rpad rtrim schema_of_json second sequence sha1 sha2 shuffle sign sin size skewness slice
		sort_array split sqrt stack startswith std stddev struct substr substring substring_index sum tan timestamp to_date to_json
		to_timestamp to_utc_timestamp transform translate trim trunc try_cast try_divide typeof ucase unhex unix_timestamp upper uuid
		var_pop var_samp variance weekday weekofyear width_bucket window xxhash64 year zip_with`)
)
