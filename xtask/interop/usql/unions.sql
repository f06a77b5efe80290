SELECT customer, 'a' FROM sales WHERE quantity > 12
UNION ALL SELECT referrer, 'b' FROM customers
UNION ALL (SELECT customer, 'c' FROM sales WHERE quantity > 12 UNION SELECT referrer, 'c' FROM customers)
