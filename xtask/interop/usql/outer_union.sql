SELECT id, quantity, product, NULL::INT FROM sales WHERE quantity > 17
UNION ALL SELECT id, 0, name, referrer FROM customers WHERE id < 20
