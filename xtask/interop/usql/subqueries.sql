SELECT t.label, count(*), sum(s.price)
FROM (SELECT product, price, quantity FROM sales WHERE quantity > 0) s
JOIN (VALUES ('P01', 'first'), ('P02', 'second'), ('P03', NULL), ('P99', 'none')) t(code, label) ON s.product = t.code
GROUP BY t.label
