SELECT customer, count(*) OVER (PARTITION BY customer), quantity FROM sales WHERE quantity > 9
