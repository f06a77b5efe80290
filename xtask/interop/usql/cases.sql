SELECT id, CASE WHEN quantity < 0 THEN 'returned' WHEN quantity = 0 THEN 'nothing' ELSE 'sold' END,
       CASE product WHEN 'P01' THEN 1 WHEN 'P02' THEN 2 ELSE 0 END,
       CASE WHEN discount IS NULL THEN 'none' WHEN discount > 0.25 THEN 'high' ELSE 'low' END
FROM sales
