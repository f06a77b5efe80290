SELECT s.id, s.customer, c.name, c.active FROM (SELECT * FROM sales WHERE quantity > 15) s RIGHT JOIN customers c ON s.customer = c.id
