SELECT date, station, minute, temperature FROM readings
WHERE date >= TIMESTAMP '2016-02-01' AND date < TIMESTAMP '2016-02-10' AND station = 2
