SELECT id, name FROM customers c WHERE NOT EXISTS (SELECT 1 FROM sales s WHERE s.quantity > 18 AND s.customer = c.id)
