SELECT id, quantity, price * 2
FROM sales
WHERE product = 'P03' AND quantity >= 5 OR product = 'P07' AND quantity >= 18
