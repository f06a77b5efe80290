SELECT id, year(sold)::INT, month(sold)::INT, day(sold)::INT, hour(sold)::INT, minute(sold)::INT, second(sold)::INT, dayofyear(sold)::INT,
       date_trunc('day', sold)::TIMESTAMP, sold + INTERVAL 10 DAY, sold + INTERVAL 1 MONTH, sold - INTERVAL 30 HOUR,
       strftime(sold, '%Y-%m-%d %H:%M:%S'), epoch(sold) - epoch(TIMESTAMP '2015-01-01'), sold > TIMESTAMP '2016-01-01'
FROM sales
