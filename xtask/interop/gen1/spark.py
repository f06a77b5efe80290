"""Data frames through Spark's `webhdfs://`: `spark.py endpoints.json simple|oauth2`, one line a test."""

import json
import sys
import urllib.parse
import urllib.request

from pyspark.sql import SparkSession

with open(sys.argv[1], encoding="utf-8") as file:
    endpoints = json.load(file)

URL = endpoints["http"].replace("http", "webhdfs", 1)
AUTHORITY = f"{endpoints['http']}/{endpoints['tenant']}/oauth2/token"
AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"


def oauth2():
    """Somebody signs in, and Hadoop goes on with the refresh token, in the one of its two ways that suits Azure AD: the other,
    for applications, asks for no resource, which Azure AD refuses."""
    form = {
        "grant_type": "password",
        "client_id": AZURE_CLI,
        "resource": "https://datalake.azure.net/",
        "username": endpoints["admin_user"],
        "password": endpoints["admin_user_password"],
    }
    with urllib.request.urlopen(AUTHORITY, urllib.parse.urlencode(form).encode()) as answer:
        token = json.load(answer)["refresh_token"]
    return {
        "enabled": "true",
        "access.token.provider": "org.apache.hadoop.hdfs.web.oauth2.ConfRefreshTokenBasedAccessTokenProvider",
        "client.id": AZURE_CLI,
        "refresh.token": token,
        "refresh.token.expires.ms.since.epoch": "0",
        "refresh.url": AUTHORITY,
    }


def session():
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    settings = oauth2() if sys.argv[2] == "oauth2" else {}
    for name, value in settings.items():
        builder = builder.config("spark.hadoop.dfs.webhdfs.oauth2." + name, value)
    return builder.getOrCreate()


def people(spark):
    rows = [(number, f"person {number}", number % 3 == 0) for number in range(1000)]
    return spark.createDataFrame(rows, "number int, name string, third boolean")


def writes_and_reads_csv(spark):
    path = URL + "/spark/csv a+b"
    people(spark).repartition(3).write.option("header", True).csv(path)
    read = spark.read.option("header", True).schema("number int, name string, third boolean").csv(path)
    assert sorted(read.collect()) == sorted(people(spark).collect())


def writes_and_reads_parquet(spark):
    path = URL + "/spark/parquet"
    people(spark).write.partitionBy("third").parquet(path)
    read = spark.read.parquet(path)
    assert read.where("third = 'true'").count() == 334
    assert read.agg({"number": "sum"}).first()[0] == sum(range(1000))


def overwrites_and_appends(spark):
    path = URL + "/spark/json"
    for mode in ("overwrite", "overwrite", "append"):
        people(spark).write.mode(mode).json(path)
    assert spark.read.json(path).count() == 2000


def refuses_to_write_over_what_is_there(spark):
    path = URL + "/spark/once"
    people(spark).write.parquet(path)
    try:
        people(spark).write.parquet(path)
    except Exception as error:
        assert "PATH_ALREADY_EXISTS" in str(error), error
    else:
        raise AssertionError("it wrote")


def reads_what_is_missing_as_missing(spark):
    try:
        spark.read.text(URL + "/spark/nothing").count()
    except Exception as error:
        assert "PATH_NOT_FOUND" in str(error), error
    else:
        raise AssertionError("it read")


def main():
    spark = session()
    spark.sparkContext.setLogLevel("ERROR")
    for test in (
        writes_and_reads_csv,
        writes_and_reads_parquet,
        overwrites_and_appends,
        refuses_to_write_over_what_is_there,
        reads_what_is_missing_as_missing,
    ):
        try:
            test(spark)
            print(f"\nPASS {test.__name__}", flush=True)
        except Exception as error:
            why = (str(error) or repr(error)).splitlines()[0]
            print(f"\nFAIL {test.__name__}: {why}", flush=True)
    spark.stop()


main()
