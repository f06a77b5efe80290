"""U-SQL beside DuckDB.

    usql.py data FOLDER                the same files for both, the same in every run
    usql.py compare SCRIPTS DATA OUT   what the scripts wrote against what DuckDB computes from NAME.sql

A cell is compared as text, in the form in which .NET Framework prints DuckDB's value: nothing is rounded, trimmed or
put into another case. Rows are compared in their order where the .sql file begins with `-- ordered`, and as multisets
elsewhere, since rowsets have no order. The one exception to text is a decimal, whose trailing zeros DuckDB does not
keep: it is compared by value.
"""

import collections
import csv
import datetime
import decimal
import gzip
import io
import math
import pathlib
import random
import struct
import sys

# --- data -----------------------------------------------------------------------------------------

WORDS = ["apple", "banana", "cherry, red", 'the "best"', "Straße", "naïve", "Ω", "日本", "zebra", "Zebra", "any", "", " pad ", "many", "b", "𝄞 clef"]
WESTERN = ["café", "Straße", "naïve", "€ 5", "plain", "“quoted”", "ÿ", "Ž"]


def quoted(text):
    return '"' + text.replace('"', '""') + '"'


def lines(path, rows, delimiter=",", ending="\r\n"):
    text = "".join(delimiter.join(row) + ending for row in rows)
    path.write_bytes(text.encode())


def optional(dice, chance, value):
    return "" if dice.random() < chance else value()


def sales(dice):
    start = datetime.datetime(2015, 1, 1)
    for id in range(1, 3001):
        sold = start + datetime.timedelta(seconds=dice.randrange(2 * 365 * 86400))
        yield [
            str(id),
            optional(dice, 0.1, lambda: str(dice.randint(1, 210))),
            f"P{dice.randint(1, 40):02}",
            str(dice.randint(-3, 20)),
            f"{dice.randint(1, 9999) / 100:.2f}",
            optional(dice, 0.2, lambda: repr(dice.randint(0, 4) / 8)),
            sold.isoformat(),
            quoted(dice.choice(WORDS)),
        ]


def customers(dice):
    for id in range(1, 201):
        yield [
            str(id),
            quoted(f"{dice.choice(WORDS)}-{id}"),
            dice.choice(["\\N", '""', '"Berlin"', '"berlin"', '"Ärhus"', '"Zürich"', '"Oslo"']),
            optional(dice, 0.2, lambda: f"{dice.randint(-50000, 50000) / 100:.2f}"),
            (datetime.date(2000, 1, 1) + datetime.timedelta(dice.randrange(5000))).isoformat(),
            dice.choice(["True", "false", ""]),
            optional(dice, 0.4, lambda: str(dice.randint(1, 200))),
        ]


def products(dice):
    tags = ["amber", "big", "cold", "", "dry", "alpha", "été"]
    for number in range(1, 39):
        list = ";".join(dice.choice(tags) for _ in range(dice.randint(0, 5)))
        yield [
            f"P{number:02}",
            quoted(f"{dice.choice(WORDS)} {number}"),
            quoted(dice.choice(["tool", "toy", "food"])),
            optional(dice, 0.2, lambda: repr(dice.randint(1, 400) / 16)),
            quoted(list),
        ]


def numbers(dice):
    integers = [0, 1, -1, 7, 2**31 - 1, -(2**31), 255, -256]
    longs = [0, 1, -1, 2**63 - 1, -(2**63), 2**32, -(2**31) - 1]
    halves = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.0, 1e15, -1e-7, 123456789.125]
    for id in range(1, 1501):
        yield [
            str(id),
            optional(dice, 0.1, lambda: str(dice.choice(integers) if dice.random() < 0.3 else dice.randint(-(2**31), 2**31 - 1))),
            optional(dice, 0.1, lambda: str(dice.choice(longs) if dice.random() < 0.3 else dice.randint(-(2**63), 2**63 - 1))),
            optional(dice, 0.1, lambda: repr(dice.choice(halves) if dice.random() < 0.4 else dice.uniform(-1e4, 1e4))),
            optional(dice, 0.1, lambda: "1.5" if dice.random() < 0.05 else f"{dice.randint(-10**8, 10**8) / 10**4:.4f}"),
            str(dice.randint(0, 255)),
            quoted(dice.choice(WORDS)),
        ]


def readings(dice, folder):
    for month in (1, 2, 3):
        for day in range(1, 29):
            for station in (1, 2, 3):
                rows = [
                    [str(minute), repr(dice.randint(-160, 320) / 8), optional(dice, 0.2, lambda: str(dice.randint(0, 100)))]
                    for minute in range(0, 1440, 180)
                ]
                path = folder / f"2016/{month:02}/{day:02}/station{station}.csv"
                path.parent.mkdir(parents=True, exist_ok=True)
                lines(path, rows)


