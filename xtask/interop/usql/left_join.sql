SELECT s.id, s.customer, c.name, c.credit, c.id FROM sales s LEFT JOIN customers c ON s.customer = c.id
