SELECT id, quantity, price * 1.5, 'P1:' || product
FROM sales
WHERE quantity BETWEEN 3 AND 12 AND sold >= TIMESTAMP '2015-06-01' AND starts_with(product, 'P1')
