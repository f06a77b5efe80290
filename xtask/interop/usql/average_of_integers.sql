SELECT customer, trunc(sum(quantity) / count(quantity))::BIGINT, sum(quantity) / count(quantity)
FROM sales GROUP BY customer
