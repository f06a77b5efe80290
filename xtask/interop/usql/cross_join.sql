SELECT a.category, b.category, c.n
FROM (SELECT DISTINCT category FROM products) a, (SELECT DISTINCT category FROM products) b, (VALUES (1), (2)) c(n)
WHERE a.category IS DISTINCT FROM b.category
