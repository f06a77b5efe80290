WITH busy AS (
    SELECT CAST(sold AS DATE) AS day, count(*) AS sales, sum(price) AS price
    FROM sales
    WHERE price > 20
    GROUP BY ALL
    HAVING count(*) > 3)
SELECT s.id, s.product, b.sales, b.price
FROM sales s
JOIN busy b ON CAST(s.sold AS DATE) = b.day
