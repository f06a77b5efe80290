SELECT s.id, p.name, p.category, s.quantity * 2 FROM sales s JOIN products p ON s.product = p.code WHERE s.quantity <> 3
