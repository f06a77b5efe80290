SELECT id, row_number() OVER (PARTITION BY product ORDER BY quantity DESC, id),
       rank() OVER (PARTITION BY product ORDER BY quantity DESC), dense_rank() OVER (PARTITION BY product ORDER BY quantity DESC)
FROM sales
