SELECT year(sold), month(sold), quantity % 2, count(*), min(price) FROM sales GROUP BY ALL
