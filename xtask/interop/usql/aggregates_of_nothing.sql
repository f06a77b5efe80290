SELECT count(*), sum(quantity), max(note) FROM sales WHERE quantity > 1000
UNION ALL SELECT count(*), sum(quantity), max(note) FROM sales WHERE quantity > 1000 GROUP BY product
UNION ALL SELECT count(discount), sum(discount::INT), max(product) FROM sales WHERE discount IS NULL
