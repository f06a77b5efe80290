SELECT l.customer, l.rows, r.referrer, r.referred
FROM (SELECT customer, count(*) AS rows FROM sales GROUP BY customer) l
FULL JOIN (SELECT referrer, count(*) AS referred FROM customers GROUP BY referrer) r ON l.customer IS NOT DISTINCT FROM r.referrer
