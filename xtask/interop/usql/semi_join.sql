WITH a AS (
    SELECT id, name FROM customers c
    WHERE EXISTS (SELECT 1 FROM sales s WHERE s.quantity > 10 AND s.customer IS NOT DISTINCT FROM c.referrer))
SELECT * FROM a UNION ALL SELECT * FROM a WHERE id > 50
