SELECT a.id, b.rows, p.category
FROM sales a
JOIN (SELECT product, discount, count(*) AS rows FROM sales GROUP BY product, discount) b
    ON a.product = b.product AND a.discount IS NOT DISTINCT FROM b.discount
LEFT JOIN products p ON b.product = p.code
