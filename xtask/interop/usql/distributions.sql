SELECT id, ntile(4) OVER (PARTITION BY product ORDER BY price, id), cume_dist() OVER (PARTITION BY product ORDER BY quantity),
       percent_rank() OVER (PARTITION BY product ORDER BY quantity)
FROM sales
