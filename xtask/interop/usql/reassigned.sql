SELECT 'before', count(*) FROM sales WHERE quantity > 5 UNION ALL SELECT 'after', count(*) FROM sales WHERE quantity > 10
