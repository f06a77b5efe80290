SELECT id, sum(quantity) OVER (PARTITION BY customer ORDER BY id ROWS UNBOUNDED PRECEDING),
       count(discount) OVER (PARTITION BY customer ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING),
       max(price) OVER (PARTITION BY product), count(*) OVER ()
FROM sales
