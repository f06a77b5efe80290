SELECT customer, product, count(*), sum(price) FROM sales GROUP BY customer, product HAVING count(*) > 1 AND sum(price) > 60
