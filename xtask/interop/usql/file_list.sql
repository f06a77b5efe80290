SELECT minute, temperature, humidity FROM readings
WHERE (date, station) IN ((TIMESTAMP '2016-01-05', 1), (TIMESTAMP '2016-02-05', 2), (TIMESTAMP '2016-03-05', 3))
