-- ordered
SELECT s.note, s.discount, c.city, s.id FROM sales s, customers c WHERE c.id < 6 AND s.id < 300
ORDER BY c.city DESC NULLS LAST, s.note, s.discount DESC NULLS LAST, s.id
