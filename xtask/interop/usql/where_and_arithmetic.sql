SELECT id, quantity * 3 - 1, quantity // 2, quantity % 3, -quantity, price * quantity, product
FROM sales
WHERE quantity > 2 AND price < 50 OR product = 'P07' AND NOT (quantity < 0)
