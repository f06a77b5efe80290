(SELECT id, discount, price FROM sales ORDER BY discount ASC NULLS LAST, id DESC LIMIT 200 OFFSET 2600)
UNION ALL
(SELECT id, discount, price FROM sales ORDER BY discount DESC NULLS LAST, price, id LIMIT 250)
