SELECT date, station, count(*), sum(temperature), max(humidity) FROM readings GROUP BY date, station