def data(folder):
    dice = random.Random(20160701)
    folder.mkdir(parents=True, exist_ok=True)
    lines(folder / "sales.csv", sales(dice))
    (folder / "sales.csv.gz").write_bytes(gzip.compress((folder / "sales.csv").read_bytes(), mtime=0))
    lines(folder / "customers.csv", customers(dice))
    lines(folder / "products.tsv", products(dice), delimiter="\t")
    lines(folder / "numbers.csv", numbers(dice))
    readings(dice, folder / "readings")
    words = [(str(id), dice.choice(WORDS)) for id in range(1, 301)]
    text = "".join(f"{id}\t{quoted(word)}\r\n" for id, word in words)
    (folder / "words.tsv").write_text(text, encoding="utf-8", newline="")
    (folder / "words.utf16.tsv").write_text("\ufeff" + text, encoding="utf-16-le", newline="")
    words = [(str(id), dice.choice(WESTERN)) for id in range(1, 301)]
    text = "".join(f"{id}\t{word}\r\n" for id, word in words)
    (folder / "western.tsv").write_text(text, encoding="utf-8", newline="")
    (folder / "words.1252.tsv").write_text(text, encoding="cp1252", newline="")
    odd = [["some", "heading"], ["that", "is|not|for|us"]]
    for id in range(1, 401):
        text = dice.choice(["NULL", "", '"', 'a "b" c', "x,y", "null", " NULL"])
        amount = dice.choice(["NULL", "1.5", " 2.25 ", "-3", "1000000.0001", ""])
        odd.append([str(id), text, amount, dice.choice(["true", "FALSE", "False"])])
    lines(folder / "odd.txt", odd, delimiter="|", ending="\n")
    pieces = ["a\\,b", "\\\\", "plain", "\\x", "", 'q"q', "\\,\\,", "end\\\\"]
    rows = []
    meant = []
    for id in range(1, 401):
        raw = "".join(dice.choice(pieces) for _ in range(dice.randint(0, 3)))
        rows.append([str(id), raw])
        meant.append((id, unescaped(raw)))
    lines(folder / "escaped.csv", rows)
    with open(folder / "escaped.meant.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_NONNUMERIC).writerows(meant)
    broken = []
    for id in range(1, 401):
        row = [dice.choice([str(id), "x", ""]), dice.choice(["1.25", "abc", "", "7"]), dice.choice(["t", "u v"])]
        broken.append(row[: dice.choice([3, 3, 3, 2, 1])] + dice.choice([[], [], [], ["more"]]))
    lines(folder / "broken.csv", [row for row in broken if row != [""]], ending="\n")


def unescaped(text):
    plain = []
    letters = iter(text)
    for letter in letters:
        plain.append(next(letters) if letter == "\\" else letter)
    return "".join(plain)


# --- what .NET Framework prints -------------------------------------------------------------------


def general(value, digits):
    """A double in the format G15, a float in G7."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    power = int(exponent)
    if power < -5 or power >= digits:
        sign = "-" if power < 0 else "+"
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        return f"{mantissa}E{sign}{abs(power):02}"
    fixed = f"{decimal.Decimal(f'{mantissa}e{power}'):f}"
    return fixed.rstrip("0").rstrip(".") if "." in fixed else fixed


def printed(value, kind):
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, float):
        return general(value, 7 if kind == "FLOAT" else 15)
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond:06}0"
    if isinstance(value, (int, decimal.Decimal)):
        return str(value)
    raise TypeError(f"{value!r} of {kind}")


def cells(line):
    """The fields of a line as they stand there, quotation marks included."""
    fields, start, inside = [], 0, False
    for position, letter in enumerate(line):
        if letter == '"':
            inside = not inside
        elif letter == "," and not inside:
            fields.append(line[start:position])
            start = position + 1
    return fields + [line[start:]]


def rows_of(path):
    text = path.read_bytes().decode("utf-8")
    if text and not text.endswith("\r\n"):
        raise ValueError(f"{path.name} ends without CR LF")
    return [cells(line) for line in text.split("\r\n")[:-1]]


def same_form(cell, kind):
    """Decimals by value: DuckDB gives all values of a column one scale."""
    if kind.startswith("DECIMAL") and cell:
        return str(decimal.Decimal(cell).normalize() + 0)
    return cell


# --- comparing ------------------------------------------------------------------------------------


def connect(folder):
    import duckdb

    database = duckdb.connect()
    database.execute("SET TimeZone = 'UTC'")
    text = "auto_detect = false, header = false, nullstr = '{null}', quote = '\"', escape = '\"', allow_quoted_nulls = false"

    def view(name, path, columns, delimiter=",", null="", more=""):
        named = ", ".join(f"'{column}': '{kind}'" for column, kind in columns.items())
        options = text.replace("{null}", null)
        source = f"read_csv('{folder}/{path}', columns = {{{named}}}, delim = '{delimiter}', {options}{more})"
        database.execute(f"CREATE TABLE {name} AS SELECT * FROM {source}")

    view("sales", "sales.csv", {"id": "INT", "customer": "INT", "product": "VARCHAR", "quantity": "INT", "price": "DECIMAL(18,2)", "discount": "DOUBLE", "sold": "TIMESTAMP", "note": "VARCHAR"})
    view("products", "products.tsv", {"code": "VARCHAR", "name": "VARCHAR", "category": "VARCHAR", "weight": "FLOAT", "tags": "VARCHAR"}, delimiter="\t")
    view("numbers", "numbers.csv", {"id": "INT", "i": "INT", "l": "BIGINT", "d": "DOUBLE", "m": "DECIMAL(18,4)", "b": "UTINYINT", "s": "VARCHAR"})
    view("words", "words.tsv", {"id": "INT", "word": "VARCHAR"}, delimiter="\t")
    view("western", "western.tsv", {"id": "INT", "word": "VARCHAR"}, delimiter="\t", more=", strict_mode = false")
    view("escaped", "escaped.meant.csv", {"id": "INT", "text": "VARCHAR"})
    customers = {"id": "INT", "name": "VARCHAR", "city": "VARCHAR", "credit": "VARCHAR", "since": "TIMESTAMP", "active": "VARCHAR", "referrer": "VARCHAR"}
    view("raw_customers", "customers.csv", customers, null="\\N")
    database.execute(
        "CREATE TABLE customers AS SELECT id, name, city, nullif(credit, '')::DECIMAL(18, 2) AS credit, since, "
        "nullif(active, '')::BOOLEAN AS active, nullif(referrer, '')::INT AS referrer FROM raw_customers"
    )
    columns = "{'minute': 'INT', 'temperature': 'DOUBLE', 'humidity': 'INT'}"
    files = f"read_csv('{folder}/readings/*/*/*/*.csv', columns = {columns}, auto_detect = false, header = false, filename = true)"
    database.execute(
        "CREATE TABLE readings AS SELECT minute, temperature, humidity, "
        "strptime(regexp_extract(filename, '\\d+/\\d+/\\d+/'), '%Y/%m/%d/') AS date, "
        "regexp_extract(filename, 'station(\\d)', 1)::INT AS station "
        f"FROM {files}"
    )
    for name, bits in (("wrap32", 32), ("wrap64", 64)):
        half, whole = 2 ** (bits - 1), 2**bits
        wide = f"(x::HUGEINT + {half}::HUGEINT)"
        kind = "INT" if bits == 32 else "BIGINT"
        database.execute(f"CREATE MACRO {name}(x) AS ((({wide} % {whole}::HUGEINT) + {whole}::HUGEINT) % {whole}::HUGEINT - {half}::HUGEINT)::{kind}")
    return database


def expected(database, sql, folder):
    cursor = database.execute(sql.replace("{data}", str(folder)))
    kinds = [str(column[1]) for column in cursor.description]
    rows = [[same_form(printed(value, kind), kind) for value, kind in zip(row, kinds)] for row in cursor.fetchall()]
    return kinds, rows


def difference(ours, theirs, ordered):
    """What tells the rows apart; none if nothing does."""
    if ordered:
        for number, (our, their) in enumerate(zip(ours, theirs)):
            if our != their:
                return f"row {number + 1} is {our}, where DuckDB has {their}"
        return None if len(ours) == len(theirs) else f"{len(ours)} rows, where DuckDB has {len(theirs)}"
    only_ours = collections.Counter(map(tuple, ours)) - collections.Counter(map(tuple, theirs))
    only_theirs = collections.Counter(map(tuple, theirs)) - collections.Counter(map(tuple, ours))
    if not only_ours and not only_theirs:
        return None
    example = f"only ours: {list(only_ours)[:3]}; only DuckDB's: {list(only_theirs)[:3]}"
    return f"{only_ours.total()} and {only_theirs.total()} of {len(ours)} and {len(theirs)} rows differ; {example}"


def compare(scripts, folder, out):
    database = connect(folder)
    passed, problems, rows = 0, [], 0
    queries = sorted(scripts.glob("*.sql"))
    for query in queries:
        name = query.stem
        sql = query.read_text()
        written = out / f"{name}.csv"
        failure = out / f"{name}.error"
        try:
            kinds, theirs = expected(database, sql, folder)
            if failure.exists():
                raise ValueError(failure.read_text().splitlines()[0])
            ours = [[same_form(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in rows_of(written)]
        except Exception as error:
            problems.append(f"{name}: {error}")
            continue
        told = difference(ours, theirs, sql.startswith("-- ordered"))
        if not theirs:
            told = "DuckDB has no rows, which shows nothing"
        if told:
            problems.append(f"{name}: {told}")
        else:
            passed += 1
            rows += len(ours)
    print(f"{passed} of {len(queries)} scripts give what DuckDB computes, {rows} rows")
    for problem in problems:
        print(f"  {problem}")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    paths = [pathlib.Path(word).resolve() for word in sys.argv[2:]]
    {"data": data, "compare": compare}[sys.argv[1]](*paths)
