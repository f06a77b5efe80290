SELECT id, quantity, product FROM sales WHERE quantity > 17 OR quantity < 0
